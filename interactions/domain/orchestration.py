"""Long matters over back-office teams: what has ended opens what comes after it; when all ended, the loop is closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import text
from interactions.domain import approvals, clocks, fields, jeopardy, lifecycle, plans, settling, thresholds
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Status, StepKind, StepStatus
from interactions.errors import NotAccepted, StepNotOpen
from interactions.models import Clock, Interaction, Plan, Step
from partners.domain import record
from partners.domain.locks import Lock
from partners.domain.translations import translated
from partners.payloads import Actor


def lay_out(interaction: Interaction, plan: Plan, *, actor: Actor, at: datetime) -> Interaction:
    """Give an interaction the steps of a plan and open the first; the steps stay when the plan is edited later."""
    steps = [plans.step_of(planned, interaction) for planned in plans.STEPS.get(plan.pk)]
    told, agreed = settling.settle(interaction, steps, actor=actor, at=at)
    Step.objects.bulk_create(steps)
    clocks.start(agreed)
    record.append_all(told)
    approvals.ask_for(steps, interaction, actor=actor, at=at)
    return lifecycle.wait_as_planned(interaction, steps, actor=actor, at=at)


def foresee(interaction: Interaction, promises: Sequence[Clock], plan: Plan, *, at: datetime) -> None:
    """What a plan means for promises not stored yet: steps that usually take too long put them at risk at once."""
    steps = [plans.step_of(planned, interaction) for planned in plans.STEPS.get(plan.pk)]
    wanted = [step for step in steps if plans.is_foreseen(step, interaction.values)]
    for step in wanted:
        if not step.after:
            step.status = StepStatus.OPEN
    jeopardy.assess(interaction, promises, at=at, steps=wanted)
    for clock in promises:
        thresholds.schedule(clock)


@transaction.atomic
def finish(
    step: Step,
    *,
    outcome: str,
    actor: Actor,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    decision: str = "",
    seen: str = "",
) -> Step:
    """End a step with what came of it, and open what comes after it; after the last one the loop is to be closed.

    `values` answer the step's form; an approval needs a `decision`, which is a second person's where it moves money:
    `seen` is the binding of what that one has seen. Raises StepNotOpen, NotAccepted and what `approvals.decide` raises.
    """
    # the interaction first: of two who finish the last steps before a join, the second sees what the first did
    interaction = lifecycle.lock(step.interaction_id)
    step = locked_open(step)
    step.values = fields.check(step.form, values or {}, complete=True) | decided(step, decision)
    if decision and step.kind == StepKind.APPROVAL:
        approves = decision == plans.APPROVED
        approvals.decide_step(step, interaction, approves=approves, reason=outcome, seen=seen, actor=actor, at=at)
    step.status, step.ended_at = StepStatus.DONE, at
    step.outcome = text.clean(outcome, most=lifecycle.MOST_WORDS).strip()
    clocks.finish_step(step, at=at)
    step.save(update_fields=["status", "ended_at", "outcome", "values", "worked"])
    record.append(settling.step_fact(step, Event.STEP_FINISHED, actor=actor, at=at, texts={"outcome": step.outcome}))
    if interaction.status == Status.RECEIVED:
        interaction = lifecycle.make_move(interaction, Move.START, actor=actor, at=at)
    elif settling.is_awaited(step, interaction):
        words = Words(reason=step.outcome or step.name)
        interaction = lifecycle.make_move(interaction, Move.RESUME, actor=actor, at=at, words=words)
    go_on(interaction, actor=actor, at=at)
    return step


@transaction.atomic
def ask_anew(step: Step, *, actor: Actor, at: datetime) -> None:
    """After TermsChanged: what changed where no verb is told, such as the payee's name, is asked for as it is now."""
    approvals.void_changed(lifecycle.lock(step.interaction_id), actor=actor, at=at)


def decided(step: Step, decision: str) -> dict[str, str]:
    """The decision on an approval, as its answers keep it; raises NotAccepted without one."""
    if step.kind != StepKind.APPROVAL:
        return {}
    if decision not in {plans.APPROVED, plans.REFUSED}:
        raise NotAccepted("decision", _("Approve it or refuse it."))
    return {"decision": decision}


def go_on(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Open what can be opened now in an interaction that the caller holds, and wait where the plan waits."""
    steps = settling.go_on(interaction, actor=actor, at=at)
    approvals.ask_for(steps, interaction, actor=actor, at=at)
    lifecycle.wait_as_planned(interaction, steps, actor=actor, at=at)


LOCK = Lock(lambda: Step.objects.select_related("team", "interaction", "assignee"))


def locked_open(step: Step) -> Step:
    """The step, held until the transaction ends; raises StepNotOpen when it is no longer open."""
    step = LOCK.hold(step.pk)
    if step.status != StepStatus.OPEN:
        raise StepNotOpen(translated(step.name))
    return step
