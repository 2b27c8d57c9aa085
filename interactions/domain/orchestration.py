"""Long matters over back-office teams: what has ended opens what comes after it; when all ended, the loop is closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from interactions.channels import text
from interactions.domain import facts, fields, lifecycle, plans, staffing
from interactions.enums import Event, Move, Status, StepKind, StepStatus
from interactions.errors import StepNotOpen
from interactions.models import Interaction, Plan, Step
from partners.domain import business_time, calendars, record
from partners.payloads import Actor, Fact


def lay_out(interaction: Interaction, plan: Plan, *, actor: Actor, at: datetime) -> list[Step]:
    """Give an interaction the steps of a plan and open the first; the steps stay when the plan is edited later."""
    steps = [plans.step_of(planned, interaction) for planned in plans.STEPS.get(plan.pk)]
    told = settle(interaction, steps, actor=actor, at=at)
    Step.objects.bulk_create(steps)
    record.append_all(told)
    return steps


def settle(interaction: Interaction, steps: Sequence[Step], *, actor: Actor, at: datetime) -> list[Fact]:
    """Open or leave out whatever can be decided now; returns what the record is told. The caller stores the steps."""
    told: list[Fact] = []
    given: Counter[int] = Counter()
    while ready := plans.ready(steps):
        for step in ready:
            if plans.is_wanted(step, steps, interaction.values):
                open_step(step, given, at=at)
                told.append(step_fact(step, Event.STEP_OPENED, actor=actor, at=at, assignee=step.assignee_id))
            else:
                step.status, step.ended_at = StepStatus.SKIPPED, at
                told.append(step_fact(step, Event.STEP_SKIPPED, actor=actor, at=at))
    if steps and plans.are_ended(steps):
        told.append(facts.about(interaction, Event.STEPS_ENDED, actor=actor, at=at))
    return told


def open_step(step: Step, given: Counter[int], *, at: datetime) -> None:
    """Put a step into its team's queue, or into the hands of whom the team's rule says. Sets columns; the caller saves.

    `given` counts what each person was given in the same act, which no query sees yet.
    """
    step.status, step.opened_at = StepStatus.OPEN, at
    if step.kind in {StepKind.WORK, StepKind.APPROVAL}:
        step.assignee = staffing.choose(step.team, skill_id=step.skill_id, at=at, given=given)
        given.update([step.assignee.pk] if step.assignee else [])
    if step.within is not None:
        version = calendars.current(step.team.calendar_id)
        step.due_at = business_time.due(at, step.within, calendars.working(version.pk))


@transaction.atomic
def finish(step: Step, *, outcome: str, actor: Actor, at: datetime, values: Mapping[str, Any] | None = None) -> Step:
    """End a step with what came of it, and open what comes after it; after the last one the loop is to be closed.

    `values` answer the step's form. Raises StepNotOpen and NotAccepted.
    """
    # the interaction first: of two who finish the last steps before a join, the second sees what the first did
    interaction = lifecycle.lock(step.interaction_id)
    step = locked_open(step)
    step.values = fields.check(step.form, values or {}, complete=True)
    step.status, step.ended_at = StepStatus.DONE, at
    step.outcome = text.clean(outcome, most=lifecycle.MOST_WORDS).strip()
    step.save(update_fields=["status", "ended_at", "outcome", "values"])
    record.append(step_fact(step, Event.STEP_FINISHED, actor=actor, at=at, texts={"outcome": step.outcome}))
    if interaction.status == Status.RECEIVED:
        interaction = lifecycle.make_move(interaction, Move.START, actor=actor, at=at)
    go_on(interaction, actor=actor, at=at)
    return step


def go_on(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Open what can be opened now in an interaction that the caller holds."""
    steps = list(Step.objects.filter(interaction=interaction).select_related("team", "interaction").in_order())
    pending = [step for step in steps if step.status == StepStatus.PENDING]
    told = settle(interaction, steps, actor=actor, at=at)
    changed = [step for step in pending if step.status != StepStatus.PENDING]
    for step in changed:
        step.save(update_fields=["status", "assignee", "opened_at", "due_at", "ended_at"])
    record.append_all(told)


def locked_open(step: Step) -> Step:
    """The step, held until the transaction ends; raises StepNotOpen when it is no longer open."""
    step = (
        Step.objects.select_for_update(of=("self",)).select_related("team", "interaction", "assignee").get(pk=step.pk)
    )
    if step.status != StepStatus.OPEN:
        raise StepNotOpen(step.name)
    return step


def step_fact(
    step: Step, event: Event, *, actor: Actor, at: datetime, texts: dict[str, str] | None = None, **known: Any
) -> Fact:
    return facts.about(
        step.interaction, event, actor=actor, at=at, texts=texts, step=step.position, team=step.team.code, **known
    )
