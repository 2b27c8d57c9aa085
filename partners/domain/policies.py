"""Which promise applies: the most specific policy in force wins. What one says is only ever added to, by versions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from partners.domain.remembered import Remembered
from partners.models import PolicyVersion, ServicePolicy


def applying(
    *, partner_id: int, role_kind_id: int | None, interaction_type: str, priority: int, on: date
) -> PolicyVersion | None:
    """The promise for a matter, or None when nothing is promised; among equals the one that took effect last."""
    general = GENERAL.get(on)
    own: Iterable[PolicyVersion] = ()
    if partner_id in general.partners_with_own:
        own = in_force(on).filter(partner_id=partner_id)
    return most_specific(
        version
        for version in [*general.versions, *own]
        if version.role_kind_id in {None, role_kind_id}
        and version.interaction_type in {"", interaction_type}
        and version.priority in {None, priority}
    )


@dataclass(frozen=True, kw_only=True)
class General:
    """What is promised to everybody on a date, and which partners are promised something of their own."""

    versions: Sequence[PolicyVersion]
    partners_with_own: frozenset[int]


def general(on: date) -> General:
    partners = PolicyVersion.objects.in_force(on).exclude(partner=None).values_list("partner_id", flat=True).distinct()
    return General(
        versions=list(in_force(on).filter(partner=None)),
        partners_with_own=frozenset(number for number in partners if number is not None),
    )


GENERAL = Remembered(general)


def in_force(on: date) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.in_force(on).with_calendar_version().select_related("policy")


def applying_to_each(
    interaction_types: Collection[str], *, partner_id: int, role_kind_id: int | None, priority: int, on: date
) -> dict[str, PolicyVersion | None]:
    """What `applying` finds for each of several types, in one query."""
    candidates = list(
        in_force(on).filter(
            Q(partner_id=partner_id) | Q(partner=None),
            Q(role_kind_id=role_kind_id) | Q(role_kind=None) if role_kind_id else Q(role_kind=None),
            Q(interaction_type__in=interaction_types) | Q(interaction_type=""),
            Q(priority=priority) | Q(priority=None),
        )
    )
    return {
        type_: most_specific(version for version in candidates if version.interaction_type in {type_, ""})
        for type_ in interaction_types
    }


def most_specific(candidates: Iterable[PolicyVersion]) -> PolicyVersion | None:
    return max(candidates, key=lambda one: (one.specificity, one.effective_from, one.policy_id), default=None)


def newest(policy: ServicePolicy) -> PolicyVersion | None:
    return policy.versions.newest_first().first()


@transaction.atomic
def revise(policy: ServicePolicy, version: PolicyVersion) -> PolicyVersion:
    """Add what a policy says from now on as its next version; what was promised keeps the one it was promised by."""
    ServicePolicy.objects.select_for_update(no_key=True).get(pk=policy.pk)  # two never get one number
    before = newest(policy)
    version.policy = policy
    version.number = before.number + 1 if before is not None else 1
    version.save(force_insert=True)
    return version
