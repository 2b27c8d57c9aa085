from datetime import date
from typing import Any

import pytest

from partners.domain.working_calendar import CalendarInvalid, Frame, WorkingCalendar, from_json

OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
WEEK = [OFFICE] * 5 + [[], []]


def test_hours_may_be_written_in_any_order() -> None:
    calendar = from_json(time_zone="Europe/Berlin", weekly_hours=[[["13:00", "24:00"], ["09:00", "12:00"]]] + [[]] * 6)

    assert calendar.weekly[0] == (Frame(opens=540, closes=720), Frame(opens=780, closes=1440))


def test_frames_may_touch() -> None:
    calendar = from_json(time_zone="UTC", weekly_hours=[[["09:00", "12:00"], ["12:00", "18:00"]]] + [[]] * 6)

    assert len(calendar.weekly[0]) == 2


def test_equal_json_gives_equal_calendars_that_share_a_cache() -> None:
    first = from_json(time_zone="UTC", weekly_hours=WEEK, country="DE", closed_dates=["2026-12-24", "2026-12-31"])
    second = from_json(time_zone="UTC", weekly_hours=WEEK, country="de", closed_dates=["2026-12-31", "2026-12-24"])

    assert first == second
    assert hash(first) == hash(second)


@pytest.mark.parametrize("region", ["BY", "DE-BY"])
def test_a_region_is_written_with_or_without_its_country(region: str) -> None:
    assert from_json(time_zone="Europe/Berlin", weekly_hours=WEEK, country="DE", region=region).region == "BY"


@pytest.mark.parametrize(
    ("country", "region", "day", "opens"),
    [
        ("", "", date(2026, 12, 25), True),
        ("DE", "", date(2026, 12, 25), False),
        ("DE", "", date(2026, 12, 24), True),
        ("DE", "BY", date(2026, 1, 6), False),
        ("DE", "BE", date(2026, 1, 6), True),
        ("DE", "", date(2026, 1, 6), True),
        ("US", "", date(2026, 7, 3), False),  # the day on which 4 July is observed
        ("GB", "SCT", date(2026, 11, 30), False),
        ("GB", "ENG", date(2026, 11, 30), True),
    ],
)
def test_public_holidays_of_country_and_region_are_closed(country: str, region: str, day: date, opens: bool) -> None:
    calendar = from_json(time_zone="UTC", weekly_hours=WEEK, country=country, region=region)

    assert bool(calendar.frames_on(day)) is opens


def test_exceptions_outrank_holidays_and_weekly_hours() -> None:
    calendar = from_json(
        time_zone="Europe/Berlin",
        weekly_hours=WEEK,
        country="DE",
        closed_dates=["2026-12-24"],
        open_dates=["2026-12-25", "2026-12-26"],
    )

    assert calendar.frames_on(date(2026, 12, 24)) == ()
    assert calendar.frames_on(date(2026, 12, 25)) == calendar.weekly[4]
    assert calendar.frames_on(date(2026, 12, 26)) == ()  # a Saturday has no hours to keep


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (
            {"weekly_hours": [[["09:00", "12:00"], ["11:00", "13:00"]]] + [[]] * 6},
            "Monday: 09:00-12:00 and 11:00-13:00",
        ),
        ({"weekly_hours": [[], [["12:00", "09:00"]]] + [[]] * 5}, "Tuesday: 12:00-09:00 must close after it opens"),
        ({"weekly_hours": [[["09:00", "09:00"]]] + [[]] * 6}, "must close after it opens"),
        ({"weekly_hours": [[["22:00", "06:00"]]] + [[]] * 6}, "split at 24:00"),
        ({"weekly_hours": [[["24:00", "24:00"]]] + [[]] * 6}, "between 00:00 and 24:00"),
        ({"weekly_hours": [[["9:00", "12:00"]]] + [[]] * 6}, "a time is written HH:MM"),
        ({"weekly_hours": [[["09:00", "24:30"]]] + [[]] * 6}, "a time is written HH:MM"),
        ({"weekly_hours": [[["09:00\n", "12:00"]]] + [[]] * 6}, "a time is written HH:MM"),
        ({"weekly_hours": [[[9, 12]]] + [[]] * 6}, "a time is written HH:MM"),
        ({"weekly_hours": [[["09:00"]]] + [[]] * 6}, "a frame is a pair"),
        ({"weekly_hours": ["09:00-12:00"] + [[]] * 6}, "Monday: expected a list of frames"),
        ({"weekly_hours": [[]] * 7}, "never opens"),
        ({"weekly_hours": WEEK[:6]}, "seven lists"),
        ({"weekly_hours": None}, "seven lists"),
        ({"weekly_hours": {"Monday": OFFICE}}, "seven lists"),
        ({"time_zone": "Europe/Atlantis"}, "'Europe/Atlantis' is not known"),
        ({"time_zone": "Europe"}, "time zone 'Europe' is not known"),
        ({"time_zone": ""}, "time zone '' is not known"),
        ({"time_zone": "../../etc/passwd"}, "is not known"),
        ({"time_zone": "Europe/\0Berlin"}, "is not known"),
        ({"time_zone": "X" * 5000}, "is not known"),
        ({"time_zone": None}, "the time zone is a text"),
        ({"country": "ZZ"}, "country 'ZZ'"),
        ({"country": "DEU"}, "country 'DEU'"),
        ({"country": None}, "the country is a text"),
        ({"country": "DE", "region": "ZZ"}, "known regions: BB, BE, BW, BY"),
        ({"region": "BY"}, "region 'BY' needs its country"),
        ({"closed_dates": ["25.12.2026"]}, "closed dates: a date is written YYYY-MM-DD"),
        ({"closed_dates": ["2026-02-30"]}, "closed dates: 2026-02-30 does not exist"),
        ({"open_dates": ["2026-W52-5"]}, "open dates: a date is written YYYY-MM-DD"),
        ({"open_dates": "2026-12-25"}, "open dates: expected a list of dates"),
        ({"open_dates": [20261225]}, "open dates: a date is written"),
        ({"closed_dates": ["2026-12-24"], "open_dates": ["2026-12-24"]}, "2026-12-24 is listed as closed and as open"),
    ],
)
def test_a_wrong_calendar_is_refused_saying_what_to_mend(change: dict[str, Any], advice: str) -> None:
    right: dict[str, Any] = {"time_zone": "Europe/Berlin", "weekly_hours": WEEK}

    with pytest.raises(CalendarInvalid) as refusal:
        from_json(**{**right, **change})

    assert advice in str(refusal.value)


def test_the_constructor_refuses_as_well() -> None:
    morning, noon = Frame(opens=540, closes=720), Frame(opens=700, closes=780)

    with pytest.raises(CalendarInvalid, match="overlap"):
        WorkingCalendar(zone="UTC", weekly=((morning, noon), (), (), (), (), (), ()))
    with pytest.raises(CalendarInvalid, match="wrong order"):
        WorkingCalendar(zone="UTC", weekly=((Frame(opens=800, closes=900), morning), (), (), (), (), (), ()))
    with pytest.raises(CalendarInvalid, match="seven days"):
        WorkingCalendar(zone="UTC", weekly=((morning,),))
    with pytest.raises(CalendarInvalid, match="between"):
        Frame(opens=-60, closes=60)
