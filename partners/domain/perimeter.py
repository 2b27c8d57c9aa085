"""How far the hand of a partner's administrator reaches: roles to give or take, blocks to set or lift."""

from collections.abc import Collection
from datetime import date

from partners.errors import RoleNotGrantable
from partners.models import Membership, Partner, PartnerRole
from partners.models.role import PartnerRoleQuerySet
from partners.payloads import SYSTEM, Actor


def grantable(partner: Partner, actor: Actor, *, on: date) -> PartnerRoleQuerySet:
    """Roles of the partner in force; of these the enterprise gives all, a partner's administrator his own."""
    roles = PartnerRole.objects.in_force(on).filter(partner=partner).select_related("kind").order_by("kind__name", "id")
    if actor.is_representative or actor == SYSTEM:
        return roles
    if actor.user_id is None or actor.partner_id != partner.pk:
        return roles.none()
    return roles.filter(memberships__user=actor.user_id, memberships__partner=partner)


def check(roles: Collection[PartnerRole], partner: Partner, actor: Actor, *, on: date) -> None:
    """Raises RoleNotGrantable."""
    wanted = {role.pk for role in roles}
    if wanted and set(grantable(partner, actor, on=on).filter(pk__in=wanted).values_list("pk", flat=True)) != wanted:
        raise RoleNotGrantable


def can_block(membership: Membership, actor: Actor) -> bool:
    """Whether a block of this side would add anything."""
    return membership.blocked_at is None or not (membership.is_blocked_by_enterprise or actor.is_partner_side)


def can_unblock(membership: Membership, actor: Actor) -> bool:
    """What the enterprise blocked, the enterprise lifts."""
    return membership.blocked_at is not None and not (membership.is_blocked_by_enterprise and actor.is_partner_side)
