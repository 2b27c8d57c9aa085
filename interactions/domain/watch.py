"""The watch over promises: each threshold that passes is told once, and what can no longer be kept is seen in time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from interactions.domain import clocks, jeopardy, thresholds
from interactions.domain.thresholds import FORECAST
from interactions.enums import Jeopardy
from interactions.models import Clock, ClockWarning, Interaction
from partners.domain import record, rows
from partners.domain.escalation import DUE
from partners.payloads import SYSTEM

AT_ONCE = 500
READ = (
    *("kind", "within", "extension", "round", "counted", "since", "due_at", "risk_at", "next_at", "next_share"),
    *(
        "told_share",
        "is_forewarned",
        "breached_at",
        "stopped_at",
        "calendar",
        "interaction__partner",
        "interaction__jeopardy",
    ),
    *(
        "policy__escalation",
        "policy__reminders",
        "step__position",
        "step__assignee",
        "step__team__code",
        "step__team__escalation",
    ),
)
CHANGED = ("is_forewarned", "next_at", "next_share", "told_share", "breached_at")


def sweep(*, at: datetime) -> int:
    """Tell of every threshold that has passed, in portions; returns how many. Safe to run twice, and by two at once."""
    return sum(iter(lambda: tell_some(at=at), 0))


@transaction.atomic
def tell_some(*, at: datetime) -> int:
    # skip_locked: a second sweep, or a verb that is just stopping the clock, is not waited for
    # of the interaction too: a verb that holds it and has written to its record would wait for us, and we for it
    found = (
        Clock.objects.reaching(at)
        .select_for_update(of=("self", "interaction"), no_key=True, skip_locked=True)
        .select_related("interaction", "policy", "step__team")
        .only(*READ)
        .order_by("next_at")[:AT_ONCE]
    )
    reached = [(clock, thresholds.passed(clock, at=at)) for clock in found]
    tell(reached, at=at)
    return len(reached)


def tell(reached: Sequence[tuple[Clock, int]], *, at: datetime) -> None:
    """Note and record the threshold that each of these clocks has reached."""
    facts = [clocks.fact(clock, share, actor=SYSTEM, at=at) for clock, share in reached]
    warnings = [warning(clock, share, at=at) for clock, share in reached]
    # several clocks of one interaction come with several copies of it
    interactions = {clock.interaction_id: clock.interaction for clock, _share in reached}
    raised: dict[int, Interaction] = {}
    for clock, share in reached:
        pass_by(clock, share)
        interaction = interactions[clock.interaction_id]
        if raise_level(interaction, jeopardy.level(clock, at=at)):
            raised[interaction.pk] = interaction
    rows.update([clock for clock, _share in reached], CHANGED)
    rows.update(list(raised.values()), ["jeopardy"])
    rows.insert(warnings)
    record.append_all(facts)


def warning(clock: Clock, share: int, *, at: datetime) -> ClockWarning:
    return ClockWarning(clock=clock, round=clock.round, share=share, told=thresholds.told_at(clock, share), at=at)


def pass_by(clock: Clock, share: int) -> None:
    """Set the columns of a clock that has passed a threshold."""
    if share == FORECAST:
        clock.is_forewarned = True
    else:
        clock.told_share = share
    if share == DUE:
        clock.breached_at = clock.breached_at or clock.due_at
    thresholds.schedule(clock)


def raise_level(interaction: Interaction, level: Jeopardy) -> bool:
    """Whether the level is a higher one than before."""
    is_higher = jeopardy.LEVELS.index(level) > jeopardy.LEVELS.index(Jeopardy(interaction.jeopardy))
    if is_higher:
        interaction.jeopardy = level
    return is_higher
