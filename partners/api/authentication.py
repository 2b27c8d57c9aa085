"""Who calls: a machine with an access token or a device with its key. Sessions open no API."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.api.origin import address_of
from partners.domain import fence, proofs, uses
from partners.domain.proofs import Grant
from partners.payloads import NOBODY, Actor

MOST_CREDENTIAL = 500


class ApiRequest(Request):
    """A request as the API's views receive it, once a machine has proven itself."""

    actor: Actor
    auth: Grant


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Grant] | None:
        become(request, NOBODY)
        value = credential_in(request, "bearer")
        if value is None:
            return None
        grant = proofs.by_token(value, at=timezone.now())
        if grant is None:
            raise AuthenticationFailed("The access token is unknown, expired or revoked, or its role is not in force.")
        become(request, grant.actor)
        note_use(request, grant)
        return AnonymousUser(), grant

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="api"'


class DeviceAuthentication(BaseAuthentication):
    """`Authorization: Device <key>`, or `X-Device-Key: <key>`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Grant] | None:
        become(request, NOBODY)
        key = credential_in(request, "device") or request.META.get("HTTP_X_DEVICE_KEY")
        if key is None:
            return None
        grant = proofs.by_device_key(key[:MOST_CREDENTIAL], at=timezone.now()) if "\0" not in key else None
        if grant is None:
            raise AuthenticationFailed("The device key is unknown, expired or revoked, or its role is not in force.")
        become(request, grant.actor)
        note_use(request, grant)
        return AnonymousUser(), grant

    def authenticate_header(self, _request: Request) -> str:
        return 'Device realm="api"'


def credential_in(request: Request, scheme: str) -> str | None:
    """What follows the scheme in the Authorization header; None for another scheme or none."""
    told, _, value = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if told.lower() != scheme:
        return None
    value = value.strip()
    if not value or len(value) > MOST_CREDENTIAL or not value.isascii() or not value.isprintable():
        raise AuthenticationFailed("The Authorization header cannot be read.")
    return str(value)


def note_use(request: Request, grant: Grant) -> None:
    """Once a minute; what was read with the proof says whether it is time."""
    now = timezone.now()
    if uses.is_to_be_noted(grant.last_used_at, at=now):
        uses.note(grant.credential_id, address=address_of(request._request), at=now)


def become(request: Request, actor: Actor) -> None:
    """Say who acts, also to the database; whoever a session cookie names has no say here."""
    request._request.__dict__["actor"] = actor
    fence.turn_to(fence.side_of(actor))
