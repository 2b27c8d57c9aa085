"""When a matter will be done if its steps take what they usually take, and since when it cannot be done in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.domain import pace, plans, segments
from interactions.enums import StepStatus
from interactions.models import Interaction, Step
from partners.domain import business_time, calendars
from partners.domain.business_time import WorkingCalendar


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """`done_at` is when the last step will usually have ended; `risk_at` when the time left becomes too short.

    `risk_at` is not before now; None while only the last steps are left, which a deadline itself is enough for.
    """

    done_at: datetime | None = None
    risk_at: datetime | None = None


def outlook(interaction: Interaction, steps: Sequence[Step], *, due_at: datetime | None, at: datetime) -> Outlook:
    """What the steps that are left mean for a deadline. A step counts with what it usually takes of its team's time."""
    left = {step.position: step for step in steps if step.status not in plans.ENDED}
    if not left:
        return Outlook()
    usual = {position: pace.usual(interaction.type_id, step) for position, step in left.items()}
    done_at = max(ends(left, usual, at=at).values())
    if due_at is None:
        return Outlook(done_at=done_at)
    if done_at > due_at:
        return Outlook(done_at=done_at, risk_at=at)
    latest = latest_ends(left, usual, due_at=due_at)
    open_ones = [latest[position] for position, step in left.items() if step.status == StepStatus.OPEN]
    risk_at = min((moment for moment in open_ones if moment < due_at), default=None)
    return Outlook(done_at=done_at, risk_at=risk_at and max(risk_at, at))


def ends(left: Mapping[int, Step], usual: Mapping[int, timedelta], *, at: datetime) -> dict[int, datetime]:
    """When each step will end: an open one after what is left of its usual time, others after those before them."""
    found: dict[int, datetime] = {}
    for position, step in ordered(left):
        hours = hours_of(step)
        if step.status == StepStatus.OPEN:
            still = max(usual[position] - worked(step, hours, at=at), timedelta(0))
            found[position] = business_time.due(at, still, hours)
        else:
            begins_at = max([at, *(found[before] for before in step.after if before in found)])
            found[position] = business_time.due(begins_at, usual[position], hours)
    return found


def worked(step: Step, hours: WorkingCalendar, *, at: datetime) -> timedelta:
    """How long an open step has been worked on: by its clock, which stood still while we waited for others."""
    clock = getattr(step, "clock", None)
    if clock is not None:
        return segments.used(clock, at)
    return business_time.elapsed(step.opened_at, at, hours) if step.opened_at else timedelta(0)


def latest_ends(left: Mapping[int, Step], usual: Mapping[int, timedelta], *, due_at: datetime) -> dict[int, datetime]:
    """By when each step has to end so that what comes after it can still end in time."""
    found: dict[int, datetime] = dict.fromkeys(left, due_at)
    for position, step in reversed(ordered(left)):
        begins_at = business_time.due(found[position], -usual[position], hours_of(step))
        for before in step.after:
            if before in found:
                found[before] = min(found[before], begins_at)
    return found


def ordered(left: Mapping[int, Step]) -> list[tuple[int, Step]]:
    """Steps so that each stands behind those it comes after."""
    placed: dict[int, Step] = {}
    waiting = dict(sorted(left.items()))
    while waiting:
        free = [position for position, step in waiting.items() if not set(step.after) & waiting.keys()]
        for position in free or list(waiting):  # a loop would be refused when a plan is kept; never wait for it here
            placed[position] = waiting.pop(position)
    return list(placed.items())


def hours_of(step: Step) -> WorkingCalendar:
    return calendars.working(calendars.NEWEST.get(step.team.calendar_id))
