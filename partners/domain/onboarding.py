"""Somebody is invited to act for a partner, and comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from partners.domain import people, perimeter, record
from partners.domain.digests import digest_of
from partners.enums import ActorKind, PartnerEvent, PartnerStatus
from partners.errors import (
    AccountExists,
    AlreadyThere,
    BlockedByEnterprise,
    InvitationSpent,
    InvitedAsSomebodyElse,
    TooManyInvitations,
)
from partners.models import Invitation, Membership, Partner, PartnerRole, RecordEntry, User
from partners.payloads import Actor, Fact

VALID_FOR = timedelta(days=7)
MOST_NAME = 150
MOST_OPEN = 200
MOST_AN_HOUR = 50  # mails of one partner
MAILED = (PartnerEvent.INVITED, PartnerEvent.INVITED_AGAIN)


@transaction.atomic
def invite(
    partner: Partner,
    address: str,
    *,
    roles: Sequence[PartnerRole],
    name: str = "",
    title: str = "",
    language: str = "",
    is_administrator: bool = False,
    actor: Actor,
    at: datetime,
) -> Invitation:
    """Ask the person at an address to act for the partner; an invitation still open there is replaced.

    `name` and `language` are what the inviter thinks of somebody new; an account that is there keeps its own.
    Whether the address has an account makes no difference to anything that whoever invites can see.
    Raises AlreadyThere, BlockedByEnterprise, RoleNotGrantable and TooManyInvitations.
    """
    address = address.strip().lower()
    partner = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    perimeter.check(roles, partner, actor, on=at.date())
    refuse_member(partner, address, actor=actor, at=at)
    refuse_many(partner, at=at)
    invitation = partner.invitations.open().filter(address=address).first() or Invitation(
        partner=partner, address=address
    )
    event = PartnerEvent.INVITED_AGAIN if invitation.pk else PartnerEvent.INVITED
    invitation.title, invitation.is_administrator = title[: people.MOST_TITLE], is_administrator
    invitation.name, invitation.language = name[:MOST_NAME], language
    renew(invitation, actor=actor, at=at)
    invitation.roles.set(roles)
    record.append(told(invitation, event, actor=actor, at=at, roles=sorted(role.pk for role in roles)))
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """A new mail with a new token, valid as long as a new one; the old token is worth nothing any more.

    Whoever sends it again answers for it. Raises InvitationSpent, RoleNotGrantable and TooManyInvitations.
    """
    partner = Partner.objects.select_for_update(no_key=True).get(pk=invitation.partner_id)
    invitation = lock(invitation)
    perimeter.check(list(invitation.roles.all()), partner, actor, on=at.date())
    refuse_many(partner, at=at)
    renew(invitation, actor=actor, at=at)
    record.append(told(invitation, PartnerEvent.INVITED_AGAIN, actor=actor, at=at))
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: Actor, at: datetime) -> None:
    """Raises InvitationSpent when it was accepted meanwhile; safe to repeat otherwise."""
    held = Invitation.objects.select_for_update(of=("self",)).select_related("partner").get(pk=invitation.pk)
    if held.accepted_at is not None:
        raise InvitationSpent
    if held.withdrawn_at is None:
        held.withdrawn_at, held.next_at, held.token_digest = at, None, ""
        held.save(update_fields=["withdrawn_at", "next_at", "token_digest"])
        record.append(told(held, PartnerEvent.INVITATION_WITHDRAWN, actor=actor, at=at))


def behind(token: str, *, at: datetime) -> Invitation | None:
    """The invitation that a token opens now, or None, whatever the reason."""
    found = Invitation.objects.filter(token_digest=digest_of(token)).select_related("partner").first()
    return found if found is not None and is_usable(found, at=at) else None


def is_usable(invitation: Invitation, *, at: datetime) -> bool:
    """Open, in time, of a partner and roles in force, and still answered for by who may invite."""
    if not invitation.is_open or invitation.has_run_out(at):
        return False
    if invitation.partner.status not in {PartnerStatus.ACTIVE, PartnerStatus.PROSPECT}:
        return False
    has_roles = not invitation.roles.exists() or roles_in_force(invitation, at=at)
    return bool(has_roles) and is_answered_for(invitation, at=at)


def is_answered_for(invitation: Invitation, *, at: datetime) -> bool:
    """Whether who invited could still do so: one of ours, or an administrator of the partner."""
    inviter = invitation.invited_by
    if inviter is None or (inviter.is_representative and inviter.is_active):
        return True
    acting = Membership.objects.in_force(at.date()).filter(user=inviter, partner=invitation.partner_id)
    return acting.filter(is_administrator=True).exists()


def roles_in_force(invitation: Invitation, *, at: datetime) -> list[PartnerRole]:
    in_force = PartnerRole.objects.in_force(at.date()).filter(partner=invitation.partner_id)
    return list(in_force.filter(pk__in=invitation.roles.values("pk")))


@transaction.atomic
def register(invitation: Invitation, *, name: str, password: str, at: datetime) -> Membership:
    """Make an account for the invited address, which the token has proven, and accept. Raises AccountExists too."""
    partner = invitation.partner
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.address,
                password,
                name=name,
                time_zone=partner.time_zone,
                language=invitation.language or partner.language,
            )
    except IntegrityError as error:
        raise AccountExists from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept(invitation, user, at=at)


@transaction.atomic
def accept(invitation: Invitation, user: User, *, level: int = 0, at: datetime) -> Membership:
    """Let the invited person act for the partner, once. Raises InvitationSpent and InvitedAsSomebodyElse."""
    partner = Partner.objects.select_for_update(no_key=True).get(pk=invitation.partner_id)
    invitation = lock(invitation)
    if user.email.lower() != invitation.address or user.is_representative or not user.is_active:
        raise InvitedAsSomebodyElse
    if not is_usable(invitation, at=at):
        raise InvitationSpent
    membership = place_of(user, partner, invitation, at=at)
    membership.title = invitation.title or membership.title
    membership.is_administrator = membership.is_administrator or invitation.is_administrator
    membership.save()
    membership.roles.add(*roles_in_force(invitation, at=at))
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.next_at, invitation.token_digest = None, ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "next_at", "token_digest"])
    actor = Actor(kind=ActorKind.PARTNER, user_id=user.pk, label=user.name, partner_id=partner.pk, level=level)
    roles = sorted(membership.roles.values_list("pk", flat=True))
    joined = PartnerEvent.JOINED
    record.append(people.told(membership, joined, actor=actor, at=at, roles=roles, invitation=invitation.pk))
    return membership


def place_of(user: User, partner: Partner, invitation: Invitation, *, at: datetime) -> Membership:
    """A new place, or the one that ended begun anew, without what it was.

    A place that was blocked and did not end stays so, and one that ended does where the enterprise blocked it and
    somebody else invites.
    """
    place = Membership.objects.select_for_update(of=("self",)).filter(user=user, partner=partner).first()
    if place is None:
        return Membership(user=user, partner=partner, valid_from=at.date())
    has_ended = place.ended_at is not None or (place.valid_until is not None and place.valid_until < at.date())
    inviter = invitation.invited_by
    is_ours = inviter is None or inviter.is_representative
    if place.blocked_at is not None and (not has_ended or (place.is_blocked_by_enterprise and not is_ours)):
        raise InvitationSpent
    if has_ended:
        place.blocked_at, place.blocked_by, place.is_blocked_by_enterprise = None, None, False
        place.ended_at, place.valid_from, place.valid_until = None, at.date(), None
        place.is_administrator, place.title = False, ""
        place.roles.clear()
    place.partner = partner
    return place


def lock(invitation: Invitation) -> Invitation:
    """The invitation as it is now; raises InvitationSpent when it is no longer open."""
    held = Invitation.objects.select_for_update(of=("self",)).open().select_related("partner", "invited_by")
    found = held.filter(pk=invitation.pk).first()
    if found is None:
        raise InvitationSpent
    return found


def renew(invitation: Invitation, *, actor: Actor, at: datetime) -> None:
    """From now on it counts anew, and a mail is due at once."""
    invitation.invited_by_id, invitation.invited_at, invitation.expires_at = actor.user_id, at, at + VALID_FOR
    invitation.token_digest, invitation.attempts, invitation.error, invitation.sent_at = "", 0, "", None
    invitation.next_at = Now()
    invitation.save()
    invitation.refresh_from_db(fields=["next_at"])


def refuse_member(partner: Partner, address: str, *, actor: Actor, at: datetime) -> None:
    places = Membership.objects.filter(partner=partner, user__email=address)
    if actor.is_partner_side and places.filter(is_blocked_by_enterprise=True).exists():
        raise BlockedByEnterprise
    place = places.current(at.date()).first()
    if place is not None:
        raise AlreadyThere(is_blocked=place.blocked_at is not None)


def refuse_many(partner: Partner, *, at: datetime) -> None:
    """Nobody has us write to strangers without end. The partner is held, so nobody else counts beside us."""
    mails = RecordEntry.objects.filter(stream=partner.stream, event__in=MAILED, at__gt=at - timedelta(hours=1))
    if mails.count() >= MOST_AN_HOUR or partner.invitations.open().count() >= MOST_OPEN:
        raise TooManyInvitations


def told(invitation: Invitation, event: PartnerEvent, *, actor: Actor, at: datetime, **known: Any) -> Fact:
    return Fact(
        stream=invitation.partner.stream,
        event=event,
        actor=actor,
        at=at,
        partner_id=invitation.partner_id,
        facts={"invitation": invitation.pk, "administrator": invitation.is_administrator, **known},
        texts={"address": invitation.address, "name": invitation.name},
        quiet=True,
    )
