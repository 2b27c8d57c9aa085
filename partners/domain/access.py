"""Signing in ends in a role, not only in an identity: for which partner, in which role, and what may that role do?

The role decides what somebody may; what is done decides how strongly it must be proven who does it.
"""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils import timezone

from partners.enums import MONEY, ActorKind, AssuranceLevel, Permission
from partners.errors import NotPermitted, StepUpNeeded
from partners.models import Membership, PartnerRole, User
from partners.payloads import NOBODY, Actor

METHODS_KEY = "account_authentication_methods"  # where allauth keeps how this session was proven
UTC = zoneinfo.ZoneInfo("UTC")

ADMINISTRATION = frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_CREDENTIALS})
EVERYDAY = frozenset(Permission) - MONEY  # of every representative; what moves money is given to persons

LEAST_LEVEL: Mapping[Permission, AssuranceLevel] = {
    permission: AssuranceLevel.DOUBLE if permission in MONEY | ADMINISTRATION else AssuranceLevel.SINGLE
    for permission in Permission
}

# what a client asks for to get a level (RFC 9470), and what another's sign-in says it was
ACR_VALUES: Mapping[AssuranceLevel, str] = {
    AssuranceLevel.NONE: "0",
    AssuranceLevel.SINGLE: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    AssuranceLevel.DOUBLE: "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    AssuranceLevel.RESISTANT: "phr",
}


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The actor of a session with what pages show of it: the membership and the roles it may switch to."""

    actor: Actor
    membership: Membership | None = None
    role: PartnerRole | None = None
    choices: Sequence[tuple[Membership, PartnerRole | None]] = field(default_factory=list)
    time_zone: zoneinfo.ZoneInfo = UTC


def session_level(session: Mapping[str, Any]) -> int:
    """The assurance level of a session, from the methods it was proven with: 2 for two factors, 3 for a passkey."""
    methods = {(record.get("method"), record.get("type")) for record in session.get(METHODS_KEY, [])}
    if not methods:
        return AssuranceLevel.NONE
    if ("mfa", "webauthn") in methods:
        return AssuranceLevel.RESISTANT
    if any(method == "mfa" for method, _ in methods):
        return AssuranceLevel.DOUBLE
    return AssuranceLevel.SINGLE


def acting(user: User | AnonymousUser, *, chosen: str | None, level: int) -> Acting:
    """Who `user` is in this session; `chosen` is a `choice_key`, without which the first choice is taken."""
    if not isinstance(user, User) or not user.is_active:
        return Acting(actor=NOBODY)
    zone = zoneinfo.ZoneInfo(user.time_zone)
    if user.is_representative:
        actor = Actor(
            kind=ActorKind.REPRESENTATIVE,
            user_id=user.pk,
            label=user.name,
            role="representative",
            level=level,
            permissions=of_representative(user),
        )
        return Acting(actor=actor, time_zone=zone)
    choices = list(choices_of(user))
    if not choices:
        return Acting(
            actor=Actor(kind=ActorKind.PARTNER, user_id=user.pk, label=user.name, level=level), time_zone=zone
        )
    membership, role = next((c for c in choices if choice_key(*c) == chosen), choices[0])
    actor = Actor(
        kind=ActorKind.PARTNER,
        user_id=user.pk,
        label=user.name,
        partner_id=membership.partner_id,
        role_id=role.pk if role else None,
        role=role.kind.code if role else "",
        level=level,
        permissions=of_membership(membership, role),
        demands=role.kind.demands if role else {},
    )
    return Acting(actor=actor, membership=membership, role=role, choices=choices, time_zone=zone)


def choices_of(user: User) -> Sequence[tuple[Membership, PartnerRole | None]]:
    """Every membership in force with each of its roles in force; a membership without a role in force offers None."""
    today = timezone.now().date()
    memberships = (
        Membership.objects.in_force(today)
        .filter(user=user)
        .select_related("partner")
        .prefetch_related(Prefetch("roles", PartnerRole.objects.in_force(today).select_related("kind")))
        .order_by("partner__name", "id")
    )
    found: list[tuple[Membership, PartnerRole | None]] = []
    for membership in memberships:
        roles = sorted(membership.roles.all(), key=lambda role: role.kind.name)
        found += [(membership, role) for role in roles] or [(membership, None)]
    return found


def choice_key(membership: Membership, role: PartnerRole | None) -> str:
    """How a session names the membership and role it acts in."""
    return f"{membership.pk}:{role.pk if role else ''}"


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the role allows it, however strongly the actor is proven."""
    return actor.kind == ActorKind.SYSTEM or permission in actor.permissions


def required_level(actor: Actor, permission: Permission) -> AssuranceLevel:
    """How strongly this actor must be proven for it; a role kind may ask for more than everywhere, never for less."""
    return AssuranceLevel(max(LEAST_LEVEL[permission], actor.demands.get(permission, AssuranceLevel.NONE)))


def require(actor: Actor, permission: Permission) -> None:
    """Raises NotPermitted, or StepUpNeeded when only the proof is too weak."""
    if not may(actor, permission):
        raise NotPermitted(permission)
    require_level(actor, required_level(actor, permission), permission)


def require_level(actor: Actor, level: int, permission: Permission | None = None) -> None:
    """Raises StepUpNeeded; the system itself needs no proof."""
    if actor.kind != ActorKind.SYSTEM and actor.level < level:
        raise StepUpNeeded(AssuranceLevel(level), permission)


def of_representative(user: User) -> frozenset[str]:
    return EVERYDAY | frozenset(user.permissions)


def of_membership(membership: Membership, role: PartnerRole | None) -> frozenset[str]:
    """What the role allows; an administrator of the partner administers it in any role."""
    own = frozenset(role.kind.permissions) if role else frozenset[str]()
    return own | ADMINISTRATION if membership.is_administrator else own
