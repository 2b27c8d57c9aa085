"""What holds for every calendar, zone and moment; minutes counted one by one on the wall clock are the judge."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from partners.domain import business_time
from partners.domain.business_time import Frame, WorkingCalendar

patient = settings(deadline=None)  # other tests run beside these, and the first look at a calendar is the slow one

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "UTC",
    "Asia/Tehran",
]
PLACES = [
    ("", ""),
    ("DE", ""),
    ("DE", "BY"),
    ("US", "NY"),
    ("IN", ""),
    ("AU", "NSW"),
    ("MA", ""),
    ("BR", "SP"),
    ("IR", ""),
]
CLOCK_CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # Berlin
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),  # New York
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),  # Lord Howe, by half an hour
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 2, 15, 2, tzinfo=UTC),  # Casablanca, before and after Ramadan
    datetime(2026, 3, 22, 2, tzinfo=UTC),
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # Sao Paulo, at midnight
    datetime(2019, 2, 17, 2, tzinfo=UTC),
    datetime(2022, 3, 21, 20, 30, tzinfo=UTC),  # Tehran, at midnight
    datetime(2022, 9, 21, 19, 30, tzinfo=UTC),
]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)

zones = st.sampled_from(ZONES)
minutes_apart = st.integers(-3000, 3000) | st.integers(-200, 200).map(lambda quarters: 15 * quarters)  # on frames' ends
near_changes = st.builds(
    lambda change, minutes: change + minutes * MINUTE, st.sampled_from(CLOCK_CHANGES), minutes_apart
)
any_time = st.datetimes(datetime(2018, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds go without zone
moments = st.builds(lambda moment, zone: moment.astimezone(ZoneInfo(zone)), near_changes | any_time, zones)
spans = st.timedeltas(timedelta(), 100 * HOUR) | st.integers(0, 400).map(lambda quarters: quarters * 15 * MINUTE)


def _frames(quarters: list[int]) -> tuple[Frame, ...]:
    bounds = sorted(quarters)
    return tuple(
        Frame(opens=15 * opens, closes=15 * closes) for opens, closes in zip(bounds[::2], bounds[1::2], strict=False)
    )


frames = st.lists(st.integers(0, 24 * 4), max_size=6, unique=True).map(_frames)
working_weeks = st.tuples(*[frames] * 7).filter(
    lambda week: sum(f.closes - f.opens for day in week for f in day) >= 120
)
round_the_clock = st.just(((Frame(opens=0, closes=24 * 60),),) * 7)
change_days = [(change + timedelta(days=days)).date() for change in CLOCK_CHANGES for days in (-1, 0, 1)]


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    country, region = draw(st.sampled_from(PLACES))
    closed = draw(st.frozensets(st.sampled_from(change_days), max_size=3))
    opened = draw(
        st.frozensets(st.sampled_from(change_days) | st.dates(date(2018, 1, 1), date(2028, 1, 1)), max_size=3)
    )
    return WorkingCalendar(
        zone=draw(zones),
        weekly=draw(working_weeks | round_the_clock),
        country=country,
        region=region,
        closed_dates=closed,
        open_dates=opened - closed,
    )


def wall_clock_says_open(at: datetime, calendar: WorkingCalendar) -> bool:
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    return any(frame.opens <= minute < frame.closes for frame in calendar.frames_on(local.date()))


@patient
@given(calendars(), moments)
def test_open_is_what_the_wall_clock_says(calendar: WorkingCalendar, at: datetime) -> None:
    assert business_time.is_open(at, calendar) == wall_clock_says_open(at, calendar)


@patient
@given(calendars(), near_changes, st.integers(0, 36 * 60))
def test_elapsed_is_the_number_of_open_minutes(calendar: WorkingCalendar, start: datetime, minutes: int) -> None:
    open_minutes = sum(wall_clock_says_open(start + number * MINUTE, calendar) for number in range(minutes))

    assert business_time.elapsed(start, start + minutes * MINUTE, calendar) == open_minutes * MINUTE


@patient
@given(calendars(), moments, spans, st.sampled_from([1, -1]))
def test_a_deadline_uses_exactly_what_was_promised(
    calendar: WorkingCalendar, start: datetime, within: timedelta, direction: int
) -> None:
    due_at = business_time.due(start, direction * within, calendar)

    assert business_time.elapsed(start, due_at, calendar) == direction * within
    assert business_time.left(due_at, start, calendar) == -direction * within


@patient
@given(calendars(), moments, spans.filter(bool))
def test_a_deadline_ends_open_time(calendar: WorkingCalendar, start: datetime, within: timedelta) -> None:
    assert business_time.is_open(business_time.due(start, within, calendar) - TICK, calendar)
    assert business_time.is_open(business_time.due(start, -within, calendar), calendar)


@patient
@given(calendars(), moments, spans, spans)
def test_a_longer_promise_is_never_due_earlier(
    calendar: WorkingCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    shorter, longer = sorted([one, other])

    assert business_time.due(start, shorter, calendar) <= business_time.due(start, longer, calendar)


@patient
@given(calendars(), moments, st.timedeltas(timedelta(), timedelta(days=9)), spans)
def test_a_later_start_is_never_due_earlier(
    calendar: WorkingCalendar, start: datetime, delay: timedelta, within: timedelta
) -> None:
    later = start.astimezone(UTC) + delay

    assert business_time.due(start, within, calendar) <= business_time.due(later, within, calendar)
    assert business_time.due(start, -within, calendar) <= business_time.due(later, -within, calendar)


@patient
@given(calendars(), moments, spans, spans)
def test_a_promise_in_two_parts_is_due_with_the_whole(
    calendar: WorkingCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    halfway = business_time.due(start, first, calendar)

    assert business_time.due(halfway, second, calendar) == business_time.due(start, first + second, calendar)


@patient
@given(
    calendars(), moments, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=9))
)
def test_open_time_adds_up_over_any_cut(
    calendar: WorkingCalendar, start: datetime, before: timedelta, after: timedelta
) -> None:
    cut = start.astimezone(UTC) + before
    parts = business_time.elapsed(start, cut, calendar) + business_time.elapsed(cut, cut + after, calendar)

    assert business_time.elapsed(start, cut + after, calendar) == parts
    assert business_time.elapsed(cut + after, start, calendar) == -parts


@patient
@given(calendars(), moments, zones, spans)
def test_the_zone_a_moment_is_written_in_changes_nothing(
    calendar: WorkingCalendar, start: datetime, zone: str, within: timedelta
) -> None:
    rewritten = start.astimezone(ZoneInfo(zone))
    due_at = business_time.due(start, within, calendar)

    assert business_time.due(rewritten, within, calendar) == due_at
    assert due_at.tzinfo is UTC
    assert business_time.elapsed(rewritten, due_at.astimezone(ZoneInfo(zone)), calendar) == within
    assert business_time.is_open(rewritten, calendar) == business_time.is_open(start, calendar)
    assert business_time.next_opening(rewritten, calendar) == business_time.next_opening(start, calendar)


@patient
@given(calendars(), moments)
def test_nothing_is_open_before_the_next_opening(calendar: WorkingCalendar, at: datetime) -> None:
    opening = business_time.next_opening(at, calendar)

    assert opening >= at.astimezone(UTC)
    assert business_time.is_open(opening, calendar)
    assert business_time.elapsed(at, opening, calendar) == timedelta()
    assert (opening == at.astimezone(UTC)) == business_time.is_open(at, calendar)


@patient
@given(zones, moments, st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
@example("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC), timedelta(days=1))
def test_round_the_clock_equals_plain_addition_in_every_zone(zone: str, start: datetime, within: timedelta) -> None:
    calendar = WorkingCalendar(zone=zone, weekly=((Frame(opens=0, closes=24 * 60),),) * 7)

    assert business_time.due(start, within, calendar) == start.astimezone(UTC) + within
    assert business_time.elapsed(start, start.astimezone(UTC) + within, calendar) == within


@patient
@given(
    calendars(), moments, spans, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), 90 * HOUR)
)
def test_a_pause_moves_the_deadline_by_the_open_time_paused(
    calendar: WorkingCalendar, start: datetime, within: timedelta, until_pause: timedelta, paused: timedelta
) -> None:
    pause_at = start.astimezone(UTC) + until_pause
    resume_at = pause_at + paused

    left = business_time.left(pause_at, business_time.due(start, within, calendar), calendar)
    moved = business_time.due(resume_at, left, calendar)

    assert business_time.left(resume_at, moved, calendar) == left
    assert business_time.elapsed(start, moved, calendar) == within + business_time.elapsed(
        pause_at, resume_at, calendar
    )
