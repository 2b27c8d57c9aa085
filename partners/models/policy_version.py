from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import EscalationTarget, Priority
from partners.models.calendar import BusinessCalendar, CalendarVersion
from partners.models.partner import Partner
from partners.models.policy import ServicePolicy
from partners.models.role_kind import RoleKind

ZERO = timedelta(0)
MOST_SHARE = 1000  # ten times what was promised
MOST_SHARES = 10


def validate_escalation(told: object) -> None:
    """Raise ValidationError unless `told` is {audience: [per cent of a promise's time, rising]}."""
    if not isinstance(told, dict) or not set(told) <= set(EscalationTarget.values):
        raise ValidationError(
            _("Name who is told: %(targets)s."), params={"targets": ", ".join(EscalationTarget.values)}
        )
    for target, shares in told.items():
        if not isinstance(shares, list) or not all(type(share) is int and 1 <= share <= MOST_SHARE for share in shares):
            raise ValidationError(
                _("“%(target)s”: give whole per cent between 1 and %(most)d."),
                params={"target": EscalationTarget(target).label, "most": MOST_SHARE},
            )
        if shares != sorted(set(shares)) or len(shares) > MOST_SHARES:
            raise ValidationError(
                _("“%(target)s”: give at most %(most)d different per cents, the smallest first."),
                params={"target": EscalationTarget(target).label, "most": MOST_SHARES},
            )


def usual_escalation() -> dict[str, list[int]]:
    """Whom a promise of ours concerns at which per cent of its time."""
    return {"owner": [75, 100], "leads": [100, 150], "above": [200], "partner": [100], "partner_escalation": [150]}


def usual_reminders() -> dict[str, list[int]]:
    """Whom the answer that we wait for concerns at which per cent of its time."""
    return {"partner": [50, 100], "partner_escalation": [150], "owner": [100], "leads": [150]}


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def in_force(self, on: date) -> Self:
        """Of each policy the newest version that has taken effect, unless it has ended."""
        taken = PolicyVersion.objects.filter(policy=models.OuterRef("policy"), effective_from__lte=on)
        newest = models.Subquery(taken.order_by("-number").values("pk")[:1])
        return self.filter(models.Q(effective_until=None) | models.Q(effective_until__gte=on), pk=newest)

    def newest_first(self) -> Self:
        return self.order_by("policy_id", "-number")

    def with_calendar_version(self) -> Self:
        """Annotate the id of the calendar's newest version, so that it needs no query of its own."""
        newest = CalendarVersion.objects.filter(calendar=models.OuterRef("calendar")).order_by("-number")
        return self.annotate(calendar_version=models.Subquery(newest.values("id")[:1]))


class PolicyVersion(models.Model):
    """What a policy promises as of one edit. Empty criteria match everything; the most specific policy wins.

    Versions are added, never changed. `interaction_type` is the code of a type: types live in the app above this one.
    `escalation` and `reminders` are {audience: [per cent of the time, …]}; see `partners.domain.escalation`.
    """

    policy = models.ForeignKey(
        ServicePolicy, on_delete=models.CASCADE, related_name="versions", verbose_name=_("policy")
    )
    number = models.PositiveIntegerField(_("version"))
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("partner")
    )
    role_kind = models.ForeignKey(
        RoleKind, on_delete=models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("role kind")
    )
    interaction_type = models.SlugField(_("interaction type"), max_length=60, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, null=True, blank=True)
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="policies", verbose_name=_("calendar")
    )
    first_response = models.DurationField(_("first response within"), help_text=_("Business time, such as 4:00:00."))
    next_response = models.DurationField(
        _("each further response within"),
        null=True,
        blank=True,
        help_text=_("Business time after the partner said something; empty: nothing is promised."),
    )
    resolution = models.DurationField(_("resolution within"), help_text=_("Business time, such as 16:00:00."))
    silence_limit = models.DurationField(_("longest silence"), help_text=_("Business time without news to a side."))
    answer = models.DurationField(
        _("answer of the partner within"),
        null=True,
        blank=True,
        help_text=_("Business time, where we ask for something and name no date."),
    )
    escalation = models.JSONField(_("escalation"), default=usual_escalation, validators=[validate_escalation])
    reminders = models.JSONField(_("reminders"), default=usual_reminders, validators=[validate_escalation])
    effective_from = models.DateField(_("effective from"))
    effective_until = models.DateField(_("effective until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("created by"),
    )

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_policy_version_per_number"),
            models.CheckConstraint(
                name="version_promises_some_time",
                condition=models.Q(
                    models.Q(next_response=None) | models.Q(next_response__gt=ZERO),
                    models.Q(answer=None) | models.Q(answer__gt=ZERO),
                    first_response__gt=ZERO,
                    silence_limit__gt=ZERO,
                    resolution__gte=models.F("first_response"),
                ),
                violation_error_message=_("Promise more than no time, and no resolution before the first response."),
            ),
            models.CheckConstraint(
                name="version_ends_after_it_starts",
                condition=models.Q(effective_until=None) | models.Q(effective_until__gte=models.F("effective_from")),
                violation_error_message=_("A policy cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    @property
    def specificity(self) -> int:
        """A partner outweighs a type, a type a role kind, a role kind a priority."""
        return (
            8 * (self.partner_id is not None)
            + 4 * bool(self.interaction_type)
            + 2 * (self.role_kind_id is not None)
            + (self.priority is not None)
        )
