"""Who may see and change partners."""

from partners.domain import access
from partners.enums import Permission
from partners.models import Partner, SingleSignOn
from partners.payloads import Actor


def can_see_partners(actor: Actor) -> bool:
    """The list of partners is the enterprise's."""
    return actor.is_representative


def can_see(actor: Actor, partner: Partner) -> bool:
    return actor.is_representative or (actor.is_partner_side and actor.partner_id == partner.pk)


def can_try(actor: Actor, sign_on: SingleSignOn) -> bool:
    """Staff, and who administers the people of the partner, see what its provider says of themselves."""
    is_theirs = actor.is_of_ours or actor.partner_id == sign_on.partner_id
    return is_theirs and access.may(actor, Permission.MANAGE_PEOPLE)
