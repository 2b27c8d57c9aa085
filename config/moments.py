"""Moments, durations and due times in words: pure arithmetic, so that every page says the same thing the same way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext, npgettext
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SOON = timedelta(hours=4)


class DueState(StrEnum):
    """How a promise stands, as a due chip shows it."""

    ON_TRACK = "on_track"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline in words: `short` fits a row, `words` and `clock` a page."""

    state: DueState
    short: str
    words: str
    clock: str

    def __str__(self) -> str:
        return f"{self.words} · {self.clock}"


def duration(span: timedelta, *, bent: bool = False) -> str:
    """The two largest units of a span: "3 d 4 h", "2 h 10", "45 min", "under 1 min"; the sign is dropped.

    Bent, it follows "in", "ago" or "by", which some languages hear in the word for days.
    """
    span = abs(span)
    if span < MINUTE:
        return _("under 1 min")
    if span < HOUR:
        return _("%(minutes)d min") % {"minutes": span // MINUTE}
    if span < DAY:
        hours, minutes = span // HOUR, span % HOUR // MINUTE
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes} if minutes else _hours(hours)
    days, hours = span // DAY, span % DAY // HOUR
    whole = _days(days, bent=bent)
    return f"{whole} {_hours(hours)}" if hours and span < WEEK else whole


def hours(span: timedelta) -> str:
    """Business time, which knows no days: "48 h", "7 h 30", "45 min"; with a sign where it is less than nothing."""
    sign = "−" if span < timedelta(0) else ""  # noqa: RUF001  a real minus sign
    whole, minutes = divmod(abs(span) // MINUTE, 60)
    if not whole:
        return sign + _("%(minutes)d min") % {"minutes": minutes}
    return sign + (_("%(hours)d h %(minutes)02d") % {"hours": whole, "minutes": minutes} if minutes else _hours(whole))


def rough(span: timedelta, *, bent: bool = False) -> str:
    """The largest unit of a span alone, for lists: "3 d", "2 h", "45 min"."""
    span = abs(span)
    if span < HOUR:
        return _("%(minutes)d min") % {"minutes": max(span // MINUTE, 1)}
    return _hours(span // HOUR) if span < DAY else _days(span // DAY, bent=bent)


def relative(at: datetime, now: datetime) -> str:
    """How far away a moment is, up to 7 days; then its date in the reader's zone."""
    if abs(at - now) < MINUTE:
        return _("just now")
    if abs(at - now) >= WEEK:
        return day(at, now)
    if at > now:
        return _("in %(span)s") % {"span": rough(at - now, bent=True)}
    return _("%(span)s ago") % {"span": rough(now - at, bent=True)}


def exact(at: datetime) -> str:
    """The moment with its day, minute and zone: "Thu 12 Mar 2026, 16:15 CET"."""
    local = localtime(at)
    form = _("D j M Y")
    return f"{_date(local, form)}, {local:%H:%M} {local.tzname()}"


def day(at: datetime, now: datetime) -> str:
    """The date in the reader's zone; the year only when it is another one."""
    local = localtime(at)
    short, whole = _("j M"), _("j M Y")
    return _date(local, short if local.year == localtime(now).year else whole)


def clock(at: datetime, now: datetime) -> str:
    """Day and time as people say them: "today 16:15", "tomorrow 09:00", "Thu 09:00", "12 Mar 09:00"."""
    local = localtime(at)
    apart = (local.date() - localtime(now).date()).days
    names = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    name = names.get(apart) or (_date(local, "D") if 0 < apart < WEEK.days else day(at, now))
    return _("%(day)s %(time)s") % {"day": name, "time": f"{local:%H:%M}"}


def due(at: datetime, now: datetime, *, warn_at: datetime | None = None) -> Due:
    """A deadline in words; it is soon from `warn_at` on, and without one four hours before."""
    span = duration(at - now, bent=True)
    if at <= now:
        words = _("overdue by %(span)s") % {"span": span}
        return Due(state=DueState.OVERDUE, short=f"−{rough(now - at)}", words=words, clock=clock(at, now))  # noqa: RUF001  a real minus sign
    is_soon = now >= (warn_at or at - SOON)
    return Due(
        state=DueState.SOON if is_soon else DueState.ON_TRACK,
        short=duration(at - now) if is_soon else rough(at - now),
        words=_("due in %(span)s") % {"span": span},
        clock=clock(at, now),
    )


def _date(local: datetime, form: str) -> str:
    return _dates(local.date(), form, get_language())


@lru_cache(maxsize=4096)
def _dates(day: date, form: str, _language: str | None) -> str:
    """A list names a few days hundreds of times."""
    return date_format(day, form)


def _hours(hours: int) -> str:
    return _("%(hours)d h") % {"hours": hours}


def _days(days: int, *, bent: bool = False) -> str:
    if bent:
        form = npgettext("after in, ago or by", "%(days)d d", "%(days)d d", days)
    else:
        form = ngettext("%(days)d d", "%(days)d d", days)
    return form % {"days": days}


def here_and_now(zone: str, now: datetime) -> str:
    """What time it is where somebody is: "14:05 in Berlin"."""
    place = zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    return _("%(time)s in %(place)s") % {"time": f"{now.astimezone(ZoneInfo(zone)):%H:%M}", "place": place}
