"""Who is away, and who stands in: a substitute acts for the absent person, and the record says "B for A"."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from partners.domain import record
from partners.errors import NotSubstitute, SubstituteUnfit
from partners.models import Absence, Membership, User
from partners.payloads import Actor, Fact


@transaction.atomic
def announce(
    user: User, *, first_date: date, last_date: date, substitute: User | None, actor: Actor, at: datetime
) -> Absence:
    """Note that somebody is away on these dates. Raises SubstituteUnfit, and ValidationError for dates that
    do not fit.
    """
    if substitute is not None and not can_stand_in(substitute, user, on=first_date):
        raise SubstituteUnfit(substitute.name, user.name)
    absence = Absence(user=user, substitute=substitute, first_date=first_date, last_date=last_date)
    absence.full_clean()
    absence.save(force_insert=True)
    record.append(told(absence, "absence.announced", actor=actor, at=at))
    return absence


@transaction.atomic
def withdraw(absence: Absence, *, actor: Actor, at: datetime) -> None:
    """The person is there after all; the record keeps what was announced."""
    record.append(told(absence, "absence.withdrawn", actor=actor, at=at))
    absence.delete()


def can_stand_in(substitute: User, user: User, *, on: date) -> bool:
    """Somebody of the same side: both representatives, or both acting for one partner."""
    if not substitute.is_active or substitute.is_representative != user.is_representative:
        return False
    if user.is_representative:
        return True
    theirs = Membership.objects.in_force(on).filter(user=user).values("partner")
    return Membership.objects.in_force(on).filter(user=substitute, partner__in=theirs).exists()


def away(on: date) -> set[int]:
    """The ids of everybody who is absent on a date."""
    return set(Absence.objects.on(on).values_list("user_id", flat=True))


def stood_in_for(user_id: int, *, on: date) -> list[User]:
    """The absent people for whom somebody stands in on a date; a substitute who is away stands in for nobody."""
    touched = Absence.objects.on(on).filter(Q(user_id=user_id) | Q(substitute_id=user_id)).select_related("user")
    found = list(touched)
    if any(absence.user_id == user_id for absence in found):
        return []
    return sorted({absence.user for absence in found}, key=lambda user: user.name)


def on_behalf(actor: Actor, owner_id: int | None, *, on: date) -> Actor:
    """The actor, for the owner of what is worked on where that one is away and the actor stands in."""
    if owner_id is None or owner_id == actor.user_id:
        return actor
    try:
        return acting_for(actor, owner_id, on=on)
    except NotSubstitute:
        return actor


def acting_for(actor: Actor, absent_id: int, *, on: date) -> Actor:
    """The actor as the record names who acts for somebody else: "B for A". Raises NotSubstitute."""
    if actor.user_id is None or absent_id not in {user.pk for user in stood_in_for(actor.user_id, on=on)}:
        raise NotSubstitute
    return replace(actor, behalf_of_id=absent_id)


def told(absence: Absence, event: str, *, actor: Actor, at: datetime) -> Fact:
    """Who is away is the business of their own side: a partner's on its stream, ours on the installation's."""
    return Fact(
        stream=f"partner:{actor.partner_id}" if actor.partner_id else record.INSTALLATION,
        event=event,
        actor=actor,
        at=at,
        partner_id=actor.partner_id,
        facts={
            "user": absence.user_id,
            "substitute": absence.substitute_id,
            "first_date": absence.first_date.isoformat(),
            "last_date": absence.last_date.isoformat(),
        },
        quiet=True,
    )
