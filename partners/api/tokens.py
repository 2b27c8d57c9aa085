"""Where machines buy their tokens and give them back (RFC 6749 section 4.4, RFC 7009).

The library that answers here for everybody else knows one secret of a client and nothing of roles. Ours has two while
one is replaced, and ends with the role beneath it, so what belongs to our machines is answered here.
"""

import base64
import binascii
from typing import NamedTuple
from urllib.parse import unquote_plus

from allauth.idp.oidc.views import RevokeView, TokenView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import override

from partners.api import limits
from partners.api.errors import Problem
from partners.api.origin import address_of
from partners.domain import tokens
from partners.errors import ClientRefused, ScopeBeyondRole

GRANT = "client_credentials"
OURS = "client-"
MOST_SHOWN = 500


class Shown(NamedTuple):
    """What a client shows of itself."""

    identifier: str
    secret: str


class Tokens(TokenView):  # type: ignore[misc]  # allauth carries no types
    """`grant_type=client_credentials` is ours; every other grant is the library's."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("grant_type") != GRANT:
            return super().post(request)  # type: ignore[no-any-return]
        try:
            limits.check(request)
        except Problem as problem:
            return told({"error": "slow_down"}, status=problem.status, **problem.headers)
        if not all(is_ours(resource) for resource in request.POST.getlist("resource")):
            return told({"error": "invalid_target"}, status=400)
        shown = shown_in(request)
        try:
            bought = tokens.buy(
                shown.identifier,
                shown.secret,
                request.POST.get("scope", "").split(),
                address=address_of(request),
                at=timezone.now(),
            )
        except ClientRefused:
            return refused()
        except ScopeBeyondRole as beyond:
            return told({"error": "invalid_scope", "error_description": in_english(beyond)}, status=400)
        answer = {
            "access_token": bought.value,
            "token_type": "Bearer",
            "expires_in": int(bought.lives.total_seconds()),
            "scope": " ".join(bought.scopes),
        }
        return told(answer)


class Returns(RevokeView):  # type: ignore[misc]  # allauth carries no types
    """A client of ours gives a token back before its time."""

    def post(self, request: HttpRequest) -> HttpResponse:
        shown = shown_in(request)
        if not shown.identifier.startswith(OURS):
            return super().post(request)  # type: ignore[no-any-return]
        try:
            tokens.give_back(shown.identifier, shown.secret, request.POST.get("token", ""), at=timezone.now())
        except ClientRefused:
            return refused()
        return HttpResponse()


def is_ours(resource: str) -> bool:
    """A token may be asked for some resource (RFC 8707); it opens this installation and nothing else."""
    return resource.rstrip("/") == settings.BASE_URL or resource.startswith(f"{settings.BASE_URL}/")


def shown_in(request: HttpRequest) -> Shown:
    """`client_secret_basic`, or else `client_secret_post`; nothing where neither can be read."""
    scheme, _, value = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return bounded(request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return Shown("", "")
    return bounded(unquote_plus(name), unquote_plus(secret))


def bounded(identifier: str, secret: str) -> Shown:
    """What no client of ours is called is looked for nowhere."""
    is_plain = identifier.isascii() and identifier.isprintable() and len(identifier) <= MOST_SHOWN
    return Shown(identifier, secret) if is_plain and len(secret) <= MOST_SHOWN else Shown("", "")


def refused() -> HttpResponse:
    """One answer, whatever was wrong: nobody learns which clients there are."""
    answer = told({"error": "invalid_client"}, status=401)
    answer["WWW-Authenticate"] = 'Basic realm="tokens"'
    return answer


def told(content: dict[str, object], *, status: int = 200, **headers: str) -> HttpResponse:
    kept = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return JsonResponse(content, status=status, headers=kept | headers)


def in_english(failure: Exception) -> str:
    with override("en"):
        return str(failure)
