"""Who may see and change partners."""

from partners.models import Partner
from partners.payloads import Actor


def can_see_partners(actor: Actor) -> bool:
    """The list of partners is the enterprise's."""
    return actor.is_representative


def can_see(actor: Actor, partner: Partner) -> bool:
    return actor.is_representative or (actor.is_partner_side and actor.partner_id == partner.pk)
