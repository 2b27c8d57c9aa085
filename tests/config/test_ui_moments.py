"""Due times and moments, worked out by hand from Thursday 12 March 2026, 14:05 in Berlin."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from config import moments
from config.moments import DueState

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def reader_in_berlin() -> Iterator[None]:
    with timezone.override(zoneinfo.ZoneInfo("Europe/Berlin")):
        yield


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=2, minutes=10), "2 h 10"),
        (timedelta(hours=2, minutes=5), "2 h 05"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=3, hours=4, minutes=50), "3 d 4 h"),
        (timedelta(days=12, hours=4), "12 d"),
        (-timedelta(hours=2, minutes=10), "2 h 10"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(span: timedelta, words: str) -> None:
    assert moments.duration(span) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(seconds=30), "just now"),
        (NOW - timedelta(minutes=5), "5 min ago"),
        (NOW - timedelta(hours=3, minutes=59), "3 h ago"),
        (NOW - timedelta(days=6, hours=23), "6 d ago"),
        (NOW - timedelta(days=7), "5 Mar"),
        (NOW - timedelta(days=100), "2 Dec 2025"),
        (NOW + timedelta(minutes=5), "in 5 min"),
        (NOW + timedelta(days=8), "20 Mar"),
    ],
)
def test_a_moment_is_relative_up_to_seven_days_and_then_a_date(at: datetime, words: str) -> None:
    assert moments.relative(at, NOW) == words


@override("de")
def test_german_bends_the_word_for_days() -> None:
    assert moments.relative(NOW - timedelta(days=6), NOW) == "vor 6 Tagen"
    assert moments.relative(NOW - timedelta(days=1), NOW) == "vor 1 Tag"
    assert moments.due(NOW - timedelta(days=2, hours=3), NOW).words == "überfällig seit 2 Tagen 3 Std."
    assert moments.duration(timedelta(days=6)) == "6 Tage"
    assert moments.day(NOW - timedelta(days=7), NOW) == "5. März"
    assert moments.exact(datetime(2026, 5, 1, 10, tzinfo=UTC)) == "Fr, 1. Mai 2026, 12:00 CEST"  # not what a key may do


def test_the_exact_moment_names_its_zone_in_winter_and_in_summer() -> None:
    assert moments.exact(NOW) == "Thu 12 Mar 2026, 14:05 CET"
    assert moments.exact(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "Thu 2 Jul 2026, 00:30 CEST"


@pytest.mark.parametrize(
    ("left", "state", "text"),
    [
        (timedelta(hours=2, minutes=10), DueState.SOON, "due in 2 h 10 · today 16:15"),
        (timedelta(hours=18), DueState.ON_TRACK, "due in 18 h · tomorrow 08:05"),
        (timedelta(days=3, hours=4), DueState.ON_TRACK, "due in 3 d 4 h · Sun 18:05"),
        (timedelta(days=12), DueState.ON_TRACK, "due in 12 d · 24 Mar 14:05"),
        (-timedelta(hours=3, minutes=5), DueState.OVERDUE, "overdue by 3 h 05 · today 11:00"),
        (-timedelta(hours=20), DueState.OVERDUE, "overdue by 20 h · yesterday 18:05"),
        (timedelta(0), DueState.OVERDUE, "overdue by under 1 min · today 14:05"),
    ],
)
def test_a_deadline_is_said_in_words_and_by_the_clock(left: timedelta, state: DueState, text: str) -> None:
    promise = moments.due(NOW + left, NOW)

    assert (promise.state, str(promise)) == (state, text)


def test_a_row_has_room_for_the_short_form() -> None:
    assert moments.due(NOW + timedelta(hours=2, minutes=10), NOW).short == "2 h 10"
    assert moments.due(NOW + timedelta(days=3, hours=4), NOW).short == "3 d"
    assert moments.due(NOW - timedelta(hours=3, minutes=5), NOW).short == "−3 h"  # noqa: RUF001  a real minus sign


def test_the_moment_of_warning_decides_what_is_soon() -> None:
    due_at = NOW + timedelta(hours=20)

    assert moments.due(due_at, NOW, warn_at=NOW - timedelta(minutes=1)).state == DueState.SOON
    assert moments.due(due_at, NOW, warn_at=NOW + timedelta(minutes=1)).state == DueState.ON_TRACK


def test_tomorrow_is_the_readers_tomorrow_and_not_the_servers() -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)  # half past midnight in Berlin

    assert moments.clock(late, NOW) == "tomorrow 00:30"
