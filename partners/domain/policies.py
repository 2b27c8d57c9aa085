"""Which promise applies: the most specific policy in force wins."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from partners.domain.remembered import Remembered
from partners.models import ServicePolicy


def applying(
    *, partner_id: int, role_kind_id: int | None, interaction_type: str, priority: int, on: date
) -> ServicePolicy | None:
    """The policy for a matter, or None when nothing is promised; among equals the one that took effect last."""
    general = GENERAL.get(on)
    own: Iterable[ServicePolicy] = ()
    if partner_id in general.partners_with_own:
        own = ServicePolicy.objects.in_force(on).with_calendar_version().filter(partner_id=partner_id)
    return most_specific(
        policy
        for policy in [*general.policies, *own]
        if policy.role_kind_id in {None, role_kind_id}
        and policy.interaction_type in {"", interaction_type}
        and policy.priority in {None, priority}
    )


@dataclass(frozen=True, kw_only=True)
class General:
    """What is promised to everybody on a date, and which partners are promised something of their own."""

    policies: Sequence[ServicePolicy]
    partners_with_own: frozenset[int]


def general(on: date) -> General:
    in_force = ServicePolicy.objects.in_force(on)
    partners = in_force.exclude(partner=None).values_list("partner_id", flat=True).distinct()
    return General(
        policies=list(in_force.filter(partner=None).with_calendar_version()),
        partners_with_own=frozenset(number for number in partners if number is not None),
    )


GENERAL = Remembered(general)


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
