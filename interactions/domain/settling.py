"""What follows in a plan from what has ended: steps open, are left out, or wait for somebody outside."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from interactions.domain import actions, clocks, facts, plans, staffing
from interactions.domain.actions import NotPossible
from interactions.enums import Event, Status, StepKind, StepStatus
from interactions.models import Clock, Interaction, Step
from partners.domain import record
from partners.payloads import SYSTEM, Actor, Fact

CHANGED = ["status", "assignee", "opened_at", "due_at", "ended_at", "outcome", "values"]


def settle(
    interaction: Interaction, steps: Sequence[Step], *, actor: Actor, at: datetime
) -> tuple[list[Fact], list[Clock]]:
    """Open or leave out whatever can be decided now; returns what the record is told, and clocks for what was opened.

    The caller stores the steps, then the clocks.
    """
    told: list[Fact] = []
    agreed: list[Clock] = []
    given: Counter[int] = Counter()
    while ready := plans.ready(steps):
        for step in ready:
            if plans.is_wanted(step, steps, interaction.values):
                opened = open_step(step, given, at=at)
                told.append(step_fact(step, Event.STEP_OPENED, actor=actor, at=at, assignee=step.assignee_id))
                told += automatic(step, actor=actor, at=at)
                agreed += opened if step.status == StepStatus.OPEN else []
            else:
                step.status, step.ended_at = StepStatus.SKIPPED, at
                told.append(step_fact(step, Event.STEP_SKIPPED, actor=actor, at=at))
    if steps and plans.are_ended(steps):
        told.append(facts.about(interaction, Event.STEPS_ENDED, actor=actor, at=at))
    return told, agreed


def automatic(step: Step, *, actor: Actor, at: datetime) -> list[Fact]:
    """Do what an automatic step does. What it cannot do is left to its team, with the reason as the step's outcome."""
    if step.kind != StepKind.AUTOMATIC:
        return []
    try:
        outcome = actions.perform(step.action, step.interaction, actor=actor, at=at)
    except NotPossible as refusal:
        step.outcome = str(refusal)
        return [step_fact(step, Event.STEP_LEFT, actor=SYSTEM, at=at, texts={"reason": step.outcome})]
    step.status, step.ended_at, step.outcome = StepStatus.DONE, at, outcome.text
    step.values = dict(outcome.values)
    return [step_fact(step, Event.STEP_FINISHED, actor=SYSTEM, at=at, texts={"outcome": step.outcome})]


def still_waiting(interaction: Interaction) -> list[Step]:
    """The steps of an interaction that wait for somebody outside."""
    return list(Step.objects.filter(interaction=interaction, status=StepStatus.OPEN, kind=StepKind.WAIT))


def open_step(step: Step, given: Counter[int], *, at: datetime) -> list[Clock]:
    """Put a step into its team's queue, or into the hands of whom the team's rule says. Sets columns; the caller saves.

    `given` counts what each person was given in the same act, which no query sees yet. Returns the clock of what the
    team agreed to, to be stored after the step.
    """
    step.status, step.opened_at = StepStatus.OPEN, at
    if step.kind in {StepKind.WORK, StepKind.APPROVAL}:
        step.assignee = staffing.choose(step.team, skill_id=step.skill_id, at=at, given=given)
        given.update([step.assignee.pk] if step.assignee else [])
    return clocks.of_step(step, at=at)


def go_on(interaction: Interaction, *, actor: Actor, at: datetime) -> list[Step]:
    """After a step has ended: open what can be opened; the caller holds the interaction. Returns all its steps."""
    steps = list(Step.objects.filter(interaction=interaction).select_related("team").in_order())
    for step in steps:
        step.interaction = interaction
    pending = [step for step in steps if step.status == StepStatus.PENDING]
    told, agreed = settle(interaction, steps, actor=actor, at=at)
    for step in pending:
        if step.status != StepStatus.PENDING:
            step.save(update_fields=CHANGED)
    clocks.start(agreed)
    clocks.look_again(interaction, at=at)
    record.append_all(told)
    return steps


def end_wait(interaction: Interaction, *, outcome: str, actor: Actor, at: datetime) -> bool:
    """What was waited for has come, and the step that waited for it has ended; not when it was something else.

    Returns whether there was one. The caller holds the interaction, and opens what follows.
    """
    waiting = Step.objects.filter(interaction=interaction, kind=StepKind.WAIT, status=StepStatus.OPEN)
    steps = waiting.select_related("team").order_by("opened_at", "position")
    step = next((step for step in steps if is_awaited(step, interaction)), None)
    if step is None:
        return False
    step.interaction, step.status, step.ended_at, step.outcome = interaction, StepStatus.DONE, at, outcome
    clocks.finish_step(step, at=at)
    step.save(update_fields=["status", "ended_at", "outcome", "worked"])
    record.append(step_fact(step, Event.STEP_FINISHED, actor=actor, at=at, texts={"outcome": outcome}))
    return True


def is_awaited(step: Step, interaction: Interaction) -> bool:
    """Whether this is the step for which the matter waits now; somebody may have asked for something else."""
    is_waiting = interaction.status == Status.WAITING and step.kind == StepKind.WAIT
    return is_waiting and step.waits_for == interaction.ball and plans.asked(step) == interaction.waiting_for


def awaited(steps: Sequence[Step]) -> Step | None:
    """The step that the matter has to wait for next, if one does."""
    waiting = [step for step in steps if step.kind == StepKind.WAIT and step.status == StepStatus.OPEN]
    return min(waiting, key=lambda step: (step.opened_at, step.position), default=None)


def step_fact(
    step: Step, event: Event, *, actor: Actor, at: datetime, texts: dict[str, str] | None = None, **known: Any
) -> Fact:
    return facts.about(
        step.interaction, event, actor=actor, at=at, texts=texts, step=step.position, team=step.team.code, **known
    )
