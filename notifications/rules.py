"""Who may see what was sent, and send it again."""

from partners.domain import access
from partners.enums import Permission
from partners.payloads import Actor


def can_see_deliveries(actor: Actor) -> bool:
    """Who was told what, over all partners, is the enterprise's to see."""
    return actor.is_representative


def can_redrive(actor: Actor) -> bool:
    """Whoever works on a matter may see to it that the partner hears of it."""
    return actor.is_representative and access.may(actor, Permission.WORK)
