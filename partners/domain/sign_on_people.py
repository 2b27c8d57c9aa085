"""Whom a company's own sign-in lets in: its people, in the roles it names, and never anybody else's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from partners.domain import people, record, sessions
from partners.enums import PartnerEvent, PartnerStatus, SignOnRefusal
from partners.models import (
    Membership,
    Partner,
    PartnerRole,
    SignOnIdentity,
    SingleSignOn,
    User,
)
from partners.payloads import NOBODY, SYSTEM, Actor, Fact
from partners.transports.identities import Identity

LONGEST_NAME = 150


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """A person of the partner, with the place they act from and a role that the provider named, if it names any."""

    membership: Membership
    role: PartnerRole | None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Nobody gets in; the reason is on the record and may be told."""

    reason: SignOnRefusal


@transaction.atomic
def admit(sign_on: SingleSignOn, identity: Identity, *, at: datetime) -> Admitted | Refused:
    """Find or make the person whom the provider vouches for, with exactly the roles it names.

    A refusal is an answer and no exception, since it may take roles away, and is recorded. The partner is held, so
    that its people come in one by one.
    """
    partner = Partner.objects.select_for_update(no_key=True).get(pk=sign_on.partner_id)
    sign_on = SingleSignOn.objects.get(pk=sign_on.pk)
    sign_on.partner = partner
    found = judged(sign_on, identity, at=at)
    if isinstance(found, Refused):
        refuse(sign_on, found.reason, address=identity.email, at=at)
    return found


def foresee(sign_on: SingleSignOn, identity: Identity, *, at: datetime) -> Admitted | Refused:
    """What would happen if the sign-on were open; nothing of it does."""
    with transaction.atomic():
        tried = SingleSignOn.objects.select_related("partner").get(pk=sign_on.pk)
        tried.is_active = True
        found = judged(tried, identity, at=at)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def unlink(identity: SignOnIdentity, *, actor: Actor, at: datetime) -> None:
    """Forget by which name the provider knows a person, and end what it opened for them; safe to repeat.

    Whoever comes next with the person's address is linked anew.
    """
    held = SignOnIdentity.objects.select_for_update(of=("self",)).filter(pk=identity.pk)
    found = held.select_related("user", "sign_on__partner").first()
    if found is None:
        return
    sign_on = found.sign_on
    found.delete()
    record.append(
        Fact(
            stream=sign_on.partner.stream,
            event=PartnerEvent.SIGN_ON_UNLINKED,
            actor=actor,
            at=at,
            partner_id=sign_on.partner_id,
            facts={"single_sign_on": sign_on.pk, "user": found.user_id},
            texts={"name": found.user.name, "subject": found.subject},
            quiet=True,
        )
    )
    sessions.end_opened_by(found.user, sign_on.pk, actor=actor, at=at)


def judged(sign_on: SingleSignOn, identity: Identity, *, at: datetime) -> Admitted | Refused:
    if not sign_on.is_active or sign_on.partner.status != PartnerStatus.ACTIVE:
        return Refused(reason=SignOnRefusal.CLOSED)
    roles = meant(sign_on, identity.roles, at=at)
    known = sign_on.identities.select_related("user").filter(subject=identity.subject).first()
    user = known.user if known else None
    if user is None:
        distrust = distrusted(sign_on, identity)
        if distrust:
            return Refused(reason=distrust)
        user = User.objects.filter(email__iexact=identity.email).first()
        if user is None:
            return newcomer(sign_on, identity, roles, at=at)
    place = place_of(sign_on, user, at=at)
    if place is None:
        return Refused(reason=SignOnRefusal.NOT_INVITED)
    if known is None and sign_on.identities.filter(user=user).exists():
        return Refused(reason=SignOnRefusal.OTHER_PERSON)
    bring_into_step(place, sign_on, roles, at=at)
    if not roles and sign_on.meanings.exists():
        return Refused(reason=SignOnRefusal.NO_ROLE)
    link(sign_on, identity, place, at=at)
    return Admitted(membership=place, role=next(iter(roles), None))


def distrusted(sign_on: SingleSignOn, identity: Identity) -> SignOnRefusal | None:
    """Why the address that the provider names proves nothing; it counts only within domains that staff checked."""
    try:
        validate_email(identity.email)
    except ValidationError:
        return SignOnRefusal.NO_ADDRESS
    if domain_of(identity.email) not in sign_on.domains:
        return SignOnRefusal.FOREIGN_ADDRESS
    return SignOnRefusal.ADDRESS_NOT_VERIFIED if identity.is_address_verified is False else None


def place_of(sign_on: SingleSignOn, user: User, *, at: datetime) -> Membership | None:
    """The person's place at this very partner, if the provider may speak for them at all."""
    if user.is_representative or user.is_staff or user.is_superuser or not user.is_active:
        return None
    if domain_of(user.email) not in sign_on.domains:
        return None
    places = Membership.objects.in_force(at.date()).select_for_update(of=("self",)).select_related("user", "partner")
    return places.filter(user=user, partner=sign_on.partner_id).first()


def newcomer(
    sign_on: SingleSignOn, identity: Identity, roles: Collection[PartnerRole], *, at: datetime
) -> Admitted | Refused:
    """An account for somebody nobody here knows, where the partner wants that and names a role for them."""
    if not sign_on.creates_people:
        return Refused(reason=SignOnRefusal.NOT_INVITED)
    if not roles:
        return Refused(reason=SignOnRefusal.NO_ROLE)
    partner = sign_on.partner
    email = identity.email.lower()
    name = (identity.name or email.partition("@")[0])[:LONGEST_NAME]
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=name, time_zone=partner.time_zone, language=partner.language)
    except IntegrityError:  # somebody made it meanwhile: the next try finds it
        return Refused(reason=SignOnRefusal.NOT_INVITED)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    place = Membership.objects.create(user=user, partner=partner, valid_from=at.date())
    place.roles.set(roles)
    record.append(told(place, PartnerEvent.SIGN_ON_JOINED, sign_on, at=at, roles=keys(roles)))
    link(sign_on, identity, place, at=at)
    return Admitted(membership=place, role=next(iter(roles)))


def meant(sign_on: SingleSignOn, values: Collection[str], *, at: datetime) -> list[PartnerRole]:
    """The partner's roles in force that the provider's words stand for; words that stand for nothing give nothing."""
    kinds = sign_on.meanings.filter(value__in=list(values)).values("role_kind")
    in_force = PartnerRole.objects.in_force(at.date()).filter(partner=sign_on.partner_id, kind__in=kinds)
    return list(in_force.select_related("kind").order_by("kind__name", "id"))


def bring_into_step(place: Membership, sign_on: SingleSignOn, roles: Collection[PartnerRole], *, at: datetime) -> None:
    """Of the kinds of role that the provider decides about, the person has those it names; others stay as they are."""
    decided = place.roles.filter(kind__in=sign_on.meanings.values("role_kind"))
    before, after = set(decided.values_list("pk", flat=True)), {role.pk for role in roles}
    if before == after:
        return
    place.roles.remove(*(before - after))
    place.roles.add(*(after - before))
    changed = {"given": sorted(after - before), "taken": sorted(before - after)}
    record.append(told(place, PartnerEvent.SIGN_ON_ROLES_CHANGED, sign_on, at=at, **changed))


def link(sign_on: SingleSignOn, identity: Identity, place: Membership, *, at: datetime) -> None:
    """Remember by which name the provider knows the person."""
    _identity, is_new = SignOnIdentity.objects.update_or_create(
        sign_on=sign_on,
        subject=identity.subject,
        defaults={"used_at": at},
        create_defaults={"used_at": at, "user": place.user},
    )
    if is_new:
        record.append(told(place, PartnerEvent.SIGN_ON_LINKED, sign_on, at=at))


def refuse(sign_on: SingleSignOn, reason: SignOnRefusal, *, at: datetime, address: str = "", why: str = "") -> None:
    """Put a refusal on the partner's timeline."""
    record.append(
        Fact(
            stream=sign_on.partner.stream,
            event=PartnerEvent.SIGN_ON_REFUSED,
            actor=NOBODY,
            at=at,
            partner_id=sign_on.partner_id,
            facts={"single_sign_on": sign_on.pk, "reason": reason},
            texts={"address": address[:254], "why": why[:300]},
            quiet=True,
        )
    )


def told(place: Membership, event: PartnerEvent, sign_on: SingleSignOn, *, at: datetime, **known: Any) -> Fact:
    return people.told(place, event, actor=SYSTEM, at=at, single_sign_on=sign_on.pk, **known)


def keys(roles: Collection[PartnerRole]) -> list[int]:
    return sorted(role.pk for role in roles)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()
