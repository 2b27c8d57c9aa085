from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.validators import validate_time_zone


class BusinessCalendar(models.Model):
    """When a promise is counted. Its hours live in versions, so that a change never moves what was already promised."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")

    def __str__(self) -> str:
        return self.name


class CalendarVersionQuerySet(models.QuerySet["CalendarVersion"]):
    def newest_first(self) -> Self:
        return self.order_by("calendar_id", "-number")


class CalendarVersion(models.Model):
    """The hours of a calendar as of one edit; versions are added, never changed."""

    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="versions", verbose_name=_("calendar")
    )
    number = models.PositiveIntegerField(_("version"))
    time_zone = models.CharField(_("time zone"), max_length=63, validators=[validate_time_zone])
    weekly_hours = models.JSONField(
        _("weekly hours"),
        help_text=_('Seven lists, Monday first, of frames such as [["09:00", "12:00"], ["13:00", "17:30"]].'),
    )
    country = models.CharField(_("country of the holidays"), max_length=2, blank=True)
    region = models.CharField(_("region of the holidays"), max_length=10, blank=True)
    closed_dates = models.JSONField(_("closed dates"), default=list, blank=True)
    open_dates = models.JSONField(_("open in spite of a holiday"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="one_calendar_version_per_number")]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"
