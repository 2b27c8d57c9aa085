"""Which moves an interaction can make, and the one function that makes them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from interactions.channels import text as texts
from interactions.domain import catalogue, clocks, facts
from interactions.enums import ClockKind, Direction, Event, Move, Side, Status, StepStatus
from interactions.errors import ChangedMeanwhile, MoveNotAllowed, ReasonMissing, ReopenTooLate, StepsOpen
from interactions.models import ENDED, Interaction, Step
from partners.domain import record
from partners.enums import Channel
from partners.payloads import Actor

MOST_WORDS = 100_000
MOST_WAITING_FOR = 500


@dataclass(frozen=True)
class Arrow:
    """From where a move starts, where it leads, what the record calls it, and what it cannot do without."""

    sources: frozenset[Status]
    target: Status
    event: Event
    needs: str = ""
    needs_steps_ended: bool = False


WORKABLE = frozenset({Status.RECEIVED, Status.IN_PROGRESS})
OPEN = frozenset({Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING})

MOVES: dict[Move, Arrow] = {
    Move.START: Arrow(frozenset({Status.RECEIVED}), Status.IN_PROGRESS, Event.STARTED),
    Move.ASK: Arrow(WORKABLE, Status.WAITING, Event.WAITING, needs="waiting_for"),
    Move.ANSWER: Arrow(frozenset({Status.WAITING}), Status.IN_PROGRESS, Event.ANSWERED),
    Move.RESUME: Arrow(frozenset({Status.WAITING}), Status.IN_PROGRESS, Event.RESUMED, needs="reason"),
    Move.RESOLVE: Arrow(WORKABLE, Status.RESOLVED, Event.RESOLVED, needs="resolution", needs_steps_ended=True),
    Move.CONFIRM: Arrow(frozenset({Status.RESOLVED}), Status.CLOSED, Event.CONFIRMED, needs_steps_ended=True),
    Move.REOPEN: Arrow(frozenset({Status.RESOLVED, Status.CLOSED}), Status.IN_PROGRESS, Event.REOPENED, needs="reason"),
    Move.CLOSE: Arrow(frozenset({Status.RESOLVED}), Status.CLOSED, Event.CLOSED, needs_steps_ended=True),
    Move.CANCEL: Arrow(OPEN, Status.CANCELLED, Event.CANCELLED, needs="reason"),
    Move.ANNUL: Arrow(frozenset(set(Status) - {Status.ANNULLED}), Status.ANNULLED, Event.ANNULLED, needs="reason"),
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said with a move: which of these a move needs stands in MOVES."""

    reason: str = ""
    resolution: str = ""
    waiting_for: str = ""
    waiting_until: datetime | None = None
    waiting_side: Side = Side.PARTNER

    def cleaned(self) -> "Words":
        """The same words as they can be stored."""
        return replace(
            self,
            reason=texts.clean(self.reason, most=MOST_WORDS).strip(),
            resolution=texts.clean(self.resolution, most=MOST_WORDS).strip(),
            waiting_for=texts.flatten(self.waiting_for, most=MOST_WAITING_FOR),
        )


def possible(interaction: Interaction) -> list[Move]:
    """The moves that start from where the interaction stands; who may make them is for the rules."""
    return [move for move, arrow in MOVES.items() if interaction.status in arrow.sources]


def lock(interaction_id: int, *, version: int | None = None) -> Interaction:
    """The interaction, held until the transaction ends; raises ChangedMeanwhile when it is no longer at `version`."""
    interaction = (
        Interaction.objects.select_for_update(of=("self",))
        .select_related("type", "policy", "partner", "team", "assignee")
        .get(pk=interaction_id)
    )
    if version is not None and interaction.version != version:
        raise ChangedMeanwhile
    return interaction


@transaction.atomic
def make_move(
    interaction: Interaction,
    move: Move,
    *,
    actor: Actor,
    at: datetime,
    words: Words | None = None,
    channel: Channel | None = None,
    version: int | None = None,
) -> Interaction:
    """Make one move; returns the interaction as it stands then.

    Raises MoveNotAllowed, ReasonMissing, StepsOpen, ReopenTooLate or ChangedMeanwhile; nothing is changed then.
    """
    interaction = lock(interaction.pk, version=version)
    arrow = MOVES[move]
    words = (words or Words()).cleaned()
    check(interaction, move, arrow, words, at)
    came_from = Status(interaction.status)
    take(interaction, move, words, at)
    interaction.status, interaction.status_changed_at = arrow.target, at
    keep_promises(interaction, move, words, at)
    save(interaction, at=at)
    record.append(
        facts.about(
            interaction,
            arrow.event,
            actor=actor,
            at=at,
            channel=channel,
            texts={"reason": words.reason, "resolution": words.resolution, "waiting_for": words.waiting_for},
            came_from=came_from,
            status=arrow.target,
            version=interaction.version,
        )
    )
    return interaction


def check(interaction: Interaction, move: Move, arrow: Arrow, words: Words, at: datetime) -> None:
    """Raise what stands in the way of a move."""
    if interaction.status not in arrow.sources:
        raise MoveNotAllowed(move, Status(interaction.status))
    if arrow.needs and not getattr(words, arrow.needs):
        raise ReasonMissing(move, arrow.needs)
    if arrow.needs_steps_ended and (open_steps := Step.objects.unfinished().filter(interaction=interaction)):
        raise StepsOpen([step.name for step in open_steps.in_order()])
    if move == Move.REOPEN and interaction.ended_at is not None:
        days = catalogue.version_of(interaction).reopen_within_days
        if at > interaction.ended_at + timedelta(days=days):
            raise ReopenTooLate(days)


def take(interaction: Interaction, move: Move, words: Words, at: datetime) -> None:
    """What a move changes besides the status."""
    target = MOVES[move].target
    interaction.waiting_for = words.waiting_for if target == Status.WAITING else ""
    interaction.waiting_until = words.waiting_until if target == Status.WAITING else None
    interaction.ball = ball_after(target, words)
    if move == Move.RESOLVE:
        interaction.resolution, interaction.resolved_at = words.resolution, at
        if interaction.direction == Direction.INBOUND and interaction.first_response_at is None:
            interaction.first_response_at = at  # a solution is an answer
    if move == Move.REOPEN:
        interaction.resolved_at = None
        interaction.reopen_count += 1
    # annulling what had ended does not move its end
    interaction.ended_at = (interaction.ended_at or at) if target in ENDED else None
    if target in ENDED:
        Step.objects.unfinished().filter(interaction=interaction).update(status=StepStatus.CANCELLED, ended_at=at)


def ball_after(status: Status, words: Words) -> Side:
    """Whose turn it is in a status: who was asked answers, a solution waits for the partner's word, else it is ours."""
    if status == Status.WAITING:
        return words.waiting_side
    return Side.PARTNER if status == Status.RESOLVED else Side.ENTERPRISE


def keep_promises(interaction: Interaction, move: Move, words: Words, at: datetime) -> None:
    """What a move does to the clocks."""
    if move == Move.ASK:
        clocks.pause(interaction, why=words.waiting_for, at=at)
    elif move in {Move.ANSWER, Move.RESUME}:
        clocks.resume(interaction, at=at)
    elif move == Move.REOPEN:
        clocks.restart(interaction, at=at)
    elif move == Move.RESOLVE or interaction.status in ENDED:
        clocks.stop(interaction, [ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION], at=at)
    clocks.hear(interaction, at=at)


def save(interaction: Interaction, *, at: datetime) -> None:
    """Store a locked interaction as its next version."""
    interaction.version += 1
    interaction.updated_at = at
    interaction.save(force_update=True)
