"""Long matters over back-office teams: one step opens the next, and when all ended the loop is to be closed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import text
from interactions.domain import facts, lifecycle
from interactions.enums import Event, Move, Status, StepStatus
from interactions.errors import NotAccepted, StepNotOpen
from interactions.models import Interaction, Plan, Step, Team
from partners.domain import business_time, calendars, record
from partners.models import User
from partners.payloads import Actor, Fact


def lay_out(interaction: Interaction, plan: Plan, *, actor: Actor, at: datetime) -> list[Step]:
    """Give an interaction the steps of a plan and open the first; the steps stay when the plan is edited later."""
    steps = Step.objects.bulk_create(
        Step(
            interaction=interaction,
            position=planned.position,
            name=planned.name,
            partner_wording=planned.partner_wording,
            instructions=planned.instructions,
            team=planned.team,
            within=planned.within,
        )
        for planned in plan.steps.select_related("team").order_by("position")
    )
    if steps:
        open_step(steps[0], actor=actor, at=at)
    return steps


def open_step(step: Step, *, actor: Actor, at: datetime) -> None:
    """Put a step into its team's queue."""
    step.status, step.opened_at = StepStatus.OPEN, at
    if step.within is not None:
        version = calendars.current(step.team.calendar_id)
        step.due_at = business_time.due(at, step.within, calendars.working(version.pk))
    step.save(update_fields=["status", "opened_at", "due_at"])
    record.append(step_fact(step, Event.STEP_OPENED, actor=actor, at=at))


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
def finish(step: Step, *, outcome: str, actor: Actor, at: datetime) -> Step:
    """End a step with what came of it, and open the next one; after the last one the loop is to be closed."""
    interaction = lifecycle.lock(step.interaction_id)
    step = locked_open(step)
    step.status, step.ended_at = StepStatus.DONE, at
    step.outcome = text.clean(outcome, most=lifecycle.MOST_WORDS).strip()
    step.save(update_fields=["status", "ended_at", "outcome"])
    record.append(step_fact(step, Event.STEP_FINISHED, actor=actor, at=at, texts={"outcome": step.outcome}))
    if interaction.status == Status.RECEIVED:
        interaction = lifecycle.make_move(interaction, Move.START, actor=actor, at=at)
    following = Step.objects.filter(interaction=interaction, status=StepStatus.PENDING).in_order().first()
    if following is not None:
        open_step(following, actor=actor, at=at)
    elif not Step.objects.unfinished().filter(interaction=interaction).exists():
        record.append(facts.about(interaction, Event.STEPS_ENDED, actor=actor, at=at))
    return step


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
