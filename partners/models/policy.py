from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import Priority
from partners.models.calendar import BusinessCalendar, CalendarVersion
from partners.models.partner import Partner
from partners.models.role_kind import RoleKind


class ServicePolicyQuerySet(models.QuerySet["ServicePolicy"]):
    def in_force(self, on: date) -> Self:
        return self.filter(models.Q(effective_until=None) | models.Q(effective_until__gte=on), effective_from__lte=on)

    def with_calendar_version(self) -> Self:
        """Annotate the id of the calendar's newest version, so that it needs no query of its own."""
        newest = CalendarVersion.objects.filter(calendar=models.OuterRef("calendar")).order_by("-number")
        return self.annotate(calendar_version=models.Subquery(newest.values("id")[:1]))


class ServicePolicy(models.Model):
    """What we promise, to whom, for what. Empty criteria match everything; the most specific policy wins.

    `interaction_type` is the code of a type: types live in the app above this one.
    """

    name = models.CharField(_("name"), max_length=100)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("partner")
    )
    role_kind = models.ForeignKey(
        RoleKind, on_delete=models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("role kind")
    )
    interaction_type = models.SlugField(_("interaction type"), max_length=60, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, null=True, blank=True)
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="policies")
    first_response = models.DurationField(_("first response within"), help_text=_("Business time, such as 4:00:00."))
    resolution = models.DurationField(_("resolution within"), help_text=_("Business time, such as 16:00:00."))
    silence_limit = models.DurationField(_("longest silence"), help_text=_("Business time without news to a side."))
    effective_from = models.DateField(_("effective from"))
    effective_until = models.DateField(_("effective until"), null=True, blank=True)

    objects = ServicePolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("service policy")
        verbose_name_plural = _("service policies")
        constraints = [
            models.CheckConstraint(
                name="policy_promises_some_time",
                condition=models.Q(
                    first_response__gt=timedelta(0),
                    silence_limit__gt=timedelta(0),
                    resolution__gte=models.F("first_response"),
                ),
                violation_error_message=_("Promise more than no time, and no resolution before the first response."),
            ),
            models.CheckConstraint(
                name="policy_ends_after_it_starts",
                condition=models.Q(effective_until=None) | models.Q(effective_until__gte=models.F("effective_from")),
                violation_error_message=_("A policy cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def specificity(self) -> int:
        """A partner outweighs a type, a type a role kind, a role kind a priority."""
        return (
            8 * (self.partner_id is not None)
            + 4 * bool(self.interaction_type)
            + 2 * (self.role_kind_id is not None)
            + (self.priority is not None)
        )
