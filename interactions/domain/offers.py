"""What a partner may raise, and when it would be answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.models import InteractionType, TypeVersion
from partners.domain import business_time, calendars, policies
from partners.domain.translations import translated
from partners.enums import Priority
from partners.models import PolicyVersion


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A type with our promise for it: the first answer `within` business time, which is `answer_by`.

    What a self-service answers is answered at once, and promises no time.
    """

    type: InteractionType
    is_at_once: bool = False
    within: timedelta | None = None
    answer_by: datetime | None = None


def offers(*, partner_id: int, role_kind_id: int | None, at: datetime, code: str = "") -> list[Offer]:
    """The types that partners may raise, or the one with this code, each with the promise of an ordinary request."""
    types = InteractionType.objects.raised_by_partners()
    if code:
        types = types.filter(code=code)
    found = sorted(types, key=lambda type_: (type_.vertical, translated(type_.name).casefold()))
    promised = policies.applying_to_each(
        [type_.code for type_ in found],
        partner_id=partner_id,
        role_kind_id=role_kind_id,
        priority=Priority.NORMAL,
        on=at.date(),
    )
    answering = dict(TypeVersion.objects.newest_first().distinct("type_id").values_list("type_id", "self_service"))
    return [
        Offer(type=type_, is_at_once=True) if answering.get(type_.pk) else offer(type_, promised[type_.code], at=at)
        for type_ in found
    ]


def offer(type_: InteractionType, policy: PolicyVersion | None, *, at: datetime) -> Offer:
    if policy is None:
        return Offer(type=type_)
    calendar = calendars.working(calendars.promised_on(policy))
    try:
        answer_by = business_time.due(at, policy.first_response, calendar)
    except business_time.NeverOpen:
        return Offer(type=type_)
    return Offer(type=type_, within=policy.first_response, answer_by=answer_by)
