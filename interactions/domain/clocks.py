"""Promises: counted on a business calendar, paused with a reason, warned before they break and marked when they do."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from interactions.domain import facts
from interactions.enums import ClockKind, Direction, Event
from interactions.models import Clock, Interaction
from partners.domain import business_time, calendars, record, rows
from partners.models import PolicyVersion
from partners.payloads import SYSTEM, Actor, Fact

WARN_WITH_LEFT = 0.25  # warn when this share of a promise is left
SWEEP_AT_ONCE = 200


def wind(interaction: Interaction, policy: PolicyVersion, *, at: datetime) -> list[Clock]:
    """The promises of a policy for an interaction not yet stored, whose deadlines it sets.

    What the enterprise raised itself promises no first response.
    """
    version = calendars.promised_on(policy)
    promised = {ClockKind.RESOLUTION: policy.resolution}
    if interaction.direction == Direction.INBOUND:
        promised[ClockKind.FIRST_RESPONSE] = policy.first_response
    clocks = [started(interaction, policy, version, kind, within, at) for kind, within in promised.items()]
    interaction.policy = policy
    interaction.due_at = min(clock.due_at for clock in clocks if clock.due_at)
    interaction.silence_due_at = business_time.due(at, policy.silence_limit, calendars.working(version))
    return clocks


def start(promises: list[Clock]) -> None:
    """Store what `wind` made, once the interaction is stored."""
    for clock in promises:
        clock.interaction_id = clock.interaction.pk
    rows.insert(promises)


def started(
    interaction: Interaction,
    policy: PolicyVersion,
    version: int,
    kind: ClockKind,
    within: timedelta,
    at: datetime,
) -> Clock:
    calendar = calendars.working(version)
    return Clock(
        interaction=interaction,
        kind=kind,
        policy=policy,
        calendar_id=version,
        within=within,
        started_at=at,
        due_at=business_time.due(at, within, calendar),
        warn_at=business_time.due(at, within * (1 - WARN_WITH_LEFT), calendar),
    )


def pause(interaction: Interaction, *, why: str, at: datetime) -> None:
    """Stop counting every running promise of the interaction; keep what is left of each."""
    for clock in locked(interaction):
        if clock.is_running and clock.due_at is not None:
            break_late(clock, at=at)
            clock.left = left_at(clock, at)
            clock.due_at = clock.warn_at = None
            clock.paused_at, clock.paused_why = at, why[:500]
            clock.save(update_fields=["left", "due_at", "warn_at", "paused_at", "paused_why", "breached_at"])
    refresh(interaction)


def resume(interaction: Interaction, *, at: datetime) -> None:
    """Go on counting with what was left; the pause is credited."""
    for clock in locked(interaction):
        if clock.is_paused:
            go_on(clock, left_at(clock, at), at=at)
    refresh(interaction)


def stop(interaction: Interaction, kinds: Iterable[ClockKind], *, at: datetime) -> None:
    """End promises: kept when `at` is not after the deadline. A broken one that no sweep saw yet is marked here."""
    for clock in locked(interaction):
        if ClockKind(clock.kind) in kinds and clock.stopped_at is None:
            break_late(clock, at=at)
            clock.stopped_at = at
            clock.save(update_fields=["stopped_at", "breached_at"])
    refresh(interaction)


def restart(interaction: Interaction, *, at: datetime) -> None:
    """A reopened matter goes on with what was left of its resolution when it was resolved."""
    for clock in locked(interaction):
        if clock.kind == ClockKind.RESOLUTION and clock.stopped_at is not None:
            go_on(clock, left_at(clock, clock.stopped_at), at=at)
    refresh(interaction)


def left_at(clock: Clock, at: datetime) -> timedelta:
    """Business time until the deadline, as kept while paused; negative when it has passed."""
    if clock.due_at is None:
        return clock.left or timedelta(0)
    return business_time.left(at, clock.due_at, calendars.working(clock.calendar_id))


def go_on(clock: Clock, left: timedelta, *, at: datetime) -> None:
    """Count from now with what is left; an overdue promise stays overdue by as much as it was."""
    calendar = calendars.working(clock.calendar_id)
    clock.due_at = business_time.due(at, left, calendar)
    until_warning = left - clock.within * WARN_WITH_LEFT
    clock.warn_at = business_time.due(at, until_warning, calendar) if until_warning > timedelta(0) else at
    clock.left = clock.paused_at = clock.stopped_at = None
    clock.paused_why = ""
    clock.save(update_fields=["left", "due_at", "warn_at", "paused_at", "paused_why", "stopped_at"])


def break_late(clock: Clock, *, at: datetime) -> None:
    """Mark and record a promise that broke before `at` when no sweep has seen it yet. The caller saves the clock."""
    if clock.due_at is not None and clock.due_at < at and clock.breached_at is None:
        clock.breached_at = clock.due_at
        record.append(told(clock, Event.CLOCK_BREACHED, actor=SYSTEM, at=at))


def hear(interaction: Interaction, *, at: datetime) -> None:
    """Both sides know how things stand: silence is counted anew. Sets the column; the caller saves."""
    if interaction.policy is None:
        return
    calendar = calendars.working(calendars.promised_on(interaction.policy))
    interaction.silence_due_at = business_time.due(at, interaction.policy.silence_limit, calendar)


def locked(interaction: Interaction) -> list[Clock]:
    # of=("self",): the policy and calendar rows are shared by everybody
    return list(
        Clock.objects.select_for_update(of=("self",), no_key=True).filter(interaction=interaction).order_by("id")
    )


def refresh(interaction: Interaction) -> None:
    """Keep the interaction's nearest deadline, which lists sort by. Sets the column; the caller saves."""
    interaction.due_at = Clock.objects.running().filter(interaction=interaction).aggregate(due=Min("due_at"))["due"]


def sweep(*, at: datetime) -> int:
    """Warn of and mark what is due, in portions; returns how many clocks were handled. Safe to run twice at once."""
    # all that broke first: what is over is not warned of any more
    return sum(iter(lambda: breach_some(at=at, actor=SYSTEM), 0)) + sum(iter(lambda: warn_some(at=at, actor=SYSTEM), 0))


@transaction.atomic
def breach_some(*, at: datetime, actor: Actor) -> int:
    # skip_locked: a second sweep, or a verb that is just stopping the clock, is not waited for
    # of the interaction too: a verb that holds it and has written to its record would wait for us, and we for it
    clocks = list(
        Clock.objects.breaching(at)
        .select_for_update(of=("self", "interaction"), no_key=True, skip_locked=True)
        .select_related("interaction")
        .order_by("due_at")[:SWEEP_AT_ONCE]
    )
    for clock in clocks:
        clock.breached_at = clock.due_at
    Clock.objects.bulk_update(clocks, ["breached_at"])
    record.append_all([told(clock, Event.CLOCK_BREACHED, actor=actor, at=at) for clock in clocks])
    return len(clocks)


@transaction.atomic
def warn_some(*, at: datetime, actor: Actor) -> int:
    clocks = list(
        Clock.objects.to_warn(at)
        .select_for_update(of=("self", "interaction"), no_key=True, skip_locked=True)
        .select_related("interaction")
        .order_by("warn_at")[:SWEEP_AT_ONCE]
    )
    for clock in clocks:
        clock.warned_at = at
    Clock.objects.bulk_update(clocks, ["warned_at"])
    record.append_all([told(clock, Event.CLOCK_WARNED, actor=actor, at=at) for clock in clocks])
    return len(clocks)


def told(clock: Clock, event: Event, *, actor: Actor, at: datetime) -> Fact:
    due_at = clock.due_at.isoformat() if clock.due_at else None
    return facts.about(clock.interaction, event, actor=actor, at=at, clock=clock.kind, due_at=due_at)
