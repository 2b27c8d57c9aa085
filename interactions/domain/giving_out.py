"""What waits in the queues is given to people of the team as soon as somebody is there and has room."""

from datetime import datetime

from django.db import transaction

from interactions.domain import facts, lifecycle, staffing
from interactions.enums import AssignmentRule, Event, StepStatus
from interactions.models import Interaction, Step, Team
from partners.domain import record
from partners.payloads import SYSTEM

MOST_AT_ONCE = 200  # pieces of work that one sweep gives out


def sweep(*, at: datetime) -> int:
    """Give out what waits in the queues of teams that give work to their people; how much was given. Safe to repeat.

    There is such work when nobody had room or was there when it came in.
    """
    given = release_gone(at=at)
    for team in Team.objects.exclude(assignment=AssignmentRule.NOBODY).order_by("pk"):
        waiting = Step.objects.filter(team=team, status=StepStatus.OPEN, assignee=None)
        given += sum(give_step(step, team, at=at) for step in waiting.order_by("due_at", "pk")[:MOST_AT_ONCE])
        unowned = Interaction.objects.open().filter(team=team, assignee=None).exclude(status__in=staffing.AT_REST)
        given += sum(give(matter.pk, team, at=at) for matter in unowned.order_by("due_at", "pk")[:MOST_AT_ONCE])
    return given


@transaction.atomic
def give_step(step: Step, team: Team, *, at: datetime) -> bool:
    """Give an open step that nobody has to somebody of its team; whether there was somebody."""
    lifecycle.lock(step.interaction_id)
    found = Step.objects.select_related("interaction", "team").filter(
        pk=step.pk, team=team, status=StepStatus.OPEN, assignee=None
    )
    if (step_now := found.first()) is None or (
        user := staffing.choose(team, skill_id=step_now.skill_id, at=at)
    ) is None:
        return False
    step_now.assignee = user
    step_now.save(update_fields=["assignee"])
    record.append(
        facts.about(
            step_now.interaction,
            Event.STEP_ASSIGNED,
            actor=SYSTEM,
            at=at,
            step=step_now.position,
            team=team.code,
            assignee=user.pk,
        )
    )
    return True


@transaction.atomic
def give(interaction_id: int, team: Team, *, at: datetime) -> bool:
    """Give an interaction that nobody has to somebody of its team; whether there was somebody."""
    interaction = lifecycle.lock(interaction_id)
    if interaction.assignee_id is not None or interaction.team_id != team.pk or not interaction.is_open:
        return False
    user = staffing.choose(team, skill_id=interaction.type.skill_id, at=at)
    if user is None:
        return False
    interaction.assignee = user
    lifecycle.save(interaction, at=at)
    record.append(facts.about(interaction, Event.ASSIGNED, actor=SYSTEM, at=at, assignee=user.pk))
    return True


def release_gone(*, at: datetime) -> int:
    """Open steps of people who no longer work here go back to their teams' queues; how many."""
    left = Step.objects.filter(status=StepStatus.OPEN, assignee__is_active=False).order_by("pk")[:MOST_AT_ONCE]
    return sum(release(step.pk, at=at) for step in left)


@transaction.atomic
def release(step_id: int, *, at: datetime) -> bool:
    found = Step.objects.select_for_update(of=("self",), no_key=True).select_related("interaction", "team")
    step = found.filter(pk=step_id, status=StepStatus.OPEN, assignee__is_active=False).first()
    if step is None:
        return False
    step.assignee = None
    step.save(update_fields=["assignee"])
    record.append(
        facts.about(step.interaction, Event.STEP_RETURNED, actor=SYSTEM, at=at, step=step.position, team=step.team.code)
    )
    return True
