"""No time is lost: whatever a clock went through, its segments and what is left make up what was promised."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.domain import segments, thresholds
from interactions.enums import ClockKind, SegmentState
from interactions.models import Clock, ClockSegment
from partners.domain import business_time
from partners.domain import calendars as stored_calendars
from partners.domain.business_time import WorkingCalendar
from partners.models import CalendarVersion
from tests.factories.partners import CalendarFactory, OfficeCalendarFactory, moment
from tests.partners.test_business_time_properties import calendars

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
FRIDAY = moment("2026-06-12 07:00")  # nine o'clock in Berlin


def a_clock(within: timedelta, *, calendar_id: int, at: datetime) -> Clock:
    hours = stored_calendars.working(calendar_id)
    return Clock(
        kind=ClockKind.RESOLUTION,
        calendar_id=calendar_id,
        within=within,
        started_at=at,
        since=at,
        due_at=business_time.due(at, within, hours),
    )


def office() -> int:
    return stored_calendars.current(OfficeCalendarFactory.create().pk).pk


def told(kept: list[ClockSegment]) -> list[tuple[str, str, str, float]]:
    return [(one.state, f"{one.began_at:%a %H:%M}", f"{one.ended_at:%a %H:%M}", one.counted / HOUR) for one in kept]


def test_a_weekend_of_waiting_by_hand() -> None:
    """Promised sixteen hours, nine to five in Berlin: Friday 9:00, asked 16:30, answered Monday 11:20."""
    clock = a_clock(16 * HOUR, calendar_id=office(), at=FRIDAY)

    kept = segments.pause(clock, "the order number", at=moment("2026-06-12 14:30"))
    kept += segments.go_on(clock, at=moment("2026-06-15 09:20"))
    kept += segments.stop(clock, at=moment("2026-06-16 08:20"))

    assert told(kept) == [
        ("running", "Fri 07:00", "Fri 14:30", 7.5),
        ("paused", "Fri 14:30", "Mon 09:20", pytest.approx(0.5 + 2 + 1 / 3)),  # half an hour of Friday, then from nine
        ("running", "Mon 09:20", "Tue 08:20", pytest.approx(5 + 2 / 3 + 1 + 1 / 3)),
    ]
    assert kept[1].reason == "the order number"
    assert clock.due_at == moment("2026-06-16 09:50")
    assert (clock.counted, clock.left) == (14.5 * HOUR, 1.5 * HOUR)


def test_what_was_resolved_and_reopened_stood_still_between() -> None:
    clock = a_clock(16 * HOUR, calendar_id=office(), at=FRIDAY)

    kept = segments.stop(clock, at=FRIDAY + HOUR)
    kept += segments.restart(clock, "resolved", at=moment("2026-06-15 07:00"))

    assert told(kept) == [("running", "Fri 07:00", "Fri 08:00", 1), ("paused", "Fri 08:00", "Mon 07:00", 7)]
    assert clock.due_at == moment("2026-06-16 14:00")


def test_a_pause_that_takes_no_time_leaves_no_segment() -> None:
    clock = a_clock(16 * HOUR, calendar_id=office(), at=FRIDAY)
    before = clock.due_at

    kept = segments.pause(clock, "a number", at=FRIDAY) + segments.go_on(clock, at=FRIDAY)

    assert (kept, clock.due_at) == ([], before)


def test_a_verb_that_waited_for_the_lock_takes_no_time_back() -> None:
    clock = a_clock(16 * HOUR, calendar_id=office(), at=FRIDAY)

    kept = segments.pause(clock, "a number", at=FRIDAY + 2 * HOUR)
    kept += segments.go_on(clock, at=FRIDAY + HOUR)  # had looked at the clock before the other verb

    assert told(kept) == [("running", "Fri 07:00", "Fri 09:00", 2)]
    assert (clock.since, clock.due_at) == (FRIDAY + 2 * HOUR, moment("2026-06-15 15:00"))


@pytest.mark.parametrize(
    ("share", "at"),
    [
        (50, "2026-06-12 15:00"),  # eight of sixteen hours: closing time on Friday
        (75, "2026-06-15 11:00"),
        (100, "2026-06-15 15:00"),
        (150, "2026-06-16 15:00"),  # a whole day later
        (200, "2026-06-17 15:00"),
    ],
)
def test_thresholds_by_hand(share: int, at: str) -> None:
    clock = a_clock(16 * HOUR, calendar_id=office(), at=FRIDAY)

    assert thresholds.moment(clock, share) == moment(at)


def test_a_threshold_moves_with_the_pause() -> None:
    clock = a_clock(16 * HOUR, calendar_id=office(), at=FRIDAY)
    segments.pause(clock, "a number", at=FRIDAY + 2 * HOUR)
    segments.go_on(clock, at=FRIDAY + 5 * HOUR)

    assert thresholds.moment(clock, 50) == moment("2026-06-15 10:00")  # three hours later


def a_version(calendar: WorkingCalendar) -> int:
    """The calendar as an installation keeps it."""
    version = CalendarVersion(
        calendar=CalendarFactory.create(version=None),
        number=1,
        time_zone=calendar.zone,
        weekly_hours=[[str(frame).split("-") for frame in day] for day in calendar.weekly],
        country=calendar.country,
        region=calendar.region,
        closed_dates=[day.isoformat() for day in sorted(calendar.closed_dates)],
        open_dates=[day.isoformat() for day in sorted(calendar.open_dates)],
    )
    version.save()
    return version.pk


ACTS = {"pause": "running", "go_on": "paused", "move": "open", "stop": "any", "restart": "stopped"}
starts = st.datetimes(datetime(2019, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds go without zone
journeys = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.timedeltas(timedelta(minutes=-3), timedelta(days=9))), max_size=12
)


def can(clock: Clock, act: str) -> bool:
    if clock.stopped_at is not None:
        return act == "restart"
    return act != "restart" and (act in {"stop", "move"} or (act == "pause") == clock.is_running)


@settings(deadline=None, max_examples=60)
@given(
    calendar=calendars(),
    start=starts,
    within=st.timedeltas(timedelta(minutes=1), timedelta(hours=60)),
    journey=journeys,
)
def test_segments_and_what_is_left_make_up_the_promise(
    calendar: WorkingCalendar, start: datetime, within: timedelta, journey: list[tuple[str, timedelta]]
) -> None:
    clock = a_clock(within, calendar_id=a_version(calendar), at=start)
    hours, at, kept = stored_calendars.working(clock.calendar_id), start, []

    for act, wait in journey:
        at += wait
        if not can(clock, act):
            continue
        if act == "move":
            to = business_time.due(max(at, clock.since or at), within, hours)
            segments.move(clock, to, at=max(at, clock.since or at))
            assert clock.due_at == (to if clock.is_running else None)
            assert clock.is_paused or business_time.due(clock.since or at, clock.left, hours) == to
        else:
            more = {"why": "a number"} if act in {"pause", "restart"} else {}
            kept += getattr(segments, act)(clock, *more.values(), at=at)

    running = [one for one in kept if one.state == SegmentState.RUNNING]
    paused = [one for one in kept if one.state == SegmentState.PAUSED]
    assert clock.counted == sum((one.counted for one in running), timedelta())
    assert clock.counted + clock.left == within + clock.extension
    assert all(one.counted == business_time.elapsed(one.began_at, one.ended_at, hours) for one in kept)
    # each begins where the one before ended: no moment is in two, none in none
    assert [one.began_at for one in kept] == [start, *(one.ended_at for one in kept)][: len(kept)]
    assert (clock.since or clock.stopped_at) == (kept[-1].ended_at if kept else start)
    if clock.is_running and clock.due_at is not None and clock.since is not None:
        credited = sum((one.counted for one in paused), timedelta())
        assert business_time.elapsed(clock.since, clock.due_at, hours) == clock.left
        assert business_time.elapsed(start, clock.due_at, hours) == within + clock.extension + credited
