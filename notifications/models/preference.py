from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.enums import Medium, Pace, Topic


class Preference(models.Model):
    """How somebody wishes to hear of one topic over one medium; without a row it is at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("person")
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium, default=Medium.EMAIL)
    pace = models.CharField(_("how"), max_length=10, choices=Pace)

    class Meta:
        verbose_name = _("notification setting")
        verbose_name_plural = _("notification settings")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic", "medium"], name="one_pace_per_topic_and_medium"),
            models.CheckConstraint(name="security_is_told_at_once", condition=~models.Q(topic=Topic.SECURITY)),
            models.CheckConstraint(
                name="what_waits_is_told", condition=~models.Q(topic=Topic.YOUR_TURN, pace=Pace.OFF)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic}: {self.pace}"


class Rhythm(models.Model):
    """When somebody wishes to hear, by the clock of their own time zone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    daily_hour = models.PositiveSmallIntegerField(_("hour of the daily mail"), default=8)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("hours of notices")
        verbose_name_plural = _("hours of notices")
        constraints = [
            models.CheckConstraint(name="daily_hour_is_of_a_day", condition=models.Q(daily_hour__lte=23)),
            models.CheckConstraint(
                name="quiet_hours_begin_and_end",
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.daily_hour}:00"
