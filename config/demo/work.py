"""The back office of the demo world: steps are taken and finished by people of the team that has them."""

from datetime import datetime
from typing import TYPE_CHECKING

from interactions.domain import custody, orchestration
from interactions.enums import StepStatus
from interactions.models import Interaction, Step
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
        role="representative",
        level=AssuranceLevel.DOUBLE,
    )


def advance(story: "Story", interaction: Interaction, share: float, at: datetime) -> None:
    """Finish steps until this share of the plan is done, and take the next one."""
    steps = steps_of(interaction)
    done = sum(step.status == StepStatus.DONE for step in steps)
    if done < int(len(steps) * share):
        finish(story, steps[done], at)
        done += 1
    is_busy = (story.number + done) % 2 == 0  # the other steps are finished by whoever sees them first
    if is_busy and done < len(steps) and steps[done].assignee_id is None:
        worker = worker_for(story, steps[done])
        custody.take(steps[done], worker, actor=representative(worker), at=at)


def finish_all(story: "Story", interaction: Interaction, at: datetime) -> None:
    """Whatever is left of the plan."""
    for step in steps_of(interaction):
        if step.status != StepStatus.DONE:
            finish(story, step, at)


def steps_of(interaction: Interaction) -> list[Step]:
    """The steps in order."""
    return list(Step.objects.filter(interaction=interaction).select_related("team").in_order())


def finish(story: "Story", step: Step, at: datetime) -> None:
    outcome = story.chance.choice(OUTCOMES[step.team.code])
    orchestration.finish(step, outcome=outcome, actor=representative(worker_for(story, step)), at=at)


def worker_for(story: "Story", step: Step) -> User:
    """Always the same person for one step of one story."""
    team = story.teams[step.team.code]
    return team[(story.number + step.position) % len(team)]
