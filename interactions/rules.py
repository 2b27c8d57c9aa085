"""Who may: rules guard the doors, the domain only asks what can be."""

from collections.abc import Collection, Mapping

from interactions.domain import lifecycle
from interactions.enums import Direction, Move, Status
from interactions.models import Interaction, InteractionType
from interactions.models.interaction import administers
from partners.domain import access
from partners.enums import MONEY, ActorKind, Permission
from partners.payloads import Actor

PARTNER_MOVES: Mapping[Move, Permission] = {  # what a partner's side may do, and what its role must allow for it
    Move.ANSWER: Permission.ANSWER,
    Move.CONFIRM: Permission.CONFIRM,
    Move.REOPEN: Permission.CONFIRM,
    Move.CANCEL: Permission.CANCEL,
}
WITH_ANOTHER = frozenset({Move.MERGE, Move.UNMERGE, Move.PASS_ON})  # made by verbs that know the other matter
BY_ITSELF = frozenset({Move.LAPSE})  # made by the rule of a type alone
REPRESENTATIVE_MOVES = frozenset(set(Move) - {Move.ANSWER, Move.CONFIRM} - WITH_ANOTHER - BY_ITSELF)


def can_work(actor: Actor) -> bool:
    """Whether somebody of ours works on matters, and is not here only to look."""
    return actor.is_representative and access.may(actor, Permission.WORK)


def can_work_on(actor: Actor, _interaction: Interaction) -> bool:
    """Representatives work on every interaction; teams say whose it is, not who may."""
    return can_work(actor)


def can_change_view(actor: Actor, owner_id: int, team_id: int | None, led: Collection[int]) -> bool:
    """Whose a saved view is, and who leads the team that it is shared with; `led` are the ids of the actor's teams."""
    return owner_id == actor.user_id or team_id in led


def can_arrange_for_team(team_id: int | None, led: Collection[int]) -> bool:
    """Whoever leads a team says what its queue opens with; `led` are the ids of the actor's teams."""
    return team_id in led


def can_see(actor: Actor, interaction: Interaction) -> bool:
    if actor.is_representative:
        return True
    is_own = actor.is_partner_side and actor.partner_id is not None and actor.partner_id == interaction.partner_id
    if not is_own or interaction.status == Status.ANNULLED or is_closed_to(actor, interaction.type):
        return False
    return interaction.is_shared_with(actor)


def can_share(actor: Actor, interaction: Interaction) -> bool:
    """Who raised it, or administers the partner, says who of the partner may know of it."""
    is_theirs = actor.kind == ActorKind.PARTNER and actor.user_id == interaction.created_by_id
    return (is_theirs or administers(actor)) and can_see(actor, interaction)


def is_closed_to(actor: Actor, type_: InteractionType) -> bool:
    """One type, as `InteractionType.objects.closed_to` says it of all: money is for some; machines prove little."""
    is_beyond = actor.kind == ActorKind.MACHINE and type_.minimum_level > actor.level
    return is_beyond or (type_.permission in MONEY and type_.permission not in actor.permissions)


def can_say(actor: Actor, interaction: Interaction) -> bool:
    """Somebody who sees an interaction may speak in it until it was cancelled or annulled."""
    is_allowed = can_work(actor) or (actor.is_partner_side and access.may(actor, Permission.ANSWER))
    is_over = interaction.status in {Status.CANCELLED, Status.ANNULLED}
    return is_allowed and can_see(actor, interaction) and not is_over


def can_raise(actor: Actor, type_: InteractionType) -> bool:
    """Whether the role allows it, however strongly the actor is proven."""
    if actor.is_representative:
        return can_work(actor)
    is_offered = actor.partner_id is not None and type_.partner_may_raise and type_.is_active
    return is_offered and all(access.may(actor, permission) for permission in needed_to_raise(type_))


def needed_to_raise(type_: InteractionType) -> list[Permission]:
    return [Permission.RAISE, *([Permission(type_.permission)] if type_.permission else [])]


def require_raise(actor: Actor, type_: InteractionType) -> None:
    """Raises NotPermitted or StepUpNeeded for whom the type is not, or not yet."""
    if actor.is_representative:
        access.require(actor, Permission.WORK)
        return
    for permission in needed_to_raise(type_):
        access.require(actor, permission)
    require_level(actor, type_)


def require_move(actor: Actor, interaction: Interaction, move: Move) -> None:
    """Raises NotPermitted or StepUpNeeded for who may not, or not yet, do this to what they see."""
    if actor.is_representative:
        access.require(actor, Permission.WORK)
        return
    if interaction.type.permission in MONEY:
        access.require(actor, Permission(interaction.type.permission))
    access.require(actor, PARTNER_MOVES[move])
    require_level(actor, interaction.type)


def require_level(actor: Actor, type_: InteractionType) -> None:
    """Raises StepUpNeeded where the type asks for more; how representatives sign in is not the type's to say."""
    if not actor.is_representative:
        access.require_level(actor, type_.minimum_level)


def moves_for(actor: Actor, interaction: Interaction) -> list[Move]:
    """The moves that can be made now and that this actor may make; buttons and answers come from here."""
    if not can_see(actor, interaction):
        return []
    return [move for move in lifecycle.possible(interaction) if may_move(actor, interaction, move)]


def may_move(actor: Actor, interaction: Interaction, move: Move) -> bool:
    """Whether the move is this side's and the role allows it; what the enterprise asked, only it takes back."""
    if actor.is_representative:
        return can_work(actor) and move in REPRESENTATIVE_MOVES
    if move == Move.CANCEL and interaction.direction == Direction.OUTBOUND:
        return False
    return move in PARTNER_MOVES and access.may(actor, PARTNER_MOVES[move])
