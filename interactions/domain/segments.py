"""How a clock counts: it runs, is paused, goes on and stops; each while that ends is kept, so that no time is lost.

What stands here only sets columns; `clocks` stores them. A verb may come with a time before the one it follows, since
whoever waited for the lock had looked at the clock before: the present segment then ends as it began.
"""

from datetime import datetime, timedelta

from interactions.enums import SegmentState
from interactions.models import Clock, ClockSegment
from partners.domain import business_time, calendars


def used(clock: Clock, at: datetime) -> timedelta:
    """Business time used of the promise until `at`; the present segment included when it runs."""
    if clock.since is None or not clock.is_running:
        return clock.counted
    return clock.counted + business_time.elapsed(
        clock.since, max(at, clock.since), calendars.working(clock.calendar_id)
    )


def pause(clock: Clock, why: str, *, at: datetime) -> list[ClockSegment]:
    """Stop counting a clock that runs; keep what is left of it."""
    ended = end(clock, at=at)
    clock.since = at if clock.since is None else max(at, clock.since)
    clock.due_at = None
    clock.paused_why = why[:500]
    return ended


def go_on(clock: Clock, *, at: datetime) -> list[ClockSegment]:
    """Count on with what was left; an overdue promise stays overdue by as much as it was."""
    ended = end(clock, at=at)
    clock.since = at if clock.since is None else max(at, clock.since)
    clock.paused_why = ""
    clock.due_at = business_time.due(clock.since, clock.left, calendars.working(clock.calendar_id))
    return ended


def move(clock: Clock, to: datetime, *, at: datetime) -> None:
    """Allow as much more or less time as makes it end at `to`, or would if a pause ended now; thresholds begin anew."""
    began_at = at if clock.since is None or clock.is_paused else clock.since
    hours = calendars.working(clock.calendar_id)
    clock.extension = clock.counted + business_time.elapsed(began_at, to, hours) - clock.within
    clock.due_at = to if clock.is_running else None
    clock.round += 1
    clock.told_share, clock.is_forewarned = 0, False


def stop(clock: Clock, *, at: datetime) -> list[ClockSegment]:
    """End the promise; its deadline stays as what it was judged by."""
    ended = end(clock, at=at)
    clock.stopped_at = at if clock.since is None else max(at, clock.since)
    clock.since = None
    return ended


def restart(clock: Clock, why: str, *, at: datetime) -> list[ClockSegment]:
    """Take up a stopped promise again where it was; the time between does not count."""
    if clock.stopped_at is None:
        return []
    clock.since, clock.stopped_at, clock.due_at, clock.paused_why = clock.stopped_at, None, None, why[:500]
    return go_on(clock, at=at)


def end(clock: Clock, *, at: datetime) -> list[ClockSegment]:
    """The present segment as it is kept; none where it took no time."""
    if clock.since is None:
        return []
    ended_at = max(at, clock.since)
    counted = business_time.elapsed(clock.since, ended_at, calendars.working(clock.calendar_id))
    state = SegmentState.PAUSED if clock.is_paused else SegmentState.RUNNING
    if state == SegmentState.RUNNING:
        clock.counted += counted
    if ended_at == clock.since:
        return []
    segment = ClockSegment(
        clock=clock, state=state, began_at=clock.since, ended_at=ended_at, counted=counted, reason=clock.paused_why
    )
    clock.since = ended_at
    return [segment]
