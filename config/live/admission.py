"""Who may listen: the session in the cookie, as every page reads it; asking again while somebody listens."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from config.live.feed import EVERYTHING
from interactions.domain import paging
from interactions.models import Interaction
from partners.domain import access, assurance, fence
from partners.middleware import ROLE_KEY
from partners.models import RecordStream, User
from partners.payloads import Actor

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """Somebody who may listen to an interaction, and how long its record is."""

    actor: Actor
    length: int


def admit(cookies: str, number: int) -> Admitted | None:
    """Whoever is signed in and may work on the interaction; None for everybody else. The session is not used by it.

    EVERYTHING is for representatives; it has no record of its own, its length is the moment of the newest change.
    """
    with fence.standing_for(fence.ENTERPRISE):
        actor = actor_of(session_key(cookies))
        if number == EVERYTHING:
            return Admitted(actor=actor, length=newest_change()) if actor and actor.is_representative else None
        return listener(actor, number)


def listener(actor: Actor | None, number: int) -> Admitted | None:
    if actor is None or not actor.is_representative:
        return None
    found = Interaction.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        return None
    length = RecordStream.objects.filter(name=found.stream).values_list("length", flat=True).first()
    return Admitted(actor=actor, length=length or 0)


def newest_change() -> int:
    """When any interaction changed last, in microseconds since 1970: a list that was read before is behind."""
    newest = Interaction.objects.order_by("-updated_at", "-id").values_list("updated_at", flat=True).first()
    return (newest - paging.EPOCH) // paging.MICROSECOND if newest else 0


def session_key(cookies: str) -> str:
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def actor_of(key: str) -> Actor | None:
    """Who a session stands for now, unless its time is up or its role needs more."""
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User):
        return None
    now = timezone.now()
    proof = assurance.proof_of(request.session, at=now)
    if assurance.limit_reached(request.session, proof, at=now):
        return None
    acting = access.acting(user, chosen=request.session.get(ROLE_KEY), proof=proof)
    return acting.actor if acting.is_settled else None
