"""Who came in, who did not, and how: on the record of each partner the person acts for, else of the installation.

It is the enterprise that keeps this, whoever asks: somebody may act for several partners, or for none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction

from partners.domain import fence, record
from partners.domain.access import Acting
from partners.domain.assurance import Limit
from partners.enums import AccessEvent, ActorKind
from partners.models import Membership, Partner, User
from partners.payloads import NOBODY, Actor, Fact


@dataclass(frozen=True, kw_only=True)
class Browser:
    """Where somebody tried to come in from; personal texts on the record."""

    address: str = ""
    agent: str = ""

    @property
    def texts(self) -> dict[str, str]:
        return {"address": self.address, "browser": self.agent}


NOWHERE = Browser()


@transaction.atomic
def signed_in(user: User, acting: Acting, *, browser: Browser, at: datetime) -> None:
    """Somebody is in; whether it does for a role is told with it."""
    kinds = sorted(acting.proof.kinds)
    tell(user, AccessEvent.SIGNED_IN, actor=acting.actor, browser=browser, at=at, credentials=kinds)
    if acting.shortfall is not None:
        refused(acting, at=at)


@fence.standing_for(fence.ENTERPRISE)
def refused(acting: Acting, *, at: datetime) -> None:
    """The sign-in does not do for the role that is wanted."""
    shortfall, membership = acting.shortfall, acting.membership
    if shortfall is None:
        return
    fact = Fact(
        stream=membership.partner.stream if membership else record.INSTALLATION,
        event=AccessEvent.REFUSED,
        actor=acting.actor,
        at=at,
        partner_id=membership.partner_id if membership else None,
        facts={"role": acting.role.pk if acting.role else None, "missing": shortfall.codes},
        quiet=True,
    )
    record.append(fact)


@fence.standing_for(fence.ENTERPRISE)
def failed(user: User | None, tried: str, *, method: str, browser: Browser, at: datetime) -> None:
    """Somebody, perhaps not the owner of the account, did not get in; an unknown address is kept as a sealed text."""
    if user is None:
        texts = {"tried": tried, **browser.texts}
        record.append(installation(AccessEvent.FAILED, actor=NOBODY, at=at, texts=texts, facts={"method": method}))
        return
    tell(user, AccessEvent.FAILED, actor=NOBODY, browser=browser, at=at, method=method)


def ran_out(user: User, acting: Acting, limit: Limit, *, at: datetime) -> None:
    tell(user, AccessEvent.RAN_OUT, actor=acting.actor, at=at, limit=limit.value)


@fence.standing_for(fence.ENTERPRISE)
@transaction.atomic
def end_sessions(user: User, *, actor: Actor, at: datetime) -> int:
    """Sign somebody out wherever they are signed in; returns of how many sessions."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    if sessions:
        tell(user, AccessEvent.ENDED, actor=actor, at=at, sessions=len(sessions))
    return len(sessions)


@transaction.atomic
def tell(
    user: User, event: AccessEvent, *, actor: Actor, at: datetime, browser: Browser = NOWHERE, **known: Any
) -> None:
    """Put what happened to somebody's way in on the streams it belongs on: each partner sees its own, and no other."""
    texts = {"name": user.name, **browser.texts}
    facts = {"user": user.pk, **known}
    partners = [] if user.is_representative else partners_of(user, at=at)
    if not partners:
        record.append(installation(event, actor=actor, at=at, texts=texts, facts=facts))
        return
    record.append_all(
        [
            Fact(
                stream=partner.stream,
                event=event,
                actor=seen_by(partner, actor),
                at=at,
                partner_id=partner.pk,
                facts=facts,
                texts=texts,
                quiet=True,
            )
            for partner in partners
        ]
    )


def partners_of(user: User, *, at: datetime) -> list[Partner]:
    memberships = Membership.objects.in_force(at.date()).filter(user=user).select_related("partner")
    return [membership.partner for membership in memberships.order_by("partner_id")]


def seen_by(partner: Partner, actor: Actor) -> Actor:
    """The same person without what it is to another partner."""
    if actor.partner_id in {None, partner.pk}:
        return actor
    return replace(actor, partner_id=None, role_id=None, role="")


def installation(
    event: AccessEvent, *, actor: Actor, at: datetime, texts: Mapping[str, str], facts: Mapping[str, Any]
) -> Fact:
    return Fact(stream=record.INSTALLATION, event=event, actor=actor, at=at, facts=facts, texts=texts, quiet=True)


@fence.standing_for(fence.ENTERPRISE)
def owner_of(address: str) -> User | None:
    """Whose account an address is."""
    return User.objects.filter(email__iexact=address.strip()).first() if "\x00" not in address else None


def as_person(user: User, level: int) -> Actor:
    """The person by itself, in no role."""
    kind = ActorKind.REPRESENTATIVE if user.is_representative else ActorKind.PARTNER
    return Actor(kind=kind, user_id=user.pk, label=user.name, level=level)
