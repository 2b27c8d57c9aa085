"""Signing in ends in a role, not only in an identity: for which partner, in which role, and what may that role do?

The role decides what somebody may; what is done decides how strongly it must be proven who does it.
"""

import zoneinfo
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigAutoField, DateField, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from partners.domain import fence, mandates
from partners.domain.assurance import UNPROVEN, Proof
from partners.domain.mandates import Shortfall
from partners.domain.written import Given, Written
from partners.enums import MONEY, ActorKind, AssuranceLevel, Permission
from partners.errors import NotPermitted, StepUpNeeded
from partners.models import Membership, PartnerRole, SingleSignOn, User
from partners.models.membership import MembershipQuerySet
from partners.models.single_sign_on import SingleSignOnQuerySet
from partners.payloads import NOBODY, Actor

UTC = zoneinfo.ZoneInfo("UTC")

ADMINISTRATION = frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_CREDENTIALS})
EVERYDAY = frozenset(Permission) - MONEY  # of who works on matters; what moves money is given to persons

REPRESENTATIVE = "representative"  # the role of who is here for everyday work

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


class Choice(NamedTuple):
    """One of the roles somebody may act in, for one of their partners; a place without any role offers None."""

    membership: Membership
    role: PartnerRole | None

    @property
    def key(self) -> str:
        return choice_key(self.membership, self.role)


class Reads(TypedDict):
    """How somebody reads a page."""

    time_zone: zoneinfo.ZoneInfo
    language: str


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The actor of a session with what pages show of it: the membership and the roles it may switch to.

    With a `shortfall` the sign-in does not do for the role, and with choices but no membership no role is chosen yet:
    the actor may nothing then.
    """

    actor: Actor
    proof: Proof = UNPROVEN
    membership: Membership | None = None
    role: PartnerRole | None = None
    choices: Sequence[Choice] = field(default_factory=list)
    shortfall: Shortfall | None = None
    time_zone: zoneinfo.ZoneInfo = UTC
    language: str = ""

    @property
    def key(self) -> str:
        """The `choice_key` of the role, or nothing where there is none to choose."""
        return choice_key(self.membership, self.role) if self.membership else ""

    @property
    def is_settled(self) -> bool:
        """Whether signing in has ended in a role, or there is none to end in."""
        return self.shortfall is None and (self.membership is not None or not self.choices)


def acting(user: User | AnonymousUser, *, chosen: str | None, proof: Proof) -> Acting:
    """Who `user` is in this session; `chosen` is a `choice_key`, without which it is the one chosen the last time."""
    if not isinstance(user, User) or not user.is_active:
        return Acting(actor=NOBODY)
    reads: Reads = {"time_zone": zoneinfo.ZoneInfo(user.time_zone), "language": user.language}
    if user.is_representative and proof.sign_on is None:  # no company's sign-in speaks for one of ours
        shortfall = mandates.of_representative(user.staff_role, proof)
        actor = nobody_yet(user, proof) if shortfall else representative(user, proof)
        return Acting(actor=actor, proof=proof, shortfall=shortfall, **reads)
    with fence.standing_for(fence.ENTERPRISE):  # somebody may act for several partners
        choices = choices_of(user, through=proof.sign_on)
    choice = settled(choices, chosen, user.acting_as)
    if choice is None:
        return Acting(actor=nobody_yet(user, proof), proof=proof, choices=choices, **reads)
    shortfall = mandates.of_role(choice.membership, choice.role, proof)
    return Acting(
        actor=nobody_yet(user, proof) if shortfall else partner_person(user, choice, proof),
        proof=proof,
        membership=choice.membership,
        role=choice.role,
        choices=choices,
        shortfall=shortfall,
        **reads,
    )


def settled(choices: Sequence[Choice], *wanted: str | None) -> Choice | None:
    """The first of the wanted choices that is still offered, or the only one there is."""
    offered = {choice.key: choice for choice in choices}
    found = next((offered[key] for key in wanted if key in offered), None)
    return choices[0] if found is None and len(choices) == 1 else found


def nobody_yet(user: User, proof: Proof) -> Actor:
    """Somebody who is signed in and acts in no role; the record can name them."""
    return Actor(kind=ActorKind.PARTNER, user_id=user.pk, label=user.name, **proven(proof))


def representative(user: User, proof: Proof) -> Actor:
    return one_of_ours(user, **proven(proof))


def one_of_ours(user: User, **proven: Any) -> Actor:
    """With what the person may do now; `level` is how strongly it was proven when what is done was asked for."""
    return Actor(
        kind=ActorKind.REPRESENTATIVE,
        user_id=user.pk,
        label=user.name,
        role=user.staff_role.code if user.staff_role else REPRESENTATIVE,
        permissions=of_representative(user),
        **proven,
    )


def partner_person(user: User, choice: Choice, proof: Proof) -> Actor:
    membership, role = choice
    return Actor(
        kind=ActorKind.PARTNER,
        user_id=user.pk,
        label=user.name,
        partner_id=membership.partner_id,
        role_id=role.pk if role else None,
        role=role.kind.code if role else "",
        permissions=of_membership(membership, role),
        demands=role.kind.demands if role else {},
        **proven(proof),
    )


def proven(proof: Proof) -> dict[str, Any]:
    return {"level": proof.level, "fresh_level": proof.fresh_level}


def choices_of(user: User, *, through: int | None = None) -> list[Choice]:
    """Every membership in force with each of its roles in force; one that was never given a role offers None.

    Whoever was given roles and has none left that is in force has no access any more. A session opened through a
    single sign-on reaches the places at its partner only; any other none where a sign-on is the only way in.
    """
    given = {"user": user.pk, "today": timezone.now().date()}
    places = PLACES.ask(**given) if through is None else PLACES_THROUGH.ask(**given, through=through)
    playing: dict[int, list[PartnerRole]] = defaultdict(list)
    for role in ROLES.ask(**given) if places else ():
        playing[role.membership_id].append(role)  # type: ignore[attr-defined]  # written into the question
    found: list[Choice] = []
    for membership in places:
        roles = sorted(playing[membership.pk], key=lambda role: role.kind.name)
        found += [Choice(membership, role) for role in roles]
        if not roles and is_without_roles(membership):
            found.append(Choice(membership, None))
    return found


def places() -> MembershipQuerySet:
    of_user = Membership.objects.in_force(TODAY).filter(user=USER)
    return of_user.select_related("partner").order_by("partner__name", "id")


def sign_ons() -> SingleSignOnQuerySet:
    """Of the partner of a place."""
    return SingleSignOn.objects.filter(partner=OuterRef("partner"))


def roles() -> QuerySet[PartnerRole]:
    """Those that somebody plays in any of their places; `membership_id` says in which."""
    of_user = PartnerRole.objects.in_force(TODAY).filter(memberships__user=USER)
    return of_user.annotate(membership_id=F("memberships")).select_related("kind")


# every request of a partner's person asks them
TODAY: Any = Given("today", DateField())
USER, SIGN_ON = Given("user", BigAutoField()), Given("through", BigAutoField())
PLACES = Written(lambda: places().filter(~Exists(sign_ons().required())))
PLACES_THROUGH = Written(lambda: places().filter(Exists(sign_ons().active().filter(pk=SIGN_ON))))
ROLES = Written(roles)


def is_without_roles(membership: Membership) -> bool:
    """Whether it was never given a role, in force or not."""
    return not Membership.roles.through.objects.filter(membership_id=membership.pk).exists()


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
    """Raises NotPermitted, or StepUpNeeded when the proof is too weak, or too old for what needs a strong one."""
    if not may(actor, permission):
        raise NotPermitted(permission)
    level = required_level(actor, permission)
    require_level(actor, level, permission)
    if actor.fresh_level is not None and actor.fresh_level < level and level >= AssuranceLevel.DOUBLE:
        raise StepUpNeeded(level, permission, is_stale=True)


def may_look(actor: Actor, permission: Permission) -> bool:
    """Whether pages may show what is done with a permission: strongly enough proven, however long ago.

    Who is in the console only to look sees what everybody does.
    """
    looks = may(actor, permission) or (actor.is_representative and only_looks(actor))
    return looks and actor.level >= required_level(actor, permission)


def require_to_look(actor: Actor, permission: Permission) -> None:
    """Raises NotPermitted or StepUpNeeded where `may_look` says no."""
    if not may(actor, permission) and not (actor.is_representative and only_looks(actor)):
        raise NotPermitted(permission)
    require_level(actor, required_level(actor, permission), permission)


def require_level(actor: Actor, level: int, permission: Permission | None = None) -> None:
    """Raises StepUpNeeded; the system itself needs no proof."""
    if actor.kind != ActorKind.SYSTEM and actor.level < level:
        raise StepUpNeeded(AssuranceLevel(level), permission)


def of_representative(user: User) -> frozenset[str]:
    """Everyday work and what was given to the person; somebody who is here for something else has only that."""
    if user.staff_role is None:
        return EVERYDAY | frozenset(user.permissions)
    allowed = frozenset(user.staff_role.permissions)
    return allowed | frozenset(user.permissions) if Permission.WORK in allowed else allowed - MONEY


def only_looks(actor: Actor) -> bool:
    """Somebody of ours who changes nothing here."""
    return actor.is_of_ours and not may(actor, Permission.WORK)


def of_membership(membership: Membership, role: PartnerRole | None) -> frozenset[str]:
    """What the role allows; an administrator of the partner administers it in any role."""
    own = frozenset(role.kind.permissions) if role else frozenset[str]()
    return own | ADMINISTRATION if membership.is_administrator else own
