"""The back office of the demo world: steps are taken and finished by people of the team that has them."""

from datetime import datetime
from typing import TYPE_CHECKING

from interactions.domain import custody, fields, orchestration, plans
from interactions.enums import FieldKind, StepKind, StepStatus
from interactions.models import Approval, Interaction, Step
from partners.domain import access
from partners.enums import ActorKind, AssuranceLevel
from partners.models import User
from partners.payloads import Actor

if TYPE_CHECKING:
    from config.demo.stories import Story

OUTCOMES = {
    "front-desk": ["Complete and within the contract.", "Checked with the account team, nothing missing."],
    "billing": ["Agrees with our figures.", "Difference explained and noted.", "Released by two persons."],
    "assurance": ["Cause found, traces are kept.", "Measured for fifteen minutes without errors.", "Repaired on site."],
    "fulfilment": ["Capacity reserved.", "Delivered as ordered.", "Data corrected and sent again."],
}


def representative(user: User) -> Actor:
    """Somebody of ours at the console, signed in with two factors."""
    return Actor(
        kind=ActorKind.REPRESENTATIVE,
        user_id=user.pk,
        label=user.name,
        role=access.REPRESENTATIVE,
        level=AssuranceLevel.DOUBLE,
        permissions=access.of_representative(user),
    )


def advance(story: "Story", interaction: Interaction, share: float, at: datetime) -> None:
    """Finish steps until this share of the plan is done, and take the next one."""
    steps = steps_of(interaction)
    ended = sum(step.status in plans.ENDED for step in steps)
    if ended < int(len(steps) * share) and (step := first_open(steps)) is not None:
        finish(story, step, at)
        ended += 1
    following = first_open(steps_of(interaction))
    is_busy = (story.number + ended) % 2 == 0  # the other steps are finished by whoever sees them first
    if is_busy and following is not None and following.assignee_id is None:
        worker = worker_for(story, following)
        custody.take(following, worker, actor=representative(worker), at=at)


def finish_all(story: "Story", interaction: Interaction, at: datetime) -> None:
    """Whatever is left of the plan."""
    while (step := first_open(steps_of(interaction))) is not None:
        finish(story, step, at)


def steps_of(interaction: Interaction) -> list[Step]:
    """The steps in order."""
    return list(Step.objects.filter(interaction=interaction).select_related("team").in_order())


def first_open(steps: list[Step]) -> Step | None:
    return next((step for step in steps if step.status == StepStatus.OPEN), None)


def finish(story: "Story", step: Step, at: datetime) -> None:
    outcome = story.chance.choice(OUTCOMES[step.team.code])
    is_approval = step.kind == StepKind.APPROVAL
    actor = representative(second_person(step) if is_approval else worker_for(story, step))
    decision = plans.APPROVED if is_approval else ""
    orchestration.finish(step, outcome=outcome, actor=actor, at=at, values=answers(step, outcome), decision=decision)


def answers(step: Step, outcome: str) -> dict[str, str]:
    """What a step asks for at its end, filled in somehow."""
    values: dict[str, str] = {}
    for field in step.form:
        if fields.is_asked(field, values):
            values[field["name"]] = field["choices"][0] if field["kind"] == FieldKind.CHOICE else outcome
    return values


def second_person(step: Step) -> User:
    """Somebody who may approve it, and is neither who asked nor who raised the matter."""
    asked = Approval.objects.waiting().filter(step=step).values_list("asked_by_id", "interaction__created_by_id")
    first = {user for pair in asked for user in pair}
    may = User.objects.filter(is_representative=True, is_active=True).exclude(permissions=[]).order_by("pk")
    return next(user for user in may if user.pk not in first)


def worker_for(story: "Story", step: Step) -> User:
    """Always the same person for one step of one story."""
    team = story.teams[step.team.code]
    return team[(story.number + step.position) % len(team)]
