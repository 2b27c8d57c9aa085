"""When the enterprise is open: weekly hours in one time zone, public holidays, and the exceptions to both."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES_PER_DAY = 24 * 60
WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class CalendarInvalid(Exception):
    """The message says what to mend, in words for whoever keeps the calendar."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Opening hours within one day, in minutes of the wall clock since midnight; 1440 is the end of the day."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < MINUTES_PER_DAY and 0 < self.closes <= MINUTES_PER_DAY):
            raise CalendarInvalid(f"a frame lies between 00:00 and 24:00, not at minutes {self.opens} to {self.closes}")
        if self.closes <= self.opens:
            raise CalendarInvalid(
                f"{self} must close after it opens; hours over midnight are two frames, split at 24:00"
            )

    def __str__(self) -> str:
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{self.closes // 60:02}:{self.closes % 60:02}"


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """One version of a calendar; `weekly` is Monday first, the frames of a day in order.

    A date in `closed_dates` is closed whatever else holds; one in `open_dates` keeps its weekday's hours on a holiday.
    Raises CalendarInvalid.
    """

    zone: str
    weekly: tuple[tuple[Frame, ...], ...]
    country: str = ""
    region: str = ""
    closed_dates: frozenset[date] = field(default_factory=frozenset)
    open_dates: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        _require_zone(self.zone)
        _require_hours(self.weekly)
        _require_place(self.country, self.region)
        if both := sorted(self.closed_dates & self.open_dates):
            raise CalendarInvalid(f"{both[0]} is listed as closed and as open; remove it from one of the lists")

    @classmethod
    def always_open(cls) -> Self:
        """Round the clock, every day: business time is plain time."""
        return cls(zone="UTC", weekly=((Frame(opens=0, closes=MINUTES_PER_DAY),),) * 7)

    def frames_on(self, day: date) -> tuple[Frame, ...]:
        """The opening hours of one date, holidays and exceptions applied."""
        if day in self.closed_dates:
            return ()
        if self.country and day not in self.open_dates and day in _public_holidays(self.country, self.region, day.year):
            return ()
        return self.weekly[day.weekday()]

    def closures(self, first: date, last: date) -> Iterator[tuple[date, str]]:
        """The dates of a period that are closed against the weekly hours, each with the name of its holiday, if any."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self.weekly[day.weekday()] and not self.frames_on(day):
                known = _public_holidays(self.country, self.region, day.year) if self.country else {}
                yield day, known.get(day, "")


def from_json(
    *,
    time_zone: object,
    weekly_hours: object,
    country: object = "",
    region: object = "",
    closed_dates: object = (),
    open_dates: object = (),
) -> WorkingCalendar:
    """Seven lists of ["HH:MM", "HH:MM"] in any order, Monday first; dates as "YYYY-MM-DD". Raises CalendarInvalid."""
    if not isinstance(weekly_hours, list | tuple) or len(weekly_hours) != len(WEEKDAYS):
        raise CalendarInvalid("weekly hours are seven lists of frames, Monday first; a closed day is an empty list")
    country = _read_text(country, "country").strip().upper()
    return WorkingCalendar(
        zone=_read_text(time_zone, "time zone"),
        weekly=tuple(_read_day(name, frames) for name, frames in zip(WEEKDAYS, weekly_hours, strict=True)),
        country=country,
        region=_read_text(region, "region").strip().removeprefix(f"{country}-"),
        closed_dates=_read_dates(closed_dates, "closed dates"),
        open_dates=_read_dates(open_dates, "open dates"),
    )


def _read_text(text: object, name: str) -> str:
    if not isinstance(text, str):
        raise CalendarInvalid(f"the {name} is a text, not {text!r}")
    return text


def _read_day(name: str, frames: object) -> tuple[Frame, ...]:
    if not isinstance(frames, list | tuple):
        raise CalendarInvalid(f'{name}: expected a list of frames such as ["09:00", "17:00"], not {frames!r}')
    try:
        return tuple(sorted((_read_frame(frame) for frame in frames), key=lambda frame: frame.opens))
    except CalendarInvalid as error:
        raise CalendarInvalid(f"{name}: {error}") from error


def _read_frame(frame: object) -> Frame:
    if not isinstance(frame, list | tuple) or len(frame) != 2:
        raise CalendarInvalid(f'a frame is a pair such as ["09:00", "17:00"], not {frame!r}')
    opens, closes = frame
    return Frame(opens=_read_minutes(opens), closes=_read_minutes(closes))


def _read_minutes(wall_time: object) -> int:
    if not isinstance(wall_time, str) or not WALL_TIME.fullmatch(wall_time):
        raise CalendarInvalid(f"a time is written HH:MM, from 00:00 to 24:00, not {wall_time!r}")
    return int(wall_time[:2]) * 60 + int(wall_time[3:])


def _read_dates(dates: object, name: str) -> frozenset[date]:
    if not isinstance(dates, list | tuple):
        raise CalendarInvalid(f"{name}: expected a list of dates, not {dates!r}")
    return frozenset(_read_date(written, name) for written in dates)


def _read_date(written: object, name: str) -> date:
    # date.fromisoformat alone would also take 20261225 and 2026-W52-5
    if not isinstance(written, str) or not ISO_DATE.fullmatch(written):
        raise CalendarInvalid(f"{name}: a date is written YYYY-MM-DD, not {written!r}")
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise CalendarInvalid(f"{name}: {written} does not exist") from error


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError) as error:
        # OSError: the name of a folder, or one too long for the file system
        raise CalendarInvalid(f"the time zone {zone[:80]!r} is not known; write it as in Europe/Berlin") from error


def _require_hours(weekly: tuple[tuple[Frame, ...], ...]) -> None:
    if len(weekly) != len(WEEKDAYS):
        raise CalendarInvalid("weekly hours are for seven days, Monday first")
    if not any(weekly):
        raise CalendarInvalid("the calendar never opens; give at least one day a frame")
    for name, frames in zip(WEEKDAYS, weekly, strict=True):
        for earlier, later in pairwise(frames):
            if later.opens < earlier.closes:
                raise CalendarInvalid(f"{name}: {earlier} and {later} overlap or stand in the wrong order")


def _require_place(country: str, region: str) -> None:
    if region and not country:
        raise CalendarInvalid(f"the region {region!r} needs its country")
    if not country:
        return
    regions = _known_regions(country)
    if regions is None:
        raise CalendarInvalid(f"no holidays are known for country {country!r}; use its two letters, as in DE, or none")
    if region and region not in regions:
        known = ", ".join(regions) or "none"
        raise CalendarInvalid(f"no holidays are known for region {region!r} of {country}; known regions: {known}")


@lru_cache(maxsize=512)
def _known_regions(country: str) -> tuple[str, ...] | None:
    if not re.fullmatch("[A-Z]{2}", country):
        return None
    try:
        return tuple(_holidays_of(country).subdivisions)
    except NotImplementedError:
        return None


@lru_cache(maxsize=1024)
def _public_holidays(country: str, region: str, year: int) -> Mapping[date, str]:
    return dict(_holidays_of(country, subdiv=region or None, years=year))


def _holidays_of(country: str, **asked: Any) -> "HolidayBase":
    import holidays  # noqa: PLC0415 - it brings the tables of every calendar there is, and most processes ask for none

    return holidays.country_holidays(country, **asked)
