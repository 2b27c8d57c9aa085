"""What must hold after the year, read from rows and record: nothing broken unseen, unwarned, silent or forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import F, Q

from interactions.enums import ClockKind, Event, SegmentState, Status
from interactions.models import Clock, ClockWarning, Interaction
from interactions.models.clock import PROMISED
from partners.domain import business_time, calendars
from partners.models import RecordEntry
from tests.year.life import Life

HEARD = [
    *(Event.RECEIVED, Event.ITEM_ADDED, Event.PROGRESS_TOLD, Event.DATE_MOVED, Event.WAITING, Event.ANSWERED),
    *(Event.RESOLVED, Event.REOPENED, Event.CLOSED, Event.CONFIRMED, Event.LAPSED),
]


@dataclass(kw_only=True)
class Findings:
    """What came of it; everything after `moved_dates` must be nothing."""

    interactions: int
    ended: int
    promises: int
    kept: int
    broken: int
    warned: int
    reminded: int
    followed_up: int
    lapsed: int
    closed_by_silence: int
    moved_dates: int
    unseen: list[str]
    told_late: list[str]
    unwarned: list[str]
    silent: list[str]
    forgotten: list[str]

    @property
    def faults(self) -> dict[str, list[str]]:
        lists = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: found for name, found in lists.items() if isinstance(found, list) and found}


def of(life: Life) -> Findings:
    at = life.at
    clocks = Clock.objects.filter(kind__in=PROMISED)
    events = RecordEntry.objects.filter(facts__has_key="interaction")
    ended = Interaction.objects.ended()
    return Findings(
        interactions=Interaction.objects.count(),
        ended=ended.count(),
        promises=clocks.count(),
        kept=clocks.filter(breached_at=None, stopped_at__isnull=False).count(),
        broken=clocks.filter(breached_at__isnull=False).count(),
        warned=events.filter(event__in=[Event.CLOCK_WARNED, Event.STEP_WARNED]).count(),
        reminded=events.filter(event__in=[Event.REMINDED, Event.ANSWER_LATE]).count(),
        followed_up=events.filter(event=Event.UNANSWERED).count(),
        lapsed=events.filter(event=Event.LAPSED).count(),
        closed_by_silence=events.filter(event=Event.CLOSED, actor_kind="system").count(),
        moved_dates=events.filter(event=Event.DATE_MOVED, facts__cause="owner").count(),
        unseen=list(unseen(at, life.tick)),
        told_late=list(told_late(life.tick)),
        unwarned=list(unwarned()),
        silent=list(silent(life)),
        forgotten=list(forgotten(at, life.tick)),
    )


def unseen(at: datetime, tick: timedelta) -> Iterator[str]:
    """Clocks whose time was up, by what their segments add up to, and that nobody marked."""
    for clock in Clock.objects.prefetch_related("segments").select_related("interaction"):
        used = sum((one.counted for one in clock.segments.all() if one.state == SegmentState.RUNNING), timedelta())
        if clock.is_running and clock.since is not None:
            used += business_time.elapsed(clock.since, at - tick, calendars.working(clock.calendar_id))
        if used > clock.allowed and clock.breached_at is None and clock.kind != ClockKind.THIRD_PARTY_ANSWER:
            yield f"{clock.interaction.number} {clock.kind}: {used} of {clock.allowed}"


def told_late(tick: timedelta) -> Iterator[str]:
    """A breach is told of by the next look of the watch, or by the verb that came before it."""
    broken = ClockWarning.objects.filter(share=100).select_related("clock__interaction")
    for warning in broken.filter(clock__round=F("round")):
        due_at = warning.clock.due_at
        if due_at is not None and warning.clock.breached_at == due_at and warning.at - due_at > tick:
            yield f"{warning.clock.interaction.number} {warning.clock.kind}: {warning.at - due_at} late"
    untold = Clock.objects.filter(breached_at__isnull=False).exclude(warnings__share=100)
    yield from (f"{clock.interaction_id} {clock.kind}: broken and never told" for clock in untold)


def unwarned() -> Iterator[str]:
    """Every promise of ours that was broken was at risk before, and somebody was told."""
    for clock in Clock.objects.filter(kind__in=PROMISED, breached_at__isnull=False).select_related("interaction"):
        early = ClockWarning.objects.filter(clock=clock, share__lt=100, at__lte=clock.breached_at)
        if not early.exists():
            yield f"{clock.interaction.number} {clock.kind}: broken without a warning"


def silent(life: Life) -> Iterator[str]:
    """No open matter went without news for longer than its policy allows, and the watch's next look."""
    limit = life.scene.policy.silence_limit + life.tick
    for interaction in Interaction.objects.select_related("policy"):
        entries = RecordEntry.objects.of_stream(interaction.stream).filter(event__in=HEARD)
        moments = [*entries.values_list("at", flat=True), *([life.at] if interaction.is_open else [])]
        gaps = ((before, after) for before, after in pairwise(moments) if after - before > limit)
        for before, after in gaps:
            quiet = business_time.elapsed(before, after, life.hours)
            if quiet > limit and not was_over(interaction, before):
                yield f"{interaction.number}: silent for {quiet} from {before}"


def was_over(interaction: Interaction, at: datetime) -> bool:
    """Whether it had ended by then; a reopened one was silent with good reason between."""
    entries = RecordEntry.objects.of_stream(interaction.stream).filter(at__lte=at, facts__has_key="status")
    last = entries.order_by("-sequence").first()
    return last is not None and last.facts["status"] in {Status.CLOSED, Status.CANCELLED}


def forgotten(at: datetime, tick: timedelta) -> Iterator[str]:
    """Nothing waits for a moment that has passed, and everything open has one to come."""
    due = at - tick
    passed = Q(unanswered_at__lt=due) | Q(close_due_at__lt=due) | Q(silence_due_at__lt=due)
    for interaction in Interaction.objects.open().filter(passed | Q(silence_due_at=None)):
        yield f"{interaction.number} {interaction.status}: forgotten"
    for clock in Clock.objects.filter(next_at__lt=due):
        yield f"{clock.interaction_id} {clock.kind}: a threshold was passed over"
