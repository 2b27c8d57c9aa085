"""Long matters over back-office teams: what has ended opens what comes after it; when all ended, the loop is closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import text
from interactions.domain import facts, fields, lifecycle, plans
from interactions.enums import Event, Move, Status, StepStatus
from interactions.errors import NotAccepted, StepNotOpen
from interactions.models import Interaction, Plan, Step, Team
from partners.domain import business_time, calendars, record
from partners.models import User
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
    while ready := plans.ready(steps):
        for step in ready:
            if plans.is_wanted(step, steps, interaction.values):
                open_step(step, at=at)
                told.append(step_fact(step, Event.STEP_OPENED, actor=actor, at=at))
            else:
                step.status, step.ended_at = StepStatus.SKIPPED, at
                told.append(step_fact(step, Event.STEP_SKIPPED, actor=actor, at=at))
    if steps and plans.are_ended(steps):
        told.append(facts.about(interaction, Event.STEPS_ENDED, actor=actor, at=at))
    return told


def open_step(step: Step, *, at: datetime) -> None:
    """Put a step into its team's queue. Sets columns; the caller saves."""
    step.status, step.opened_at = StepStatus.OPEN, at
    if step.within is not None:
        version = calendars.current(step.team.calendar_id)
        step.due_at = business_time.due(at, step.within, calendars.working(version.pk))


@transaction.atomic
def take(step: Step, user: User, *, actor: Actor, at: datetime) -> Step:
    """Give an open step to one person; raises StepNotOpen, and NotAccepted for somebody outside the team."""
    step = locked_open(step)
    if not step.team.places.filter(user=user).exists():
        raise NotAccepted(
            "assignee", _("%(name)s is not in the team %(team)s.") % {"name": user.name, "team": step.team.name}
        )
    step.assignee = user
    step.save(update_fields=["assignee"])
    record.append(step_fact(step, Event.STEP_TAKEN, actor=actor, at=at, assignee=user.pk))
    return step


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
        step.save(update_fields=["status", "opened_at", "due_at", "ended_at"])
    record.append_all(told)


@transaction.atomic
def hand_over(step: Step, team: Team, *, reason: str, actor: Actor, at: datetime) -> Step:
    """Give an open step to another team, with the reason; raises StepNotOpen, and NotAccepted without a reason."""
    if not reason.strip():
        raise NotAccepted("reason", _("Say why the step goes to another team."))
    step = locked_open(step)
    came_from = step.team_id
    step.team, step.assignee = team, None
    step.save(update_fields=["team", "assignee"])
    record.append(
        step_fact(step, Event.STEP_HANDED_OVER, actor=actor, at=at, came_from=came_from, texts={"reason": reason})
    )
    return step


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
