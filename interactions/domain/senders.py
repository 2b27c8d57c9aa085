"""Whom does this come from, or go to? Known by sign-in, by address, or met for the first time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from interactions.enums import Direction, Side
from interactions.errors import NotAccepted
from interactions.models import Interaction
from interactions.payloads import Intake
from partners.domain import contacts
from partners.domain.contacts import Known
from partners.domain.remembered import Remembered
from partners.enums import ActorKind, Channel, ContactMedium
from partners.models import Partner, PartnerRole, User
from partners.payloads import Actor

MEDIUM = {Channel.PHONE: ContactMedium.PHONE}


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The partner a matter is with, the role it is in, who speaks, and for which side."""

    partner: Partner
    actor: Actor
    side: Side
    role: PartnerRole | None = None
    person: User | None = None
    name: str = ""
    address: str = ""


def identify(intake: Intake, actor: Actor | None, *, at: datetime) -> Sender:
    """Who hands this in; raises NotAccepted when the partner or role named is not one the actor may speak for."""
    if actor is not None and (actor.is_representative or actor.kind == ActorKind.SYSTEM):
        return by_representative(intake, actor, at=at)
    if actor is not None and actor.partner_id is not None:
        return by_partner(intake, actor)
    return by_address(intake, at=at)


def by_representative(intake: Intake, actor: Actor, *, at: datetime) -> Sender:
    """Somebody of ours, or the system itself, logs a call or raises something: the partner is chosen or recognised."""
    known = None
    if intake.sender:
        known = contacts.recognise(MEDIUM.get(intake.channel, ContactMedium.EMAIL), intake.sender, at=at)
    partner = Partner.objects.filter(pk=intake.partner_id).first() if intake.partner_id else None
    if partner is None and intake.partner_id is not None:
        raise NotAccepted("partner", _("There is no such partner."))
    if partner is None and (found := known or replying(intake)):
        partner = found.partner
    if partner is None:
        if intake.direction == Direction.OUTBOUND or not (intake.sender or intake.sender_name):
            raise NotAccepted("partner", _("Choose the partner."))
        medium = MEDIUM.get(intake.channel, ContactMedium.EMAIL)
        partner = contacts.meet(medium, intake.sender, name=intake.sender_name, at=at).partner
    is_person_known = known is not None and known.partner.pk == partner.pk
    return Sender(
        partner=partner,
        actor=actor,
        side=Side.ENTERPRISE if intake.direction == Direction.OUTBOUND else Side.PARTNER,
        role=role_of(partner, intake.role_id, at=at),
        person=known.user if known and is_person_known else None,
        name=intake.sender_name or (known.name if known and is_person_known else ""),
        address=intake.sender,
    )


def role_with_partner(role_id: int) -> PartnerRole | None:
    return PartnerRole.objects.select_related("kind", "partner").filter(pk=role_id).first()


ROLES = Remembered(role_with_partner)  # whether a role is in force, the door has just asked


def by_partner(intake: Intake, actor: Actor) -> Sender:
    """A signed-in person or machine speaks for its own partner, in the role it acts in."""
    if intake.partner_id not in {None, actor.partner_id}:
        raise NotAccepted("relatedParty", _("You cannot speak for another partner."))
    if intake.role_id not in {None, actor.role_id}:
        raise NotAccepted("role", _("This is not the role you act in."))
    refuse_outbound(intake)
    role = ROLES.get(actor.role_id or 0)
    partner = role.partner if role is not None else Partner.objects.get(pk=actor.partner_id or 0)
    if partner.pk != actor.partner_id:
        raise NotAccepted("role", _("This role is not one that the partner plays now."))
    person = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    return Sender(
        partner=partner,
        actor=actor,
        side=Side.PARTNER,
        role=role,
        person=person,
        name=actor.label,
        address=intake.sender,
    )


def by_address(intake: Intake, *, at: datetime) -> Sender:
    """Nobody is signed in: the address tells, or we meet a potential partner."""
    refuse_outbound(intake)
    medium = MEDIUM.get(intake.channel, ContactMedium.EMAIL)
    known = (
        contacts.recognise(medium, intake.sender, at=at)
        or replying(intake)
        or contacts.meet(medium, intake.sender, name=intake.sender_name, at=at)
    )
    actor = Actor(
        kind=ActorKind.PARTNER if known.user else ActorKind.UNKNOWN,
        user_id=known.user.pk if known.user else None,
        label=known.name or intake.sender_name or intake.sender,
        partner_id=known.partner.pk,
    )
    return Sender(
        partner=known.partner,
        actor=actor,
        side=Side.PARTNER,
        role=role_of(known.partner, intake.role_id, at=at),
        person=known.user,
        name=known.name or intake.sender_name,
        address=intake.sender,
    )


def replying(intake: Intake) -> Known | None:
    """Somebody unknown whose answer the channel has proven: no potential partner, but one more voice of this one."""
    answered = Interaction.objects.select_related("partner").filter(pk=intake.reply_to or 0).first()
    return Known(partner=answered.partner, user=None, name=intake.sender_name) if answered else None


def refuse_outbound(intake: Intake) -> None:
    """Only a representative, or the system itself, speaks for the enterprise."""
    if intake.direction == Direction.OUTBOUND:
        raise NotAccepted("direction", _("Only the enterprise raises something outbound."))


def role_of(partner: Partner, role_id: int | None, *, at: datetime) -> PartnerRole | None:
    """The role named, or the only one in force; raises NotAccepted when the named one is not the partner's."""
    roles = PartnerRole.objects.in_force(at.date()).filter(partner=partner).select_related("kind")
    if role_id is not None:
        role = roles.filter(pk=role_id).first()
        if role is None:
            raise NotAccepted("role", _("This role is not one that the partner plays now."))
        return role
    found = list(roles[:2])
    return found[0] if len(found) == 1 else None
