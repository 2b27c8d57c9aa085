"""Who may: rules guard the doors, the domain only asks what can be."""

from interactions.domain import lifecycle
from interactions.enums import Direction, Move, Status
from interactions.models import Interaction, InteractionType
from partners.payloads import Actor

PARTNER_MOVES = frozenset({Move.ANSWER, Move.CONFIRM, Move.REOPEN, Move.CANCEL})
REPRESENTATIVE_MOVES = frozenset(set(Move) - {Move.ANSWER, Move.CONFIRM})


def can_work_on(actor: Actor, _interaction: Interaction) -> bool:
    """Representatives work on every interaction; teams say whose it is, not who may."""
    return actor.is_representative


def can_see(actor: Actor, interaction: Interaction) -> bool:
    if actor.is_representative:
        return True
    is_own = actor.is_partner_side and actor.partner_id is not None and actor.partner_id == interaction.partner_id
    return is_own and interaction.status != Status.ANNULLED


def can_say(actor: Actor, interaction: Interaction) -> bool:
    """Somebody who sees an interaction may speak in it until it was cancelled or annulled."""
    return can_see(actor, interaction) and interaction.status not in {Status.CANCELLED, Status.ANNULLED}


def can_raise(actor: Actor, type_: InteractionType) -> bool:
    return actor.is_representative or (actor.partner_id is not None and type_.partner_may_raise and type_.is_active)


def moves_for(actor: Actor, interaction: Interaction) -> list[Move]:
    """The moves that can be made now and that this actor may make; buttons and answers come from here."""
    if not can_see(actor, interaction):
        return []
    allowed = REPRESENTATIVE_MOVES if actor.is_representative else PARTNER_MOVES
    if not actor.is_representative and interaction.direction == Direction.OUTBOUND:
        allowed = allowed - {Move.CANCEL}  # what the enterprise asked, only the enterprise takes back
    return [move for move in lifecycle.possible(interaction) if move in allowed]
