"""How long a promise lasts when only opening hours count.

Every moment handed in carries a zone, whichever; every moment handed out is in UTC. A moment is open when the wall
clock of the calendar's zone shows a time inside a frame of that day: where the clock springs forward a frame over the
gap loses an hour, where it falls back it gains one. Opening time belongs to a frame, closing time no longer does.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

from partners.domain.working_calendar import CalendarInvalid, Frame, WorkingCalendar, from_json

__all__ = [
    "CalendarInvalid",
    "Frame",
    "NeverOpen",
    "WorkingCalendar",
    "due",
    "elapsed",
    "from_json",
    "is_open",
    "left",
    "next_opening",
]

Opening = tuple[datetime, datetime]  # opens, closes; both in UTC

SEARCH_MONTHS = 36
KNOWN_MONTHS = range(2 * 12, 9999 * 12)  # what datetime can hold, less the edges
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class NeverOpen(Exception):
    """No opening hours within three years: the search ended without an answer."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"the calendar has no opening hours within three years of {at.isoformat()}")


def due(start: datetime, within: timedelta, calendar: WorkingCalendar) -> datetime:
    """The earliest moment at which `within` of open time has been used, counted from `start`.

    A deadline that falls on closing time stays there. Nothing to use gives `start` itself, open or not. A negative
    `within`, what is left of a promise paused too late, counts backwards: the latest moment that much earlier.
    Raises NeverOpen.
    """
    at = _to_utc(start)
    if not within:
        return at
    remaining = abs(within)
    for opens, closes in _openings_after(at, calendar) if within > timedelta() else _openings_before(at, calendar):
        if remaining <= closes - opens:
            return opens + remaining if within > timedelta() else closes - remaining
        remaining -= closes - opens
    raise NeverOpen(at)


def elapsed(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """The open time from `start` to `end`; negative when `end` is the earlier one."""
    if _to_utc(end) < _to_utc(start):
        return -elapsed(end, start, calendar)
    first, last = _to_utc(start), _to_utc(end)
    openings = (
        opening
        for month in range(_month_of(first), _month_of(last) + 1)
        for opening in _openings_of_month(calendar, month)
    )
    return sum((max(min(closes, last) - max(opens, first), timedelta()) for opens, closes in openings), timedelta())


def left(now: datetime, due_at: datetime, calendar: WorkingCalendar) -> timedelta:
    """The open time until `due_at`; negative when overdue."""
    return elapsed(now, due_at, calendar)


def is_open(at: datetime, calendar: WorkingCalendar) -> bool:
    moment = _to_utc(at)
    return any(opens <= moment < closes for opens, closes in _openings_of_month(calendar, _month_of(moment)))


def next_opening(at: datetime, calendar: WorkingCalendar) -> datetime:
    """The first open moment that is not before `at`: `at` itself when open. Raises NeverOpen."""
    opens, _ = next(_openings_after(_to_utc(at), calendar))
    return opens


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no zone")
    # two moments of one zone are otherwise compared and subtracted by the wall clock, wrong when it changes
    return moment.astimezone(UTC)


def _openings_after(at: datetime, calendar: WorkingCalendar) -> Iterator[Opening]:
    for openings in _months_from(at, calendar, step=1):
        for opens, closes in openings:
            if at < closes:
                yield max(opens, at), closes


def _openings_before(at: datetime, calendar: WorkingCalendar) -> Iterator[Opening]:
    for openings in _months_from(at, calendar, step=-1):
        for opens, closes in reversed(openings):
            if opens < at:
                yield opens, min(closes, at)


def _months_from(at: datetime, calendar: WorkingCalendar, *, step: int) -> Iterator[tuple[Opening, ...]]:
    """The openings month by month, for as long as anybody asks and none of the last three years was empty."""
    empty = 0
    for month in count(_month_of(at), step):
        if empty > SEARCH_MONTHS or month not in KNOWN_MONTHS:
            raise NeverOpen(at)
        openings = _openings_of_month(calendar, month)
        empty = 0 if openings else empty + 1
        yield openings


def _month_of(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


@lru_cache(maxsize=1024)
def _openings_of_month(calendar: WorkingCalendar, month: int) -> tuple[Opening, ...]:
    """In order and apart from each other; frames that touch, across midnight too, are one opening.

    Cut at the months of UTC, not of the zone: a local day may be repeated in part or missing altogether.
    """
    zone = ZoneInfo(calendar.zone)
    start, end = (datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in (month, month + 1))
    merged: list[Opening] = []
    for stretch_start, stretch_end, offset in _stretches(zone, start, end):
        for opens, closes in _openings_of_stretch(calendar, stretch_start, stretch_end, offset):
            touches = bool(merged) and merged[-1][1] == opens
            merged.append((merged.pop()[0] if touches else opens, closes))
    return tuple(merged)


def _openings_of_stretch(
    calendar: WorkingCalendar, start: datetime, end: datetime, offset: timedelta
) -> Iterator[Opening]:
    """Within a stretch the wall clock runs evenly, so a frame is its wall time moved by the offset."""
    day, last_day = (start + offset).date(), (end + offset).date()
    while day <= last_day:
        midnight = datetime.combine(day, time(), UTC) - offset
        for frame in calendar.frames_on(day):
            opens = max(midnight + timedelta(minutes=frame.opens), start)
            closes = min(midnight + timedelta(minutes=frame.closes), end)
            if opens < closes:
                yield opens, closes
        day += DAY


def _stretches(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The parts of a period with one offset from UTC each; looks day by day, clocks do not change twice in one."""
    stretch_start, offset, probe = start, _offset(zone, start), start
    while probe < end:
        previous, probe = probe, probe + DAY
        if _offset(zone, probe) != offset:
            change = _change_between(zone, previous, probe)
            yield stretch_start, change, offset
            stretch_start, offset = change, _offset(zone, change)
    yield stretch_start, end, offset


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the later offset, by halving."""
    earlier = _offset(zone, before)
    while after - before > SECOND:
        middle = before + SECOND * ((after - before) // SECOND // 2)
        if _offset(zone, middle) == earlier:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
