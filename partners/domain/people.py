"""The people of a partner: which roles they have, who administers them, who is blocked or removed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from partners.domain import perimeter, record
from partners.enums import PartnerEvent
from partners.errors import BlockedByEnterprise, LastAdministrator, NotTheirs, OwnPlace
from partners.models import Membership, Partner, PartnerRole, User
from partners.payloads import Actor, Fact

MOST_TITLE = 100


@transaction.atomic
def give_role(membership: Membership, role: PartnerRole, *, actor: Actor, at: datetime) -> None:
    """Let a person act in one more role; safe to repeat. Raises RoleNotGrantable and NotTheirs."""
    membership = lock(membership, at=at)
    perimeter.check([role], membership.partner, actor, on=at.date())
    if not membership.roles.filter(pk=role.pk).exists():
        membership.roles.add(role)
        record.append(told(membership, PartnerEvent.ROLE_GIVEN, actor=actor, at=at, role=role.pk, kind=role.kind.code))


@transaction.atomic
def take_role(membership: Membership, role: PartnerRole, *, actor: Actor, at: datetime) -> None:
    """End a person's acting in a role; safe to repeat. Raises RoleNotGrantable and NotTheirs."""
    membership = lock(membership, at=at)
    perimeter.check([role], membership.partner, actor, on=at.date())
    if membership.roles.filter(pk=role.pk).exists():
        membership.roles.remove(role)
        record.append(told(membership, PartnerEvent.ROLE_TAKEN, actor=actor, at=at, role=role.pk, kind=role.kind.code))


@transaction.atomic
def retitle(membership: Membership, title: str, *, actor: Actor, at: datetime) -> None:
    """Raises NotTheirs."""
    membership = lock(membership, at=at)
    if membership.title != title:
        membership.title = title[:MOST_TITLE]
        membership.save(update_fields=["title"])
        record.append(told(membership, PartnerEvent.CHANGED, actor=actor, at=at, texts={"title": title}))


@transaction.atomic
def name_administrator(membership: Membership, *, actor: Actor, at: datetime) -> None:
    """Let a person administer the partner's people and keys; safe to repeat. Raises NotTheirs."""
    membership = lock(membership, at=at)
    if not membership.is_administrator:
        membership.is_administrator = True
        membership.save(update_fields=["is_administrator"])
        record.append(told(membership, PartnerEvent.ADMINISTRATOR_NAMED, actor=actor, at=at))


@transaction.atomic
def dismiss_administrator(membership: Membership, *, actor: Actor, at: datetime) -> None:
    """The person keeps its roles and administers no more; safe to repeat. Raises LastAdministrator and NotTheirs."""
    membership = lock(membership, at=at)
    if membership.is_administrator:
        refuse_last(membership, at=at)
        membership.is_administrator = False
        membership.save(update_fields=["is_administrator"])
        record.append(told(membership, PartnerEvent.ADMINISTRATOR_DISMISSED, actor=actor, at=at))


@transaction.atomic
def block(membership: Membership, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Shut a person out from the next request on; what it may do elsewhere is untouched. Safe to repeat.

    The enterprise's block takes the place of the partner's own, which its administrators could lift.
    Raises LastAdministrator, OwnPlace and NotTheirs.
    """
    membership = lock(membership, at=at)
    refuse_own(membership, actor)
    if membership.blocked_at is None:
        refuse_last(membership, at=at)
    elif not perimeter.can_block(membership, actor):
        return
    set_block(membership, at=at, by=actor)
    record.append(told(membership, PartnerEvent.BLOCKED, actor=actor, at=at, texts={"reason": reason}))


def unblock(membership: Membership, *, actor: Actor, at: datetime) -> None:
    """Safe to repeat. Raises NotTheirs, and BlockedByEnterprise, which stays on the record."""
    with transaction.atomic():
        membership = lock(membership, at=at)
        if membership.blocked_at is None:
            return
        if may_lift := perimeter.can_unblock(membership, actor):
            set_block(membership, at=None)
        event = PartnerEvent.UNBLOCKED if may_lift else PartnerEvent.UNBLOCKING_REFUSED
        record.append(told(membership, event, actor=actor, at=at))
    if not may_lift:
        raise BlockedByEnterprise


@transaction.atomic
def remove(membership: Membership, *, actor: Actor, at: datetime) -> None:
    """End a person's place at the partner, until it is invited again.

    Raises LastAdministrator, OwnPlace and NotTheirs.
    """
    membership = lock(membership, at=at)
    refuse_own(membership, actor)
    refuse_last(membership, at=at)
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    record.append(told(membership, PartnerEvent.REMOVED, actor=actor, at=at))


def lock(membership: Membership, *, at: datetime) -> Membership:
    """The membership as it is now, with its partner held first: whoever changes its people does so one by one."""
    partner = Partner.objects.select_for_update(no_key=True).get(pk=membership.partner_id)
    held = Membership.objects.select_for_update(of=("self",)).select_related("user").filter(pk=membership.pk)
    found = held.current(at.date()).first()
    if found is None:
        raise NotTheirs
    found.partner = partner
    return found


def set_block(membership: Membership, *, at: datetime | None, by: Actor | None = None) -> None:
    membership.blocked_at, membership.blocked_by_id = at, by.user_id if by else None
    membership.is_blocked_by_enterprise = by is not None and not by.is_partner_side
    membership.save(update_fields=["blocked_at", "blocked_by", "is_blocked_by_enterprise"])


def refuse_last(membership: Membership, *, at: datetime) -> None:
    """The partner is held. A place that administers nothing now may go."""
    acting = Membership.objects.in_force(at.date()).filter(partner=membership.partner_id, is_administrator=True)
    if membership.is_administrator and membership.blocked_at is None and not acting.exclude(pk=membership.pk).exists():
        raise LastAdministrator


def refuse_to_deactivate(user: User, *, at: datetime) -> None:
    """Holds the partners that somebody administers until the transaction ends; raises LastAdministrator."""
    day = at.date()
    acting = Membership.objects.in_force(day).filter(is_administrator=True)
    ids = sorted(acting.filter(user=user).values_list("partner_id", flat=True))
    for partner in Partner.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"):
        if not acting.filter(partner=partner).exclude(user=user).exists():
            raise LastAdministrator(partner.name)


def refuse_own(membership: Membership, actor: Actor) -> None:
    if membership.user_id == actor.user_id:
        raise OwnPlace


def told(
    membership: Membership,
    event: PartnerEvent,
    *,
    actor: Actor,
    at: datetime,
    texts: dict[str, str] | None = None,
    **known: Any,
) -> Fact:
    """A fact about one of a partner's people, for the partner's own stream."""
    return Fact(
        stream=membership.partner.stream,
        event=event,
        actor=actor,
        at=at,
        partner_id=membership.partner_id,
        facts={"membership": membership.pk, "user": membership.user_id, **known},
        texts={"name": membership.user.name, **(texts or {})},
        quiet=True,
    )
