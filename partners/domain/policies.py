"""Which promise applies: the most specific policy in force wins."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from partners.models import ServicePolicy


def applying(
    *, partner_id: int, role_kind_id: int | None, interaction_type: str, priority: int, on: date
) -> ServicePolicy | None:
    """The policy for a matter, or None when nothing is promised; among equals the one that took effect last."""
    candidates = (
        ServicePolicy.objects.in_force(on)
        .with_calendar_version()
        .filter(
            Q(partner_id=partner_id) | Q(partner=None),
            Q(role_kind_id=role_kind_id) | Q(role_kind=None) if role_kind_id else Q(role_kind=None),
            Q(interaction_type=interaction_type) | Q(interaction_type=""),
            Q(priority=priority) | Q(priority=None),
        )
    )
    return most_specific(candidates)


def applying_to_each(
    interaction_types: Collection[str], *, partner_id: int, role_kind_id: int | None, priority: int, on: date
) -> dict[str, ServicePolicy | None]:
    """What `applying` finds for each of several types, in one query."""
    candidates = list(
        ServicePolicy.objects.in_force(on)
        .with_calendar_version()
        .filter(
            Q(partner_id=partner_id) | Q(partner=None),
            Q(role_kind_id=role_kind_id) | Q(role_kind=None) if role_kind_id else Q(role_kind=None),
            Q(interaction_type__in=interaction_types) | Q(interaction_type=""),
            Q(priority=priority) | Q(priority=None),
        )
    )
    return {
        type_: most_specific(policy for policy in candidates if policy.interaction_type in {type_, ""})
        for type_ in interaction_types
    }


def most_specific(candidates: Iterable[ServicePolicy]) -> ServicePolicy | None:
    return max(candidates, key=lambda policy: (policy.specificity, policy.effective_from, policy.pk), default=None)
