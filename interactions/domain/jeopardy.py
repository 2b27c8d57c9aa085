"""Whether what is promised can still be kept: on track, at risk or late, by a forecast and not only by the deadline."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from interactions.domain import catalogue, forecast
from interactions.enums import ClockKind, Jeopardy
from interactions.models import Clock, Interaction, Step

LEVELS = list(Jeopardy)


def assess(
    interaction: Interaction, clocks: Sequence[Clock], *, at: datetime, steps: Sequence[Step] | None = None
) -> None:
    """Look again whether what is promised can be kept. Sets columns of interaction and clocks; the caller saves."""
    interaction.due_at = nearest(clocks)
    for clock in clocks:
        if clock.kind == ClockKind.RESOLUTION and clock.is_running:
            left = steps_of(interaction) if steps is None else steps
            clock.risk_at = forecast.outlook(interaction, left, due_at=clock.due_at, at=at).risk_at
    interaction.jeopardy = max((level(clock, at=at) for clock in clocks), key=LEVELS.index, default=Jeopardy.ON_TRACK)


def level(clock: Clock, *, at: datetime) -> Jeopardy:
    """How a clock stands; a step's own delay puts the whole at risk, the other side's does not."""
    if clock.stopped_at is not None or clock.is_answer:
        return Jeopardy.ON_TRACK
    is_late = clock.due_at < at if clock.due_at is not None else clock.left < timedelta(0)
    if clock.kind == ClockKind.STEP:
        return Jeopardy.AT_RISK if is_late else Jeopardy.ON_TRACK
    if is_late:
        return Jeopardy.LATE
    is_short = clock.risk_at is not None and clock.risk_at <= at
    return Jeopardy.AT_RISK if is_short or clock.told_share else Jeopardy.ON_TRACK


def steps_of(interaction: Interaction) -> list[Step]:
    """The steps of a plan with their clocks; nothing is asked where there is no plan."""
    if catalogue.version_of(interaction).plan_id is None:
        return []
    return list(Step.objects.filter(interaction=interaction).select_related("team", "clock").in_order())


def nearest(clocks: Iterable[Clock]) -> datetime | None:
    """The nearest deadline of what we promised, which lists sort by."""
    return min(
        (clock.due_at for clock in clocks if clock.is_promised and clock.is_running and clock.due_at), default=None
    )
