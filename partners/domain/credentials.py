"""Machines prove who they are: an API client with a token, a device with a key; each speaks for one partner role."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Client, Token
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from partners.domain import record
from partners.enums import ActorKind, AssuranceLevel, CredentialKind, PartnerStatus
from partners.errors import CredentialNotAccepted
from partners.models import Credential, PartnerRole
from partners.models.credential import CredentialQuerySet
from partners.payloads import Actor, Fact

READ, WRITE = "interactions:read", "interactions:write"
NO_DIGEST = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a proven machine may do: as whom, and for which scopes of its token; a device has none."""

    actor: Actor
    credential: Credential
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new credential with its secret, which is shown this once and kept as a digest only."""

    credential: Credential
    identifier: str
    secret: str

    @property
    def key(self) -> str:
        """A device key as the device sends it."""
        return f"{self.identifier}.{self.secret}"


@transaction.atomic
def issue_client(
    role: PartnerRole, name: str, *, actor: Actor, at: datetime, expires_at: datetime | None = None
) -> Issued:
    """An OAuth 2 client for the client credentials grant. Raises CredentialNotAccepted."""
    identifier, secret = f"client-{secrets.token_hex(12)}", secrets.token_urlsafe(32)
    client = Client(id=identifier, name=name[:100], type=Client.Type.CONFIDENTIAL)
    client.grant_types = Client.GrantType.CLIENT_CREDENTIALS
    client.response_types = ""
    client.set_scopes([READ, WRITE])
    client.set_default_scopes([READ, WRITE])
    client.set_secret(secret)
    credential = issue(role, CredentialKind.CLIENT, name, identifier, "", actor=actor, at=at, expires_at=expires_at)
    client.save(force_insert=True)
    return Issued(credential=credential, identifier=identifier, secret=secret)


@transaction.atomic
def issue_device_key(
    role: PartnerRole, name: str, *, actor: Actor, at: datetime, expires_at: datetime | None = None
) -> Issued:
    """A key that one device sends with each report. Raises CredentialNotAccepted."""
    identifier, secret = f"device-{secrets.token_hex(8)}", secrets.token_urlsafe(32)
    credential = issue(
        role,
        CredentialKind.DEVICE_KEY,
        name,
        identifier,
        digest_of(secret),
        actor=actor,
        at=at,
        expires_at=expires_at,
    )
    return Issued(credential=credential, identifier=identifier, secret=secret)


def issue(
    role: PartnerRole,
    kind: CredentialKind,
    name: str,
    identifier: str,
    secret_digest: str,
    *,
    actor: Actor,
    at: datetime,
    expires_at: datetime | None,
) -> Credential:
    if kind not in role.kind.credential_kinds:
        raise CredentialNotAccepted(role.kind.name, kind)
    credential = Credential.objects.create(
        role=role,
        kind=kind,
        name=name[:100],
        identifier=identifier,
        secret_digest=secret_digest,
        created_by_id=actor.user_id,
        expires_at=expires_at,
    )
    record.append(told(credential, "credential.issued", actor=actor, at=at))
    return credential


@transaction.atomic
def revoke(credential: Credential, *, actor: Actor, at: datetime) -> Credential:
    """End a credential at once, with every token given for it; safe to repeat."""
    credential = Credential.objects.select_for_update(of=("self",)).select_related("role").get(pk=credential.pk)
    if credential.revoked_at is None:
        credential.revoked_at = at
        credential.save(update_fields=["revoked_at"])
        Token.objects.filter(client_id=credential.identifier).delete()
        record.append(told(credential, "credential.revoked", actor=actor, at=at))
    return credential


def told(credential: Credential, event: str, *, actor: Actor, at: datetime) -> Fact:
    return Fact(
        stream=f"partner:{credential.role.partner_id}",
        event=event,
        actor=actor,
        at=at,
        partner_id=credential.role.partner_id,
        facts={
            "credential": credential.pk,
            "kind": credential.kind,
            "role": credential.role_id,
            "identifier": credential.identifier,
        },
        texts={"name": credential.name},
        quiet=True,
    )


def in_force(kind: CredentialKind, *, at: datetime) -> CredentialQuerySet:
    """Credentials that open a door now: their role is in force, accepts their kind, and its partner is active."""
    roles = PartnerRole.objects.in_force(at.date()).filter(kind__credential_kinds__contains=[kind])
    return (
        Credential.objects.usable()
        .filter(
            Q(expires_at=None) | Q(expires_at__gt=at),
            kind=kind,
            role__in=roles,
            role__partner__status=PartnerStatus.ACTIVE,
        )
        .select_related("role__kind", "role__partner")
    )


def by_token(value: str, *, at: datetime) -> Grant | None:
    """What an access token of the client credentials grant opens, or None; one query."""
    token = Token.objects.by_value(value).filter(
        Q(expires_at=None) | Q(expires_at__gt=at), type=Token.Type.ACCESS_TOKEN, user=None
    )
    credential = (
        in_force(CredentialKind.CLIENT, at=at)
        .filter(identifier=Subquery(token.values("client_id")[:1]))
        .annotate(scopes=Subquery(token.filter(client_id=OuterRef("identifier")).values("scopes")[:1]))
        .first()
    )
    if credential is None:
        return None
    scopes = frozenset((getattr(credential, "scopes", "") or "").split())
    return Grant(actor=actor_of(credential), credential=credential, scopes=scopes)


def by_device_key(key: str, *, at: datetime) -> Grant | None:
    """What a key `<identifier>.<secret>` opens, or None."""
    identifier, _, secret = key.partition(".")
    credential = in_force(CredentialKind.DEVICE_KEY, at=at).filter(identifier=identifier[:100]).first()
    # an unknown device costs the same as a wrong secret
    expected = credential.secret_digest if credential else NO_DIGEST
    if not hmac.compare_digest(digest_of(secret), expected) or credential is None:
        return None
    return Grant(actor=actor_of(credential), credential=credential)


def actor_of(credential: Credential) -> Actor:
    role = credential.role
    return Actor(
        kind=ActorKind.MACHINE,
        label=credential.name,
        partner_id=role.partner_id,
        role_id=role.pk,
        role=role.kind.code,
        level=AssuranceLevel.SINGLE,
        client_id=credential.identifier,
    )


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
