"""Promises: counted on a business calendar, paused with a reason; each while that one ran or was paused is kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigAutoField, Q, QuerySet

from interactions.domain import ball, facts, forecast, jeopardy, segments, thresholds
from interactions.enums import ClockKind, Direction, Side, Status, StepKind
from interactions.models import Clock, ClockSegment, ClockWarning, Interaction, Step
from partners.domain import business_time, calendars, record, rows
from partners.domain.escalation import DUE
from partners.domain.written import Given, Written
from partners.models import PolicyVersion
from partners.payloads import SYSTEM, Actor, Fact

RESOLVED = "resolved"  # why a clock stood still between a solution and the word that it was none
RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
STORED = (
    *("within", "extension", "round", "counted", "since", "due_at", "paused_why", "risk_at", "next_at", "next_share"),
    *("told_share", "is_forewarned", "breached_at", "stopped_at"),
)


def wind(interaction: Interaction, policy: PolicyVersion | None, *, at: datetime) -> list[Clock]:
    """The promises of a policy for an interaction not yet stored, whose deadlines it sets.

    What the enterprise raised itself promises no first response.
    """
    interaction.policy = policy
    team = interaction.team
    interaction.calendar_id = calendars.promised_on(policy) if policy else calendars.NEWEST.get(team.calendar_id)
    if policy is None:
        return []
    promised = {ClockKind.RESOLUTION: policy.resolution}
    if interaction.direction == Direction.INBOUND:
        promised[ClockKind.FIRST_RESPONSE] = policy.first_response
    clocks = [started(interaction, kind, within, at=at) for kind, within in promised.items()]
    interaction.due_at = jeopardy.nearest(clocks)
    hear(interaction, at=at)
    return clocks


def started(interaction: Interaction, kind: ClockKind, within: timedelta, *, at: datetime, **fields: object) -> Clock:
    """A clock not yet stored, counted on the interaction's hours; paused from the start while we wait for others."""
    given = {"policy": interaction.policy, "calendar_id": interaction.calendar_id, **fields}
    clock = Clock(interaction=interaction, kind=kind, within=within, started_at=at, since=at, **given)
    if interaction.status == Status.WAITING and not clock.is_answer:
        clock.paused_why = interaction.waiting_for
        return clock
    if clock.due_at is None:
        clock.due_at = business_time.due(at, within, calendars.working(clock.calendar_id))
    thresholds.schedule(clock)
    return clock


def start(promises: Sequence[Clock]) -> None:
    """Store clocks, once what they belong to is stored."""
    for clock in promises:
        clock.interaction_id = clock.interaction.pk
        clock.step_id = clock.step.pk if clock.step is not None else None
    rows.insert(promises)


def of_step(step: Step, *, at: datetime) -> list[Clock]:
    """What a team agreed to for a step that opens, not yet stored; sets the step's deadline.

    A step that waits for somebody outside has no clock of its own: how long they take is measured with the waiting.
    """
    if step.within is None:
        return []
    calendar_id = calendars.NEWEST.get(step.team.calendar_id)
    if step.kind == StepKind.WAIT:
        step.due_at = business_time.due(at, step.within, calendars.working(calendar_id))
        return []
    clock = started(
        step.interaction, ClockKind.STEP, step.within, at=at, policy=None, calendar_id=calendar_id, step=step
    )
    step.due_at = clock.due_at
    return [clock]


@dataclass
class Change:
    """What becomes of the clocks of an interaction that the caller holds."""

    interaction: Interaction
    at: datetime
    clocks: list[Clock] = field(default_factory=list)
    ended: list[ClockSegment] = field(default_factory=list)
    warned: list[ClockWarning] = field(default_factory=list)
    told: list[Fact] = field(default_factory=list)

    def each(self, wanted: Callable[[Clock], bool]) -> list[Clock]:
        return [clock for clock in self.clocks if wanted(clock)]


def changing() -> QuerySet[Clock]:
    # of=("self",): the policy and team rows are shared by everybody
    found = Clock.objects.select_for_update(of=("self",), no_key=True).select_related("policy", "step__team")
    of_interaction = found.filter(interaction=Given("interaction", BigAutoField()))
    return of_interaction.filter(Q(stopped_at=None) | Q(kind=ClockKind.RESOLUTION)).order_by("id")


CHANGING = Written(changing)


def held(interaction: Interaction, *, at: datetime) -> Change:
    """The clocks that may still change, locked until the transaction ends."""
    clocks = CHANGING.ask(interaction=interaction.pk)
    for clock in clocks:
        clock.interaction = interaction
    return Change(interaction=interaction, at=at, clocks=clocks)


def pause(interaction: Interaction, *, why: str, at: datetime) -> None:
    """Stop counting every running promise of ours; keep what is left of each."""
    change = held(interaction, at=at)
    for clock in change.each(lambda clock: clock.is_running and not clock.is_answer):
        break_late(change, clock)
        change.ended += segments.pause(clock, why, at=at)
    store(change)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A promise whose date is another one now."""

    clock: Clock
    came_from: datetime
    became: datetime


def resume(interaction: Interaction, *, at: datetime) -> list[Moved]:
    """Go on counting with what was left; the pause is credited. Returns our promises that moved by that."""
    change = held(interaction, at=at)
    moved = []
    for clock in change.each(lambda clock: clock.is_paused):
        before = business_time.due(clock.since or at, clock.left, calendars.working(clock.calendar_id))
        change.ended += segments.go_on(clock, at=at)
        if clock.kind == ClockKind.RESOLUTION and clock.due_at is not None and clock.due_at != before:
            moved.append(Moved(clock=clock, came_from=before, became=clock.due_at))
    store(change)
    return moved


def stop(interaction: Interaction, kinds: Iterable[ClockKind], *, at: datetime) -> None:
    """End promises: kept when `at` is not after the deadline. A broken one that no sweep saw yet is marked here."""
    change = held(interaction, at=at)
    wanted = set(kinds)
    for clock in change.each(lambda clock: clock.stopped_at is None and ClockKind(clock.kind) in wanted):
        break_late(change, clock)
        change.ended += segments.stop(clock, at=at)
    store(change)


def restart(interaction: Interaction, *, at: datetime) -> None:
    """A reopened matter goes on with what was left of its resolution when it was resolved."""
    change = held(interaction, at=at)
    for clock in change.each(lambda clock: clock.kind == ClockKind.RESOLUTION and clock.stopped_at is not None):
        change.ended += segments.restart(clock, RESOLVED, at=at)
    store(change)


def respond(interaction: Interaction, *, at: datetime) -> None:
    """The enterprise answered: what it owed an answer by is kept. Sets columns; the caller saves.

    What the enterprise raised itself has no first response of the enterprise.
    """
    if interaction.direction == Direction.INBOUND and interaction.first_response_at is None:
        note_response(interaction, at=at)
    stop(interaction, RESPONSES, at=at)


def note_response(interaction: Interaction, *, at: datetime) -> None:
    """The first response was given. Sets columns; the caller saves."""
    spent = business_time.elapsed(interaction.created_at, max(at, interaction.created_at), ball.hours(interaction))
    interaction.first_response_at = at
    interaction.response_seconds = ball.seconds(spent)
    interaction.response_elapsed = max(ball.seconds(at - interaction.created_at), 0)


def owe(interaction: Interaction, *, at: datetime) -> None:
    """The partner said something: from now on it is owed the next response, unless it is owed one already."""
    policy = interaction.policy
    is_first_owed = interaction.direction == Direction.INBOUND and interaction.first_response_at is None
    if policy is None or policy.next_response is None or is_first_owed:
        return
    change = held(interaction, at=at)
    if not change.each(lambda clock: clock.kind == ClockKind.NEXT_RESPONSE):
        change.clocks.append(started(interaction, ClockKind.NEXT_RESPONSE, policy.next_response, at=at))
        start(change.clocks[-1:])
        store(change)


def await_answer(interaction: Interaction, *, at: datetime) -> None:
    """Measure how long the other side takes, by when it was asked to answer or else by the policy.

    Sets until when we wait; the caller saves.
    """
    policy, until = interaction.policy, interaction.waiting_until
    if interaction.ball == Side.PARTNER and until is None and policy is not None and policy.answer is not None:
        until = business_time.due(at, policy.answer, ball.hours(interaction))
        interaction.waiting_until = until
    if until is None or interaction.calendar_id is None:
        return
    within = max(business_time.elapsed(at, until, ball.hours(interaction)), timedelta(0))
    kind = ClockKind.PARTNER_ANSWER if interaction.ball == Side.PARTNER else ClockKind.THIRD_PARTY_ANSWER
    start([started(interaction, kind, within, at=at, due_at=max(until, at))])


def finish_step(step: Step, *, at: datetime) -> None:
    """A step ended: its clock stops, and what it took is known. Sets a column of the step; the caller saves."""
    change = held(step.interaction, at=at)
    for clock in change.each(lambda clock: clock.step_id == step.pk and clock.stopped_at is None):
        break_late(change, clock)
        change.ended += segments.stop(clock, at=at)
        step.worked = clock.counted
    if step.worked is None and step.opened_at is not None:
        step.worked = business_time.elapsed(step.opened_at, max(at, step.opened_at), forecast.hours_of(step))
    keep(change)


def break_late(change: Change, clock: Clock) -> None:
    """Mark and record a promise that broke before now when no sweep has seen it yet."""
    if clock.due_at is None or clock.due_at >= change.at or clock.told_share >= DUE:
        return
    told = thresholds.told_at(clock, DUE)
    clock.breached_at, clock.told_share = clock.breached_at or clock.due_at, DUE
    change.warned.append(ClockWarning(clock=clock, round=clock.round, share=DUE, told=told, at=change.at))
    change.told.append(fact(clock, DUE, actor=SYSTEM, at=change.at))


def look_again(interaction: Interaction, *, at: datetime) -> None:
    """What is left to do has changed, and with it the forecast. Stores what follows from it."""
    store(held(interaction, at=at))
    # not its version: who is just writing an answer should not have to start again
    interaction.save(update_fields=["due_at", "jeopardy"])


def store(change: Change) -> None:
    """Keep what became of clocks, and what follows for the interaction: its columns are set; the caller saves."""
    jeopardy.assess(change.interaction, change.clocks, at=change.at)
    keep(change)


def keep(change: Change) -> None:
    for clock in change.clocks:
        thresholds.schedule(clock)
    rows.update(change.clocks, STORED)
    rows.insert(change.ended)
    rows.insert(change.warned)
    steps = [clock.step for clock in change.clocks if clock.step is not None and clock.stopped_at is None]
    for clock in change.clocks:
        if clock.step is not None:
            clock.step.due_at = clock.due_at
    rows.update(steps, ["due_at"])
    record.append_all(change.told)


def hear(interaction: Interaction, *, at: datetime) -> None:
    """Both sides know how things stand: silence is counted anew. Sets the column; the caller saves."""
    if interaction.policy is not None:
        interaction.silence_due_at = business_time.due(at, interaction.policy.silence_limit, ball.hours(interaction))


def fact(clock: Clock, share: int, *, actor: Actor, at: datetime) -> Fact:
    """What the record says of a threshold that was passed; nobody is bothered where nobody asked to be told."""
    told = [str(target) for target in thresholds.told_at(clock, share)]
    due_at = clock.due_at.isoformat() if clock.due_at else None
    known: dict[str, Any] = {"clock": str(clock.kind), "share": share, "tell": told, "due_at": due_at}
    if clock.step is not None:
        known |= {"step": clock.step.position, "team": clock.step.team.code, "assignee": clock.step.assignee_id}
    event = thresholds.event_of(clock, share)
    return facts.about(clock.interaction, event, actor=actor, at=at, quiet=not told, **known)
