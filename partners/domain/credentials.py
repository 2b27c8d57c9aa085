"""Machines prove who they are: an API client with a token, a device with a key; each speaks for one partner role."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Client, Token
from django.db import transaction

from partners.domain import record
from partners.domain.digests import digest_of
from partners.enums import CredentialKind
from partners.errors import CredentialNotAccepted
from partners.models import Credential, PartnerRole
from partners.payloads import Actor, Fact

READ, WRITE = "interactions:read", "interactions:write"


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


def forget_tokens(*, at: datetime) -> int:
    """Remove access tokens that expired; how many there were."""
    return int(Token.objects.filter(expires_at__lte=at).delete()[0])


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
