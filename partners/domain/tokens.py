"""A client buys a token with its secret: for an hour, for what its key and its role allow, and nothing more."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db import transaction

from partners.domain import proofs, uses
from partners.domain.digests import digest_of
from partners.errors import ClientRefused, ScopeBeyondRole


@dataclass(frozen=True, kw_only=True)
class Bought:
    """An access token, which is told this once and kept as a digest only."""

    value: str = field(repr=False)
    scopes: Collection[str]
    lives: timedelta


@transaction.atomic
def buy(identifier: str, secret: str, wanted: Collection[str], *, address: str | None, at: datetime) -> Bought:
    """A token for the scopes wanted, or for all that are to be had. Raises ClientRefused and ScopeBeyondRole."""
    grant = proofs.by_client_secret(identifier, secret, at=at)
    if grant is None:
        raise ClientRefused
    beyond = sorted(set(wanted) - grant.scopes)
    if beyond or not grant.scopes:
        raise ScopeBeyondRole(next(iter(beyond), ""))
    given, value = sorted(wanted or grant.scopes), secrets.token_urlsafe(48)
    lives = timedelta(seconds=settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN)
    token = Token(type=Token.Type.ACCESS_TOKEN, client_id=identifier, hash=digest_of(value), expires_at=at + lives)
    token.set_scopes(given)
    token.save(force_insert=True)
    uses.note(grant.credential_id, address=address, at=at)
    return Bought(value=value, scopes=given, lives=lives)


@transaction.atomic
def give_back(identifier: str, secret: str, value: str, *, at: datetime) -> None:
    """End a token early (RFC 7009); one that is unknown or another's is passed over. Raises ClientRefused."""
    if proofs.by_client_secret(identifier, secret, at=at) is None:
        raise ClientRefused
    Token.objects.filter(client_id=identifier, hash=digest_of(value)).delete()
