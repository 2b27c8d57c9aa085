"""A machine shows what it was given, a token or a device key: as whom may it act now?"""

import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from partners.domain import access, fence, scopes
from partners.domain.digests import digest_of
from partners.enums import ActorKind, AgreementStatus, AssuranceLevel, CredentialKind, PartnerStatus, RoleStatus
from partners.payloads import Actor

NO_DIGEST = "0" * 64

# one plain statement, since every request of a machine begins with it: the whole chain beneath a credential
COLUMNS = """
    SELECT credential.id, credential.identifier, credential.name, credential.scopes, credential.last_used_at,
    credential.secret_digest,
    CASE WHEN credential.previous_until > %(at)s THEN credential.previous_digest ELSE '' END,
    role.id, role.partner_id, kind.code, kind.permissions, kind.demands
"""
CREDENTIALS = """
    FROM partners_credential AS credential
    JOIN partners_partnerrole AS role ON role.id = credential.role_id
    JOIN partners_rolekind AS kind ON kind.id = role.kind_id
    JOIN partners_partner AS partner ON partner.id = role.partner_id
"""
IN_FORCE = """
    AND credential.kind = %(kind)s
    AND credential.revoked_at IS NULL AND (credential.expires_at IS NULL OR credential.expires_at > %(at)s)
    AND %(kind)s = ANY(kind.credential_kinds)
    AND role.status = %(active_role)s AND role.valid_from <= %(today)s
    AND (role.valid_until IS NULL OR role.valid_until >= %(today)s)
    AND partner.status = %(active_partner)s
    AND NOT coalesce((
        SELECT bool_or(agreement.status = %(ended)s OR agreement.valid_until < %(today)s)
            AND NOT bool_or(agreement.status = %(agreed)s AND agreement.valid_from <= %(today)s
                AND coalesce(agreement.valid_until >= %(today)s, true))
        FROM partners_agreement AS agreement WHERE agreement.role_id = role.id
    ), false)
"""
BY_SECRET = COLUMNS + ", ''" + CREDENTIALS + "WHERE credential.identifier = %(shown)s" + IN_FORCE
BY_TOKEN = (
    COLUMNS
    + ", token.scopes"
    + CREDENTIALS
    + """
    JOIN allauth_idp_oidc_token AS token ON token.client_id = credential.identifier
    WHERE token.hash = %(shown)s AND token.type = 'at' AND token.user_id IS NULL
    AND (token.expires_at IS NULL OR token.expires_at > %(at)s)
"""
    + IN_FORCE
)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a proven machine may do: as whom, and for which scopes; a device has none."""

    actor: Actor
    kind: CredentialKind
    credential_id: int
    scopes: frozenset[str] = frozenset()
    last_used_at: datetime | None = None


class Proven(NamedTuple):
    """A credential in force, as the database has it."""

    credential_id: int
    identifier: str
    name: str
    scopes: list[str]
    last_used_at: datetime | None
    secret_digest: str
    previous_digest: str
    role_id: int
    partner_id: int
    role: str
    permissions: list[str]
    demands: str
    token_scopes: str


def by_token(value: str, *, at: datetime) -> Grant | None:
    """What an access token of the client credentials grant opens, or None."""
    found = proven(BY_TOKEN, CredentialKind.CLIENT, digest_of(value), at=at)
    return granted(found, CredentialKind.CLIENT, frozenset(found.token_scopes.split())) if found else None


def by_client_secret(identifier: str, secret: str, *, at: datetime) -> Grant | None:
    """What a client may buy tokens for, or None."""
    return by_secret(CredentialKind.CLIENT, identifier, secret, at=at)


def by_device_key(key: str, *, at: datetime) -> Grant | None:
    """What a key `<identifier>.<secret>` opens, or None."""
    identifier, _, secret = key.partition(".")
    return by_secret(CredentialKind.DEVICE_KEY, identifier, secret, at=at)


def by_secret(kind: CredentialKind, identifier: str, secret: str, *, at: datetime) -> Grant | None:
    found = proven(BY_SECRET, kind, identifier, at=at)
    digest = digest_of(secret)
    # an unknown identifier costs the same as a wrong secret
    is_current = hmac.compare_digest(digest, (found.secret_digest if found else "") or NO_DIGEST)
    is_previous = hmac.compare_digest(digest, (found.previous_digest if found else "") or NO_DIGEST)
    if found is None or not (is_current or is_previous):
        return None
    return granted(found, kind, frozenset(found.scopes))


def proven(statement: str, kind: CredentialKind, shown: str, *, at: datetime) -> Proven | None:
    given: dict[str, str | date] = {
        "shown": shown,
        "kind": kind,
        "at": at,
        "today": at.date(),
        "active_role": RoleStatus.ACTIVE,
        "active_partner": PartnerStatus.ACTIVE,
        "agreed": AgreementStatus.IN_FORCE,
        "ended": AgreementStatus.ENDED,
    }
    with fence.standing_for(fence.ENTERPRISE), connection.cursor() as cursor:
        cursor.execute(statement, given)
        row = cursor.fetchone()
    return Proven(*row) if row else None


def granted(found: Proven, kind: CredentialKind, wanted: frozenset[str]) -> Grant:
    """Of the scopes wanted those that the key still has and that its role still reaches to."""
    actor = Actor(
        kind=ActorKind.MACHINE,
        label=found.name,
        partner_id=found.partner_id,
        role_id=found.role_id,
        role=found.role,
        level=AssuranceLevel.SINGLE,
        client_id=found.identifier,
        permissions=frozenset(found.permissions) - access.ADMINISTRATION,
        demands=json.loads(found.demands),
    )
    return Grant(
        actor=actor,
        kind=kind,
        credential_id=found.credential_id,
        scopes=wanted.intersection(found.scopes, scopes.within(found.permissions)),
        last_used_at=found.last_used_at,
    )
