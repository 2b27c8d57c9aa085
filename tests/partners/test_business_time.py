"""Worked examples, counted by hand; the properties that hold for every calendar stand in the file next to this one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from partners.domain import business_time

OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
WORK_WEEK = [OFFICE] * 5 + [[], []]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def calendar_of(
    weekly_hours: list[Any], time_zone: str = "Europe/Berlin", **place: Any
) -> business_time.WorkingCalendar:
    return business_time.from_json(time_zone=time_zone, weekly_hours=weekly_hours, **place)


def every_day(*frames: list[str], time_zone: str = "Europe/Berlin") -> business_time.WorkingCalendar:
    return calendar_of([list(frames)] * 7, time_zone)


def sundays(*frames: list[str]) -> business_time.WorkingCalendar:
    return calendar_of([[]] * 6 + [list(frames)])


def berlin(text: str, fold: int = 0) -> datetime:
    # in UTC, since Python calls a moment of the repeated hour unequal to that of any other zone
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-06-05T17:30", 2, "2026-06-08T10:30"),  # Friday evening runs on into Monday
        ("2026-06-02T11:30", 1, "2026-06-02T13:30"),  # over the lunch break
        ("2026-06-02T10:00", 1, "2026-06-02T11:00"),
        ("2026-06-02T10:00", 2, "2026-06-02T12:00"),  # lands on closing time and stays there
        ("2026-06-05T17:00", 1, "2026-06-05T18:00"),  # not moved to Monday
        ("2026-06-02T12:30", 1, "2026-06-02T14:00"),  # starts during lunch
        ("2026-06-06T10:00", 1, "2026-06-08T10:00"),  # starts on Saturday
        ("2026-06-02T06:00", 1, "2026-06-02T10:00"),  # starts before opening
        ("2026-06-02T18:00", 1, "2026-06-03T10:00"),  # closing time is closed
        ("2026-06-01T09:00", 40, "2026-06-05T18:00"),  # a whole week
        ("2026-06-01T09:00", 80, "2026-06-12T18:00"),
        ("2026-06-06T10:00", 0, "2026-06-06T10:00"),  # nothing to use up: at once, open or not
        ("2026-06-08T10:30", -2, "2026-06-05T17:30"),  # backwards, for what is overdue
        ("2026-06-08T09:00", -8, "2026-06-05T09:00"),
        ("2026-06-07T09:00", -1, "2026-06-05T17:00"),
    ],
)
def test_a_deadline_counts_office_hours_alone(start: str, hours: int, expected: str) -> None:
    calendar = calendar_of(WORK_WEEK)

    assert business_time.due(berlin(start), hours * HOUR, calendar) == berlin(expected)


@pytest.mark.parametrize(
    ("place", "start", "expected"),
    [
        ({}, "2026-12-24T17:30", "2026-12-25T09:30"),
        ({"country": "DE"}, "2026-12-24T17:30", "2026-12-28T09:30"),  # Christmas on Friday, then the weekend
        ({"country": "DE", "open_dates": ["2026-12-25"]}, "2026-12-24T17:30", "2026-12-25T09:30"),
        ({"country": "DE", "closed_dates": ["2026-12-28"]}, "2026-12-24T17:30", "2026-12-29T09:30"),
        ({"country": "DE", "region": "BY"}, "2026-01-05T17:30", "2026-01-07T09:30"),  # Epiphany is kept in Bavaria
        ({"country": "DE", "region": "BE"}, "2026-01-05T17:30", "2026-01-06T09:30"),
        ({"country": "DE"}, "2026-12-31T17:30", "2027-01-04T09:30"),  # the holidays of the next year
    ],
)
def test_holidays_do_not_count(place: dict[str, Any], start: str, expected: str) -> None:
    calendar = calendar_of(WORK_WEEK, **place)

    assert business_time.due(berlin(start), HOUR, calendar) == berlin(expected)


def test_the_hour_skipped_in_spring_is_not_worked() -> None:
    calendar = sundays(["01:00", "04:00"])
    opens, closes = berlin("2026-03-29T01:00"), berlin("2026-03-29T04:00")

    assert business_time.elapsed(opens, closes, calendar) == 2 * HOUR
    assert business_time.due(opens, HOUR, calendar) == berlin("2026-03-29T03:00") == utc("2026-03-29T01:00")
    assert business_time.due(opens, 90 * MINUTE, calendar) == berlin("2026-03-29T03:30")


def test_the_hour_repeated_in_autumn_is_worked_twice() -> None:
    calendar = sundays(["01:00", "04:00"])
    opens, closes = berlin("2026-10-25T01:00"), berlin("2026-10-25T04:00")

    assert business_time.elapsed(opens, closes, calendar) == 4 * HOUR
    assert business_time.due(opens, 90 * MINUTE, calendar) == berlin("2026-10-25T02:30", fold=0)
    assert business_time.due(opens, 150 * MINUTE, calendar) == berlin("2026-10-25T02:30", fold=1)
    assert business_time.due(opens, 4 * HOUR, calendar) == closes


def test_whole_sundays_on_which_the_clock_changes_have_23_and_25_hours() -> None:
    calendar = sundays(["00:00", "24:00"])

    assert business_time.elapsed(berlin("2026-03-28T12:00"), berlin("2026-03-30T12:00"), calendar) == 23 * HOUR
    assert business_time.elapsed(berlin("2026-10-24T12:00"), berlin("2026-10-26T12:00"), calendar) == 25 * HOUR


def test_hours_that_do_not_touch_the_change_are_not_touched_by_it() -> None:
    calendar = sundays(["09:00", "17:00"])

    for day in ("2026-03-29", "2026-10-25"):
        assert business_time.due(berlin(f"{day}T00:30"), 8 * HOUR, calendar) == berlin(f"{day}T17:00")


def test_a_frame_that_the_clock_jumps_over_does_not_open() -> None:
    calendar = sundays(["02:00", "03:00"])

    assert business_time.next_opening(berlin("2026-03-29T00:00"), calendar) == berlin("2026-04-05T02:00")


def test_a_frame_inside_the_repeated_hour_opens_twice() -> None:
    calendar = sundays(["02:00", "02:30"])

    assert business_time.next_opening(utc("2026-10-25T00:30"), calendar) == utc("2026-10-25T01:00")
    assert business_time.due(utc("2026-10-24T12:00"), HOUR, calendar) == utc("2026-10-25T01:30")


def test_a_clock_set_back_over_midnight_resumes_the_day_before() -> None:
    # Newfoundland, 7 November 2010: one minute after midnight it was Saturday 23:01 once more
    calendar = calendar_of([[]] * 5 + [[["23:00", "24:00"]], []], "America/St_Johns")
    saturday_night = utc("2010-11-07T01:30")

    assert business_time.elapsed(saturday_night, saturday_night + 3 * HOUR, calendar) == 119 * MINUTE
    assert business_time.is_open(utc("2010-11-07T02:30:30"), calendar) is False
    assert business_time.is_open(utc("2010-11-07T02:31:30"), calendar) is True


def test_a_date_that_a_zone_left_out_is_not_worked() -> None:
    # Samoa went from 29 to 31 December 2011
    calendar = every_day(["09:00", "17:00"], time_zone="Pacific/Apia")
    apia = ZoneInfo("Pacific/Apia")

    worked = business_time.elapsed(datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 1, tzinfo=apia), calendar)

    assert worked == 16 * HOUR


def test_until_midnight_and_from_midnight_are_one_opening() -> None:
    calendar = calendar_of([[["20:00", "24:00"]], [["00:00", "04:00"]]] + [[]] * 5)

    assert business_time.due(berlin("2026-06-01T22:00"), 3 * HOUR, calendar) == berlin("2026-06-02T01:00")
    assert business_time.is_open(berlin("2026-06-02T00:00"), calendar)


def test_opening_time_is_open_and_closing_time_is_closed() -> None:
    calendar = calendar_of(WORK_WEEK)

    assert business_time.is_open(berlin("2026-06-02T09:00"), calendar)
    assert not business_time.is_open(berlin("2026-06-02T12:00"), calendar)
    assert not business_time.is_open(berlin("2026-06-06T10:00"), calendar)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-02T10:17", "2026-06-02T10:17"),
        ("2026-06-02T12:00", "2026-06-02T13:00"),
        ("2026-06-05T18:00", "2026-06-08T09:00"),
        ("2026-06-30T19:00", "2026-07-01T09:00"),
    ],
)
def test_the_next_opening_is_now_when_open(at: str, expected: str) -> None:
    assert business_time.next_opening(berlin(at), calendar_of(WORK_WEEK)) == berlin(expected)


def test_what_is_left_turns_negative_when_overdue() -> None:
    calendar = calendar_of(WORK_WEEK)
    due_at = berlin("2026-06-05T17:00")

    assert business_time.left(berlin("2026-06-05T11:00"), due_at, calendar) == 5 * HOUR
    assert business_time.left(due_at, due_at, calendar) == timedelta()
    assert business_time.left(berlin("2026-06-08T10:00"), due_at, calendar) == -2 * HOUR


def test_round_the_clock_is_plain_addition() -> None:
    start = berlin("2026-03-20T10:00")

    assert business_time.due(start, timedelta(days=4000), business_time.WorkingCalendar.always_open()) == (
        start.astimezone(UTC) + timedelta(days=4000)
    )


def test_years_of_office_hours_are_counted() -> None:
    # 2026 to 2035: 2608 weekdays of 8 hours, none of them a holiday here
    ten_years = business_time.elapsed(berlin("2026-01-01T00:00"), berlin("2036-01-01T00:00"), calendar_of(WORK_WEEK))

    assert ten_years == 8 * HOUR * sum(date.fromordinal(n).weekday() < 5 for n in _days(2026, 2036))


def _days(first_year: int, end_year: int) -> range:
    return range(date(first_year, 1, 1).toordinal(), date(end_year, 1, 1).toordinal())


def mondays_but_for(years: int) -> business_time.WorkingCalendar:
    closed = [date.fromordinal(number).isoformat() for number in _days(2026, 2026 + years)]
    return calendar_of([OFFICE] + [[]] * 6, closed_dates=closed)


def test_a_search_that_finds_no_opening_within_three_years_ends() -> None:
    calendar = mondays_but_for(years=4)
    new_year = berlin("2026-01-02T00:00")

    with pytest.raises(business_time.NeverOpen, match="2026-01-01T23:00"):
        business_time.due(new_year, HOUR, calendar)
    with pytest.raises(business_time.NeverOpen):
        business_time.next_opening(new_year, calendar)
    with pytest.raises(business_time.NeverOpen):
        business_time.due(berlin("2029-12-30T00:00"), -HOUR, calendar)
    assert business_time.elapsed(new_year, berlin("2029-12-30T00:00"), calendar) == timedelta()


def test_an_opening_after_two_closed_years_is_found() -> None:
    assert business_time.next_opening(berlin("2026-01-02T00:00"), mondays_but_for(years=2)) == berlin(
        "2028-01-03T09:00"
    )


def test_a_promise_beyond_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(business_time.NeverOpen):
        business_time.due(utc("9990-01-01T00:00"), timedelta(days=9999), business_time.WorkingCalendar.always_open())


def test_a_moment_without_zone_is_refused() -> None:
    naive = datetime(2026, 6, 2, 10, 0)  # noqa: DTZ001 - the mistake under test

    with pytest.raises(ValueError, match="has no zone"):
        business_time.due(naive, HOUR, calendar_of(WORK_WEEK))
