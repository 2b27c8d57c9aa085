"""How a due time comes about: what was promised, on which hours, and every while that counted or did not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from interactions.domain import segments, thresholds
from interactions.enums import Event, SegmentState
from interactions.models import Clock, ClockWarning, Interaction
from partners.domain import business_time, calendars
from partners.domain.business_time import WorkingCalendar
from partners.models import RecordEntry

MOST_DAYS = 400  # of closed days told for one promise


class Outcome(StrEnum):
    """How a promise stands or ended."""

    RUNNING = "running"
    OVERDUE = "overdue"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A while in which a clock ran or was paused; `used` is what of the promise was used at its end."""

    state: SegmentState
    began_at: datetime
    ended_at: datetime | None
    counted: timedelta
    used: timedelta
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Days of the week, Monday is 0, that have the same hours; none when they are closed."""

    first: int
    last: int
    frames: Sequence[str]

    @property
    def days(self) -> str:
        if self.first == self.last:
            return str(WEEKDAYS[self.first])
        return _("%(first)s to %(last)s") % {"first": WEEKDAYS[self.first], "last": WEEKDAYS[self.last]}


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A threshold that is still to come: at which per cent, when, and who is told then."""

    share: int
    at: datetime
    targets: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything that makes up a due time. `undisturbed_at` is what it would be without a pause and another date."""

    clock: Clock
    outcome: Outcome
    lines: Sequence[Line]
    used: timedelta
    left: timedelta
    credited: timedelta
    undisturbed_at: datetime
    zone: str
    week: Sequence[Opening]
    closures: Sequence[tuple[date, str]]
    moves: Sequence[RecordEntry]
    warnings: Sequence[ClockWarning]
    coming: Sequence[Threshold]


def of(clock: Clock, *, at: datetime) -> Explanation:
    """The explanation of a clock that comes with its calendar, policy and segments."""
    hours = calendars.working(clock.calendar_id)
    lines = list(lines_of(clock, hours, at=at))
    used = segments.used(clock, at)
    return Explanation(
        clock=clock,
        outcome=outcome_of(clock, at=at),
        lines=lines,
        used=used,
        left=clock.allowed - used,
        credited=sum((line.counted for line in lines if line.state == SegmentState.PAUSED), timedelta()),
        undisturbed_at=business_time.due(clock.started_at, clock.within, hours),
        zone=hours.zone,
        week=week_of(hours),
        closures=closures_of(clock, hours, at=at),
        moves=moves_of(clock),
        warnings=list(clock.warnings.order_by("at", "id")),
        coming=coming_of(clock),
    )


def coming_of(clock: Clock) -> list[Threshold]:
    """Whom the escalation chain names from here on, each with the moment; nobody while the clock stands still."""
    if not clock.is_running:
        return []
    told = thresholds.chain_of(clock).told
    return [
        Threshold(
            share=share, at=thresholds.moment(clock, share), targets=[str(target.label) for target in told[share]]
        )
        for share in told
        if share > clock.told_share and told[share]
    ]


def outcome_of(clock: Clock, *, at: datetime) -> Outcome:
    if clock.stopped_at is not None:
        return Outcome.BROKEN if clock.breached_at else Outcome.KEPT
    if clock.is_paused:
        return Outcome.PAUSED
    return Outcome.OVERDUE if clock.due_at is not None and clock.due_at < at else Outcome.RUNNING


def lines_of(clock: Clock, hours: WorkingCalendar, *, at: datetime) -> Iterator[Line]:
    """The segments that ended, then the present one."""
    used = timedelta()
    for segment in clock.segments.order_by("began_at"):
        state = SegmentState(segment.state)
        used += segment.counted if state == SegmentState.RUNNING else timedelta()
        yield Line(
            state=state,
            began_at=segment.began_at,
            ended_at=segment.ended_at,
            counted=segment.counted,
            used=used,
            reason=segment.reason,
        )
    if clock.since is not None:
        counted = business_time.elapsed(clock.since, max(at, clock.since), hours)
        state = SegmentState.PAUSED if clock.is_paused else SegmentState.RUNNING
        yield Line(
            state=state,
            began_at=clock.since,
            ended_at=None,
            counted=counted,
            used=used + (counted if state == SegmentState.RUNNING else timedelta()),
            reason=clock.paused_why,
        )


def week_of(hours: WorkingCalendar) -> list[Opening]:
    """The weekly hours, with days in a row that are alike told together."""
    found = []
    for frames, days in groupby(enumerate(hours.weekly), key=lambda day: day[1]):
        numbers = [number for number, _frames in days]
        found.append(Opening(first=numbers[0], last=numbers[-1], frames=[str(frame) for frame in frames]))
    return found


def closures_of(clock: Clock, hours: WorkingCalendar, *, at: datetime) -> list[tuple[date, str]]:
    """The holidays and exceptions that fell into the time of a promise, by the days of its calendar."""
    zone = ZoneInfo(hours.zone)
    last_at = clock.stopped_at or max(clock.due_at or at, at)
    first, last = clock.started_at.astimezone(zone).date(), last_at.astimezone(zone).date()
    return list(hours.closures(first, min(last, first + timedelta(days=MOST_DAYS))))


def moves_of(clock: Clock) -> list[RecordEntry]:
    """The record's entries of another date that somebody gave; the pauses are told by the segments."""
    if not clock.round:
        return []
    entries = RecordEntry.objects.of_stream(clock.interaction.stream).filter(event=Event.DATE_MOVED)
    return list(entries.filter(facts__clock=clock.kind, facts__has_key="round"))


def clocks_of(interaction: Interaction) -> list[Clock]:
    """Every promise of an interaction, the nearest that still runs first, those that ended last."""
    found = Clock.objects.filter(interaction=interaction).select_related(
        "policy__policy", "calendar__calendar", "step__team"
    )
    clocks = list(found.order_by("started_at", "id"))
    for clock in clocks:
        clock.interaction = interaction
    return sorted(clocks, key=order)


def order(clock: Clock) -> tuple[bool, bool, bool, datetime]:
    """What is promised to the partner goes before what is between ourselves; what runs before what is paused."""
    return clock.stopped_at is not None, not clock.is_promised, clock.due_at is None, clock.due_at or clock.started_at
