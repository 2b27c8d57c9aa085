"""Where somebody is signed in: in which browser, from where, since when, when it was last used; each can be ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from partners.domain import assurance, fence, sign_ins
from partners.domain.assurance import Proof
from partners.enums import AccessEvent
from partners.models import User
from partners.payloads import Actor


@dataclass(frozen=True, kw_only=True)
class Place:
    """One browser in which somebody is signed in."""

    id: int
    key: str
    address: str
    agent: str
    since: datetime
    seen_at: datetime
    proof: Proof


def of(user: User, *, at: datetime) -> list[Place]:
    """Every session that is still open, the one that was used last first."""
    open_ones = UserSession.objects.purge_and_list(user)
    found = [place_of(session, kept_in(session), at=at) for session in open_ones]
    return sorted(found, key=lambda place: place.seen_at, reverse=True)


@transaction.atomic
def end(user: User, session_id: int, *, actor: Actor, at: datetime) -> bool:
    """End one session of somebody's own; False when it is over, or another's."""
    return bool(end_those(user, lambda session: session.pk == session_id, actor=actor, at=at))


@transaction.atomic
def end_others(user: User, *, kept: str, actor: Actor, at: datetime) -> int:
    """End all of somebody's own sessions but the one with this key; how many there were."""
    return end_those(user, lambda session: session.session_key != kept, actor=actor, at=at)


@fence.standing_for(fence.ENTERPRISE)  # whoever ends them is not whose they are
@transaction.atomic
def end_opened_by(user: User, sign_on_id: int, *, actor: Actor, at: datetime) -> int:
    """End what a company's sign-in opened for somebody; how many there were."""

    def is_opened_by(session: UserSession) -> bool:
        return assurance.proof_of(kept_in(session), at=at).sign_on == sign_on_id

    return end_those(user, is_opened_by, actor=actor, at=at)


def end_those(user: User, is_meant: Callable[[UserSession], bool], *, actor: Actor, at: datetime) -> int:
    meant = [session for session in UserSession.objects.select_for_update().filter(user=user) if is_meant(session)]
    for session in meant:
        session.end()
    if meant:
        sign_ins.tell(user, AccessEvent.ENDED, actor=actor, at=at, sessions=len(meant))
    return len(meant)


def kept_in(session: UserSession) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = SessionStore(session.session_key).load()
    return kept


def place_of(session: UserSession, kept: Mapping[str, Any], *, at: datetime) -> Place:
    proof = assurance.proof_of(kept, at=at)
    seen = kept.get(assurance.SEEN_KEY)
    return Place(
        id=session.pk,
        key=session.session_key,
        address=session.ip,
        agent=session.user_agent,
        since=proof.began_at or session.created_at,
        seen_at=datetime.fromtimestamp(seen, UTC) if isinstance(seen, int | float) else session.last_seen_at,
        proof=proof,
    )
