"""Which moves an interaction can make, and the one function that makes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from interactions.channels import text as texts
from interactions.domain import (
    ball,
    catalogue,
    clocks,
    closing_day,
    completeness,
    date_facts,
    facts,
    parts,
    plans,
    settling,
    unanswered_day,
)
from interactions.domain.clocks import Moved
from interactions.enums import ChangeState, ClockKind, Direction, Event, LineState, Move, Side, Status, StepStatus
from interactions.errors import ChangedMeanwhile, MoveNotAllowed, ReasonMissing, ReopenTooLate
from interactions.models import ENDED, ChangeRequest, Interaction, OrderLine, Step
from interactions.models.clock import ANSWERS
from interactions.models.interaction import Needed
from partners.domain import record
from partners.domain.locks import Lock
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
    needs_all_ended: bool = False


WORKABLE = frozenset({Status.RECEIVED, Status.IN_PROGRESS})
OPEN = frozenset({Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING})
ENDS_WAITING = frozenset({Move.ANSWER, Move.RESUME})
UNHEARD = frozenset({Move.START, Move.RESUME})  # nobody is told of these, so they break no silence

MOVES: dict[Move, Arrow] = {
    Move.START: Arrow(frozenset({Status.RECEIVED}), Status.IN_PROGRESS, Event.STARTED),
    Move.ASK: Arrow(WORKABLE, Status.WAITING, Event.WAITING, needs="waiting_for"),
    Move.ANSWER: Arrow(frozenset({Status.WAITING}), Status.IN_PROGRESS, Event.ANSWERED),
    Move.RESUME: Arrow(frozenset({Status.WAITING}), Status.IN_PROGRESS, Event.RESUMED, needs="reason"),
    Move.RESOLVE: Arrow(WORKABLE, Status.RESOLVED, Event.RESOLVED, needs="resolution", needs_all_ended=True),
    Move.CONFIRM: Arrow(frozenset({Status.RESOLVED}), Status.CLOSED, Event.CONFIRMED, needs_all_ended=True),
    Move.REOPEN: Arrow(frozenset({Status.RESOLVED, Status.CLOSED}), Status.IN_PROGRESS, Event.REOPENED, needs="reason"),
    Move.CLOSE: Arrow(frozenset({Status.RESOLVED}), Status.CLOSED, Event.CLOSED, needs_all_ended=True),
    Move.CANCEL: Arrow(OPEN, Status.CANCELLED, Event.CANCELLED, needs="reason"),
    Move.MERGE: Arrow(OPEN | {Status.RESOLVED}, Status.CLOSED, Event.MERGED, needs="reason"),
    Move.UNMERGE: Arrow(frozenset({Status.CLOSED}), Status.IN_PROGRESS, Event.UNMERGED, needs="reason"),
    Move.PASS_ON: Arrow(OPEN, Status.CLOSED, Event.PASSED_ON, needs="reason"),
    Move.LAPSE: Arrow(frozenset({Status.WAITING}), Status.CLOSED, Event.LAPSED, needs="reason"),
    Move.ANNUL: Arrow(frozenset(set(Status) - {Status.ANNULLED}), Status.ANNULLED, Event.ANNULLED, needs="reason"),
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said with a move: which of these a move needs stands in MOVES. `other_id` is where it goes on."""

    reason: str = ""
    resolution: str = ""
    resolution_code: str = ""
    other_id: int | None = None
    waiting_for: str = ""
    waiting_kind: Needed = Needed.QUESTION
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


LOCK = Lock(lambda: Interaction.objects.select_related("type", "policy", "partner", "team", "assignee"))


def lock(interaction_id: int, *, version: int | None = None) -> Interaction:
    """The interaction, held until the transaction ends; raises ChangedMeanwhile when it is no longer at `version`."""
    interaction = LOCK.hold(interaction_id)
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

    Raises MoveNotAllowed, ReasonMissing, NotFinished, NotAccepted, ReopenTooLate or ChangedMeanwhile; nothing is
    changed then.
    """
    interaction = lock(interaction.pk, version=version)
    arrow = MOVES[move]
    words = (words or Words()).cleaned()
    check(interaction, move, arrow, words, at)
    came_from = Status(interaction.status)
    has_ended_step = move in ENDS_WAITING and settling.end_wait(interaction, outcome=words.reason, actor=actor, at=at)
    waited_for = interaction.waiting_for
    take(interaction, move, words, at)
    interaction.status, interaction.status_changed_at = arrow.target, at
    moved = keep_promises(interaction, move, words, actor=actor, at=at)
    save(interaction, at=at)
    made = facts.about(
        interaction,
        arrow.event,
        actor=actor,
        at=at,
        channel=channel,
        texts={"reason": words.reason, "resolution": words.resolution, "waiting_for": words.waiting_for},
        came_from=came_from,
        status=arrow.target,
        version=interaction.version,
        **besides(interaction, move, words),
    )
    record.append_all([made, *date_facts.moved_by_waiting(interaction, moved, move, waited_for, actor=actor, at=at)])
    if has_ended_step:
        steps = settling.go_on(interaction, actor=actor, at=at)
        return wait_as_planned(interaction, steps, actor=actor, at=at)
    return follow(interaction, move, actor=actor, at=at)


def besides(interaction: Interaction, move: Move, words: Words) -> dict[str, Any]:
    """What the record knows besides of a move."""
    if move == Move.RESOLVE and interaction.resolution_code:
        return {"resolution_code": interaction.resolution_code}
    return {"other": words.other_id} if words.other_id is not None else {}


def settle(
    interaction: Interaction, words: Words, *, actor: Actor, at: datetime, channel: Channel | None = None
) -> Interaction:
    """What was answered on the spot is resolved and closed in one go; as the first kind of resolution if none is said.

    Raises what `make_move` raises.
    """
    words = replace(words, resolution_code=words.resolution_code or completeness.usual_code(interaction))
    interaction = make_move(interaction, Move.RESOLVE, actor=actor, at=at, words=words, channel=channel)
    if interaction.status == Status.CLOSED:
        return interaction
    return make_move(interaction, Move.CLOSE, actor=actor, at=at, channel=channel)


def follow(interaction: Interaction, move: Move, *, actor: Actor, at: datetime) -> Interaction:
    """What a move brings about by itself: the plan still waits, nobody is asked for a word, the whole hears of it."""
    if move in ENDS_WAITING:
        return wait_as_planned(interaction, settling.still_waiting(interaction), actor=actor, at=at)
    if move == Move.RESOLVE and not catalogue.version_of(interaction).asks_confirmation:
        return make_move(interaction, Move.CLOSE, actor=actor, at=at)
    if interaction.status in ENDED:
        parts.tell_whole(interaction, actor=actor, at=at)
    return interaction


def wait_as_planned(interaction: Interaction, steps: Sequence[Step], *, actor: Actor, at: datetime) -> Interaction:
    """Where the plan waits for somebody outside, the matter waits, unless it waits already."""
    step = settling.awaited(steps)
    if step is None or interaction.status not in WORKABLE:
        return interaction
    words = Words(waiting_for=plans.asked(step), waiting_until=step.due_at, waiting_side=Side(step.waits_for))
    return make_move(interaction, Move.ASK, actor=actor, at=at, words=words)


def check(interaction: Interaction, move: Move, arrow: Arrow, words: Words, at: datetime) -> None:
    """Raise what stands in the way of a move."""
    if interaction.status not in arrow.sources:
        raise MoveNotAllowed(move, Status(interaction.status))
    if arrow.needs and not getattr(words, arrow.needs):
        raise ReasonMissing(move, arrow.needs)
    if arrow.needs_all_ended:
        completeness.refuse_unfinished(interaction, formally=arrow.target == Status.CLOSED)
    if move == Move.REOPEN and interaction.ended_at is not None:
        completeness.refuse_continued(interaction)
        days = catalogue.version_of(interaction).reopen_within_days
        if at > interaction.ended_at + timedelta(days=days):
            raise ReopenTooLate(days)


def take(interaction: Interaction, move: Move, words: Words, at: datetime) -> None:
    """What a move changes besides the status."""
    target = MOVES[move].target
    interaction.waiting_for = words.waiting_for if target == Status.WAITING else ""
    interaction.waiting_kind = words.waiting_kind if target == Status.WAITING else ""
    interaction.unanswered_at, interaction.unanswered_count = None, 0
    interaction.waiting_until = words.waiting_until if target == Status.WAITING else None
    ball.pass_on(interaction, target, words.waiting_side, at=at)
    interaction.close_due_at = None
    if move == Move.RESOLVE:
        resolve(interaction, words, at)
    if move in {Move.REOPEN, Move.UNMERGE}:
        interaction.resolved_at = interaction.resolution_seconds = interaction.resolution_elapsed = None
        interaction.reopen_count += move == Move.REOPEN
    # annulling what had ended does not move its end
    interaction.ended_at = (interaction.ended_at or at) if target in ENDED else None
    if target in ENDED:
        Step.objects.unfinished().filter(interaction=interaction).update(status=StepStatus.CANCELLED, ended_at=at)
        lines = OrderLine.objects.open().filter(interaction=interaction)
        lines.update(state=LineState.CANCELLED, reason=words.reason or MOVES[move].event.label, changed_at=at)
        wishes = ChangeRequest.objects.open().filter(interaction=interaction)
        wishes.update(state=ChangeState.OVERTAKEN, decided_at=at)


def resolve(interaction: Interaction, words: Words, at: datetime) -> None:
    """The solution, and how long it took: in business time as long as it was our turn."""
    interaction.resolution, interaction.resolved_at = words.resolution, at
    interaction.resolution_code = completeness.code_for(interaction, words.resolution_code)
    interaction.close_due_at = closing_day.of(interaction, at=at)
    interaction.resolution_seconds = interaction.enterprise_seconds
    interaction.resolution_elapsed = max(ball.seconds(at - interaction.created_at), 0)
    if interaction.direction == Direction.INBOUND and interaction.first_response_at is None:
        clocks.note_response(interaction, at=at)  # a solution is an answer


def keep_promises(interaction: Interaction, move: Move, words: Words, *, actor: Actor, at: datetime) -> list[Moved]:
    """What a move does to the clocks; returns the dates that moved by it."""
    moved: list[Moved] = []
    if move == Move.ASK:
        clocks.pause(interaction, why=words.waiting_for, at=at)
        clocks.await_answer(interaction, at=at)
        unanswered_day.schedule(interaction, at=max(interaction.waiting_until or at, at))
    elif move in ENDS_WAITING:
        clocks.stop(interaction, ANSWERS, at=at)
        moved = clocks.resume(interaction, at=at)
    elif move in {Move.REOPEN, Move.UNMERGE}:
        clocks.restart(interaction, at=at)
    elif move == Move.RESOLVE or interaction.status in ENDED:
        clocks.stop(interaction, ClockKind, at=at)
    if move == Move.ANSWER or (move == Move.REOPEN and actor.is_partner_side):
        clocks.owe(interaction, at=at)
    if move not in UNHEARD:
        clocks.hear(interaction, at=at)
    return moved


def save(interaction: Interaction, *, at: datetime) -> None:
    """Store a locked interaction as its next version."""
    interaction.version += 1
    interaction.updated_at = at
    interaction.save(force_update=True)
