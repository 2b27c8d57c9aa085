"""Machines have keys: an API client that buys tokens, a device that shows its key; each speaks for one partner role."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.db import IntegrityError, transaction

from partners.domain import perimeter, record, scopes
from partners.domain.digests import digest_of
from partners.domain.translations import translated
from partners.enums import CredentialKind, PartnerEvent, PartnerStatus, Scope
from partners.errors import (
    CredentialEnded,
    CredentialMade,
    CredentialNotAccepted,
    EndNotAllowed,
    RoleNotInForce,
    SecretRenewed,
)
from partners.models import Credential, PartnerRole
from partners.payloads import Actor, Fact

READ, WRITE = Scope.READ, Scope.WRITE
MOST_NAME = 100
MOST_LIFE = timedelta(days=366)  # of a key that a partner makes for itself
MOST_OVERLAP = timedelta(days=30)
PREFIXES = {CredentialKind.CLIENT: "client", CredentialKind.DEVICE_KEY: "device"}


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A credential with its new secret, which is shown this once and kept as a digest only."""

    credential: Credential
    secret: str = field(repr=False)

    @property
    def identifier(self) -> str:
        return self.credential.identifier

    @property
    def key(self) -> str:
        """A device key as the device sends it."""
        return f"{self.identifier}.{self.secret}"


def issue_client(
    role: PartnerRole,
    name: str,
    *,
    wanted: Collection[str] = (READ, WRITE),
    actor: Actor,
    at: datetime,
    expires_at: datetime | None = None,
    once: str = "",
) -> Issued:
    """An OAuth 2 client for the client credentials grant; see `issue`."""
    return issue(role, CredentialKind.CLIENT, name, wanted=wanted, actor=actor, at=at, expires_at=expires_at, once=once)


def issue_device_key(
    role: PartnerRole, name: str, *, actor: Actor, at: datetime, expires_at: datetime | None = None, once: str = ""
) -> Issued:
    """A key that one device sends with each report; see `issue`."""
    return issue(role, CredentialKind.DEVICE_KEY, name, actor=actor, at=at, expires_at=expires_at, once=once)


@transaction.atomic
def issue(
    role: PartnerRole,
    kind: CredentialKind,
    name: str,
    *,
    wanted: Collection[str] = (),
    actor: Actor,
    at: datetime,
    expires_at: datetime | None = None,
    once: str = "",
) -> Issued:
    """Make a key for a role; `once` makes a second sending of the same form harmless.

    Raises CredentialNotAccepted, RoleNotInForce, RoleNotGrantable, ScopeBeyondRole, EndNotAllowed and CredentialMade.
    """
    check_role(role, kind, at=at)
    perimeter.check([role], role.partner, actor, on=at.date())
    check_end(expires_at, actor, at=at)
    secret = secrets.token_urlsafe(32)
    credential = Credential(
        role=role,
        kind=kind,
        name=name[:MOST_NAME],
        identifier=identifier_of(kind, role, once, actor),
        scopes=scopes.check(wanted, role.kind.permissions),
        secret_digest=digest_of(secret),
        created_by_id=actor.user_id,
        expires_at=expires_at,
    )
    insert(credential)
    record.append(told(credential, PartnerEvent.CREDENTIAL_ISSUED, actor=actor, at=at, scopes=credential.scopes))
    return Issued(credential=credential, secret=secret)


@transaction.atomic
def change(
    credential: Credential,
    *,
    name: str,
    wanted: Collection[str],
    expires_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Credential:
    """Another name, other scopes, another end. Tokens lose at once what is taken from the key.

    Raises CredentialEnded, ScopeBeyondRole and EndNotAllowed.
    """
    credential = lock(credential, at=at)
    before = (credential.name, credential.scopes, credential.expires_at)
    if expires_at != credential.expires_at:
        check_end(expires_at, actor, at=at)
        credential.expires_at, credential.warned_at = expires_at, None
    credential.name = name[:MOST_NAME]
    credential.scopes = scopes.check(wanted, credential.role.kind.permissions)
    if before != (credential.name, credential.scopes, credential.expires_at):
        credential.save(update_fields=["name", "scopes", "expires_at", "warned_at"])
        record.append(told(credential, PartnerEvent.CREDENTIAL_CHANGED, actor=actor, at=at, **terms(credential)))
    return credential


@transaction.atomic
def rotate(
    credential: Credential,
    *,
    overlap: timedelta = timedelta(0),
    expires_at: datetime | None = None,
    after: str | None = None,
    actor: Actor,
    at: datetime,
) -> Issued:
    """A new secret; the one before works on for `overlap`, and no other. Without one its tokens end too.

    `expires_at` moves the end of the key, None leaves it; `after` is the `Credential.mark` that whoever asks has seen.
    Raises CredentialEnded, RoleNotGrantable, EndNotAllowed, and SecretRenewed when the secret is another one meanwhile.
    """
    credential = lock(credential, at=at)
    perimeter.check([credential.role], credential.role.partner, actor, on=at.date())
    if after is not None and after != credential.mark:
        raise SecretRenewed
    secret = secrets.token_urlsafe(32)
    if expires_at is not None and expires_at != credential.expires_at:
        check_end(expires_at, actor, at=at)
        credential.expires_at, credential.warned_at = expires_at, None
    has_overlap = overlap > timedelta(0)
    credential.previous_digest = credential.secret_digest if has_overlap else ""
    credential.previous_until = at + min(overlap, MOST_OVERLAP) if has_overlap else None
    credential.secret_digest, credential.rotated_at = digest_of(secret), at
    credential.save()
    if not has_overlap:
        end_tokens(credential)
    known = terms(credential) | {"overlap": int(min(overlap, MOST_OVERLAP).total_seconds())}
    record.append(told(credential, PartnerEvent.CREDENTIAL_ROTATED, actor=actor, at=at, **known))
    return Issued(credential=credential, secret=secret)


@transaction.atomic
def revoke(credential: Credential, *, actor: Actor, at: datetime) -> Credential:
    """End a credential at once, with every token given for it; safe to repeat."""
    credential = Credential.objects.select_for_update(of=("self",)).select_related("role").get(pk=credential.pk)
    if credential.revoked_at is None:
        credential.revoked_at = at
        credential.save(update_fields=["revoked_at"])
        end_tokens(credential)
        record.append(told(credential, PartnerEvent.CREDENTIAL_REVOKED, actor=actor, at=at))
    return credential


def lock(credential: Credential, *, at: datetime) -> Credential:
    """The credential as it is now; raises CredentialEnded."""
    held = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("role__kind", "role__partner")
        .get(pk=credential.pk)
    )
    if not held.works(at):
        raise CredentialEnded
    return held


def insert(credential: Credential) -> None:
    """The credential, with the row of the library that tokens of a client refer to. Raises CredentialMade."""
    try:
        with transaction.atomic():
            credential.save(force_insert=True)
    except IntegrityError as error:
        made = Credential.objects.filter(identifier=credential.identifier).first()
        if made is None:
            raise
        raise CredentialMade(made.pk) from error
    if credential.kind == CredentialKind.CLIENT:
        # of a secret it knows nothing: it can keep only one, and a rotation needs two
        Client.objects.create(
            id=credential.identifier,
            name=credential.name,
            secret="!",  # noqa: S106  Django's sign for a password that fits nothing
            type=Client.Type.CONFIDENTIAL,
            grant_types=Client.GrantType.CLIENT_CREDENTIALS,
            response_types="",
            scopes="",
        )


def identifier_of(kind: CredentialKind, role: PartnerRole, once: str, actor: Actor) -> str:
    """What a key is known by; the same for the same form of the same person."""
    of_form = digest_of(f"{role.pk}\n{actor.user_id}\n{once}")[:24]
    return f"{PREFIXES[kind]}-{of_form if once else secrets.token_hex(12)}"


def check_role(role: PartnerRole, kind: CredentialKind, *, at: datetime) -> None:
    if kind not in role.kind.credential_kinds:
        raise CredentialNotAccepted(translated(role.kind.name), kind)
    in_force = PartnerRole.objects.in_force(at.date()).filter(pk=role.pk, partner__status=PartnerStatus.ACTIVE)
    if not in_force.exists():
        raise RoleNotInForce


def check_end(expires_at: datetime | None, actor: Actor, *, at: datetime) -> None:
    """The enterprise may make keys without end; partners may not."""
    is_too_late = actor.is_partner_side and (expires_at is None or expires_at > at + MOST_LIFE)
    if is_too_late or (expires_at is not None and expires_at <= at):
        raise EndNotAllowed(MOST_LIFE.days)


def end_tokens(credential: Credential) -> None:
    Token.objects.filter(client_id=credential.identifier).delete()


def forget_tokens(*, at: datetime) -> int:
    """Remove access tokens that expired; how many there were."""
    return int(Token.objects.filter(expires_at__lte=at).delete()[0])


def terms(credential: Credential) -> dict[str, Any]:
    """What the record keeps of a key's scopes and end."""
    return {
        "scopes": list(credential.scopes),
        "expires_at": credential.expires_at.isoformat() if credential.expires_at else None,
    }


def told(
    credential: Credential, event: PartnerEvent, *, actor: Actor, at: datetime, quiet: bool = True, **known: Any
) -> Fact:
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
            **known,
        },
        texts={"name": credential.name},
        quiet=quiet,
    )
