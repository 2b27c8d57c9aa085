"""The line of stages that a partner sees: received, the steps of our teams in its own wording, solved, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from interactions.domain import standing
from interactions.enums import Direction, Side, Status, StepStatus
from interactions.models import Interaction, Step


class State(StrEnum):
    """Where a stage stands."""

    DONE = "done"
    CURRENT = "current"
    NEXT = "next"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """`at` is when it was done, `expected_at` when it is to be."""

    name: str
    state: State
    at: datetime | None = None
    expected_at: datetime | None = None


OF_STEP = {
    StepStatus.PENDING: State.NEXT,
    StepStatus.OPEN: State.CURRENT,
    StepStatus.DONE: State.DONE,
    StepStatus.SKIPPED: State.SKIPPED,
    StepStatus.CANCELLED: State.SKIPPED,
}
WORKED_ON = {Status.IN_PROGRESS, Status.WAITING}
SOLVED = {Status.RESOLVED, Status.CLOSED}


def of(interaction: Interaction) -> list[Stage]:
    """All stages in order; reads `interaction.steps`."""
    steps = list(interaction.steps.all())
    work = [of_step(step) for step in steps] or [work_without_plan(interaction)]
    return [beginning(interaction, work), *work, *end(interaction, steps)]


def beginning(interaction: Interaction, work: Sequence[Stage]) -> Stage:
    is_waiting_for_work = interaction.status == Status.RECEIVED and all(stage.state == State.NEXT for stage in work)
    return Stage(
        name=_("Received") if interaction.direction == Direction.INBOUND else _("Written to you"),
        state=State.CURRENT if is_waiting_for_work else State.DONE,
        at=interaction.started_at,
    )


def of_step(step: Step) -> Stage:
    state = OF_STEP[StepStatus(step.status)]
    return Stage(
        name=standing.told(step),
        state=state,
        at=step.ended_at if state == State.DONE else None,
        expected_at=step.due_at if state == State.CURRENT else None,
    )


def work_without_plan(interaction: Interaction) -> Stage:
    state = State.NEXT
    if interaction.status in SOLVED:
        state = State.DONE
    elif interaction.status in WORKED_ON:
        state = State.CURRENT
    elif interaction.status == Status.CANCELLED:
        state = State.SKIPPED
    is_asked = interaction.status == Status.WAITING and interaction.ball == Side.PARTNER
    return Stage(name=_("Waiting for you") if is_asked else _("In progress"), state=state)


def end(interaction: Interaction, steps: Sequence[Step]) -> list[Stage]:
    """The solution and the formal close; or the end that came instead."""
    if interaction.status == Status.CANCELLED:
        return [Stage(name=_("Cancelled"), state=State.DONE, at=interaction.ended_at)]
    is_solved = interaction.status in SOLVED
    is_left = interaction.status == Status.IN_PROGRESS and bool(steps) and standing.are_done(steps)
    solution = State.DONE if is_solved else State.CURRENT if is_left else State.NEXT
    closed = {Status.RESOLVED: State.CURRENT, Status.CLOSED: State.DONE}
    return [
        Stage(name=_("Solution"), state=solution, at=interaction.resolved_at if is_solved else None),
        Stage(name=_("Closed"), state=closed.get(Status(interaction.status), State.NEXT), at=interaction.ended_at),
    ]
