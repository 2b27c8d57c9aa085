"""Promises by worked example. Office hours: Monday to Friday, nine to five in Berlin; June is UTC+2."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from interactions.domain import watch
from interactions.enums import ClockKind, Direction, Move, Side, Status
from interactions.models import Clock, Interaction
from partners.domain import calendars
from partners.models import CalendarVersion, RecordEntry
from tests.factories.partners import LONG_AGO, moment
from tests.factories.world import a_partner, a_policy
from tests.interactions.stages import HOUR, MONDAY, a_matter, an_office_policy, answered, events, made

pytestmark = pytest.mark.django_db

FRIDAY_MORNING = moment("2026-06-12 07:00")  # nine o'clock in Berlin
FRIDAY_EVENING = moment("2026-06-12 14:30")  # half past four in Berlin
NEXT_MONDAY = moment("2026-06-15 07:00")


def promised(at: datetime = FRIDAY_MORNING, *, first: float = 4, last: float = 16, **fields: Any) -> Interaction:
    """An interaction promised on office hours: four for the first response and sixteen for the resolution."""
    acme = a_partner()
    an_office_policy(partner=acme, first_response=first * HOUR, resolution=last * HOUR)
    return a_matter(partner=acme, at=at, **fields)


def clock(interaction: Interaction, kind: ClockKind = ClockKind.RESOLUTION) -> Clock:
    return interaction.clocks.get(kind=kind)


def due(interaction: Interaction) -> datetime | None:
    interaction.refresh_from_db()
    return interaction.due_at


def told(interaction: Interaction) -> list[tuple[str, str]]:
    entries = RecordEntry.objects.of_stream(interaction.stream).filter(event__startswith="clock.")
    return [(entry.event, entry.facts["clock"]) for entry in entries]


def test_promises_start_on_the_calendar_of_the_policy() -> None:
    interaction = promised()

    assert clock(interaction, ClockKind.FIRST_RESPONSE).due_at == moment("2026-06-12 11:00")
    assert clock(interaction).due_at == moment("2026-06-15 15:00")
    assert (clock(interaction).next_at, clock(interaction).next_share) == (moment("2026-06-15 11:00"), 75)
    assert due(interaction) == moment("2026-06-12 11:00")


def test_what_is_raised_promises_no_first_response() -> None:
    interaction = promised(direction=Direction.OUTBOUND)

    assert [each.kind for each in interaction.clocks.all()] == [ClockKind.RESOLUTION]


def test_the_first_answer_ends_the_first_promise_and_the_next_one_is_due() -> None:
    interaction = promised()

    answered(interaction, FRIDAY_MORNING + HOUR)
    answered(interaction, FRIDAY_MORNING + 2 * HOUR)

    kept = clock(interaction, ClockKind.FIRST_RESPONSE)
    assert (kept.stopped_at, kept.breached_at) == (FRIDAY_MORNING + HOUR, None)
    assert due(interaction) == moment("2026-06-15 15:00")
    assert interaction.first_response_at == FRIDAY_MORNING + HOUR


def test_a_pause_from_friday_evening_to_monday_is_credited_to_the_minute() -> None:
    interaction = promised()
    answered(interaction, FRIDAY_MORNING)
    made(interaction, Move.ASK, at=FRIDAY_EVENING)  # seven and a half of sixteen hours used

    paused = clock(interaction)
    assert (paused.left, paused.due_at, paused.since) == (8.5 * HOUR, None, FRIDAY_EVENING)
    assert paused.paused_why == "the order number"
    assert due(interaction) is None

    answered(interaction, moment("2026-06-15 09:20"), Side.PARTNER)  # twenty past eleven in Berlin

    resumed = clock(interaction)
    # 5 h 40 min are left of Monday, so 2 h 50 min of Tuesday
    assert (resumed.due_at, resumed.since) == (moment("2026-06-16 09:50"), moment("2026-06-15 09:20"))
    assert (resumed.next_at, resumed.next_share) == (moment("2026-06-15 13:50"), 75)
    assert resumed.paused_why == ""
    assert due(interaction) == moment("2026-06-16 09:50")


def test_a_pause_over_closed_hours_only_moves_nothing() -> None:
    interaction = promised()
    before = clock(interaction).due_at

    made(interaction, Move.ASK, at=moment("2026-06-12 15:30"))
    made(interaction, Move.RESUME, at=moment("2026-06-15 06:59"))

    assert clock(interaction).due_at == before


def test_several_pauses_add_up() -> None:
    interaction = promised()
    at = FRIDAY_MORNING
    for _ in range(3):
        interaction = made(interaction, Move.ASK, at=at + HOUR)
        interaction = made(interaction, Move.RESUME, at=at + 2 * HOUR)
        at += 2 * HOUR

    assert clock(interaction).due_at == moment("2026-06-16 10:00")


@pytest.mark.parametrize(
    ("at", "broke"),
    [("2026-06-12 10:59", False), ("2026-06-12 11:00", False), ("2026-06-12 11:01", True)],
)
def test_a_promise_is_kept_until_its_deadline(at: str, broke: bool) -> None:
    interaction = promised()

    answered(interaction, moment(at))

    first = clock(interaction, ClockKind.FIRST_RESPONSE)
    assert first.breached_at == (moment("2026-06-12 11:00") if broke else None)
    assert told(interaction) == ([("clock.breached", "first_response")] if broke else [])


@pytest.mark.parametrize(("seconds", "broken"), [(0, 0), (1, 1)])
def test_a_sweep_at_the_deadline_breaks_nothing(seconds: int, broken: int) -> None:
    interaction = promised()

    watch.sweep(at=moment("2026-06-12 11:00") + timedelta(seconds=seconds))

    assert told(interaction).count(("clock.breached", "first_response")) == broken


def test_a_sweep_warns_and_breaks_each_promise_once() -> None:
    interaction = promised()
    for at in ("2026-06-12 09:59", "2026-06-12 10:00", "2026-06-12 10:01", "2026-06-12 12:00", "2026-06-16 10:00"):
        watch.sweep(at=moment(at))
        assert watch.sweep(at=moment(at)) == 0

    assert told(interaction) == [
        ("clock.warned", "first_response"),
        ("clock.breached", "first_response"),
        ("clock.escalated", "first_response"),
        ("clock.breached", "resolution"),
    ]
    assert clock(interaction).breached_at == moment("2026-06-15 15:00")


def test_a_sweep_after_a_late_answer_adds_nothing() -> None:
    interaction = promised()
    answered(interaction, moment("2026-06-12 11:30"))

    watch.sweep(at=moment("2026-06-12 12:00"))

    assert told(interaction) == [("clock.breached", "first_response")]


def test_paused_and_ended_promises_are_not_swept() -> None:
    paused, ended = promised(), a_matter(Status.CANCELLED, at=FRIDAY_MORNING)
    made(paused, Move.ASK, at=FRIDAY_MORNING + HOUR)

    watch.sweep(at=moment("2026-12-01 10:00"))

    assert (told(paused), told(ended)) == ([], [])


def test_more_clocks_than_one_portion_are_all_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "AT_ONCE", 2)
    matters = [promised()] + [a_matter(at=FRIDAY_MORNING) for _ in range(4)]

    handled = watch.sweep(at=moment("2026-12-01 10:00"))

    assert handled == 20  # of each of two clocks: it broke, and was left broken
    assert all(len(told(matter)) == 4 for matter in matters)


def test_a_promise_that_broke_before_a_pause_is_recorded_and_stays_overdue() -> None:
    interaction = promised(last=4)
    made(interaction, Move.ASK, at=moment("2026-06-12 12:00"))  # one hour late

    assert clock(interaction).breached_at == moment("2026-06-12 11:00")
    assert clock(interaction).left == -HOUR
    made(interaction, Move.RESUME, at=moment("2026-06-15 09:00"))

    assert clock(interaction).due_at == moment("2026-06-15 08:00")
    watch.sweep(at=moment("2026-06-20 09:00"))
    assert told(interaction).count(("clock.breached", "resolution")) == 1


def test_a_reopened_matter_goes_on_with_what_was_left() -> None:
    interaction = promised()
    made(interaction, Move.RESOLVE, at=FRIDAY_MORNING + HOUR)
    assert due(interaction) is None

    made(interaction, Move.REOPEN, at=NEXT_MONDAY)

    again = clock(interaction)
    assert (again.stopped_at, again.due_at) == (None, moment("2026-06-16 14:00"))
    assert again.next_at == moment("2026-06-16 10:00")
    assert due(interaction) == again.due_at
    assert clock(interaction, ClockKind.FIRST_RESPONSE).stopped_at == FRIDAY_MORNING + HOUR


def test_closing_later_does_not_use_up_what_was_left() -> None:
    interaction = promised()
    made(interaction, Move.RESOLVE, at=FRIDAY_MORNING + HOUR)
    made(interaction, Move.CLOSE, at=FRIDAY_MORNING + 5 * HOUR)

    made(interaction, Move.REOPEN, at=NEXT_MONDAY)

    assert clock(interaction).due_at == moment("2026-06-16 14:00")


def test_a_reopened_matter_that_was_late_is_late_by_as_much_and_breaks_once() -> None:
    interaction = promised(last=4)
    made(interaction, Move.RESOLVE, at=moment("2026-06-12 13:00"))  # two hours late

    made(interaction, Move.REOPEN, at=moment("2026-06-15 10:00"))
    watch.sweep(at=moment("2026-06-20 09:00"))

    again = clock(interaction)
    assert (again.due_at, again.breached_at) == (moment("2026-06-15 08:00"), moment("2026-06-12 11:00"))
    assert told(interaction).count(("clock.breached", "resolution")) == 1


def test_a_reopened_matter_that_is_late_at_last_is_recorded_then() -> None:
    interaction = promised(last=4)
    made(interaction, Move.RESOLVE, at=FRIDAY_MORNING + HOUR)
    made(interaction, Move.REOPEN, at=NEXT_MONDAY)

    watch.sweep(at=NEXT_MONDAY + 3 * HOUR)
    assert ("clock.breached", "resolution") not in told(interaction)
    watch.sweep(at=NEXT_MONDAY + 3 * HOUR + timedelta(seconds=1))

    assert clock(interaction).breached_at == NEXT_MONDAY + 3 * HOUR


def test_waiting_keeps_the_reopened_remainder() -> None:
    interaction = promised()
    made(interaction, Move.RESOLVE, at=FRIDAY_MORNING + HOUR)
    made(interaction, Move.REOPEN, at=NEXT_MONDAY)
    made(interaction, Move.ASK, at=NEXT_MONDAY + HOUR)

    assert clock(interaction).left == 14 * HOUR


@pytest.mark.parametrize("move", [Move.CANCEL, Move.ANNUL])
def test_promises_end_with_a_matter_that_is_called_off_while_it_waits(move: Move) -> None:
    interaction = promised()
    made(interaction, Move.ASK, at=FRIDAY_MORNING + HOUR)

    made(interaction, move, at=FRIDAY_MORNING + 2 * HOUR)

    assert {each.stopped_at for each in interaction.clocks.all()} == {FRIDAY_MORNING + 2 * HOUR}
    assert {each.breached_at for each in interaction.clocks.all()} == {None}
    assert due(interaction) is None


def test_a_new_version_of_the_calendar_does_not_move_what_was_promised() -> None:
    interaction = promised()
    version = clock(interaction).calendar
    longer = CalendarVersion(time_zone="UTC", weekly_hours=[[["00:00", "24:00"]]] * 7)
    revised = calendars.revise(version.calendar, longer)

    made(interaction, Move.ASK, at=FRIDAY_EVENING)
    made(interaction, Move.RESUME, at=moment("2026-06-15 09:20"))

    assert clock(interaction).calendar == version
    assert clock(interaction).due_at == moment("2026-06-16 09:50")
    assert clock(a_matter(partner=interaction.partner, at=FRIDAY_MORNING)).calendar == revised


def test_a_new_policy_does_not_move_what_was_promised() -> None:
    interaction = promised()
    a_policy(partner=interaction.partner, resolution=HOUR, first_response=HOUR, effective_from=LONG_AGO)

    answered(interaction, FRIDAY_MORNING + HOUR)

    assert due(interaction) == moment("2026-06-15 15:00")


def test_silence_is_counted_anew_whenever_a_side_hears_something() -> None:
    acme = a_partner()
    a_policy(partner=acme, silence_limit=24 * HOUR, effective_from=LONG_AGO)
    interaction = a_matter(partner=acme)
    assert interaction.silence_due_at == MONDAY + 24 * HOUR

    answered(interaction, MONDAY + 5 * HOUR)

    interaction.refresh_from_db()
    assert interaction.silence_due_at == MONDAY + 29 * HOUR
    assert "item.added" in events(interaction)


@pytest.mark.parametrize("moves", [[Move.START], [Move.ASK, Move.RESUME]])
def test_what_nobody_is_told_of_breaks_no_silence(moves: list[Move]) -> None:
    interaction = promised()
    for hours, move in enumerate(moves[:-1], start=1):
        interaction = made(interaction, move, at=FRIDAY_MORNING + hours * HOUR)
    before = interaction.silence_due_at

    after = made(interaction, moves[-1], at=FRIDAY_MORNING + 3 * HOUR)

    assert after.silence_due_at == before
