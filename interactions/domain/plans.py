"""How the steps of a plan follow each other: which may begin now, and which are left out. Only looks, never writes."""

from collections.abc import Iterable, Mapping, Sequence

from interactions.domain.conditions import Condition
from interactions.enums import StepKind, StepStatus
from interactions.models import Interaction, PlanStep, Step
from partners.domain.remembered import Remembered

ENDED = {StepStatus.DONE, StepStatus.SKIPPED, StepStatus.CANCELLED}
COPIED = (
    *("position", "name", "partner_wording", "instructions", "team", "skill_id", "within", "kind", "after"),
    *("condition_field", "comparison", "condition_value", "form", "action", "waits_for"),
)
DECISION = "decision_"  # and the position of an approval: what a condition calls its outcome
APPROVED, REFUSED = "approved", "refused"


def planned(plan_id: int) -> list[PlanStep]:
    return list(PlanStep.objects.filter(plan=plan_id).select_related("team").order_by("position"))


STEPS = Remembered(planned)


def step_of(planned: PlanStep, interaction: Interaction) -> Step:
    """The step that an interaction gets; with everything its plan says, so that the plan may be edited."""
    return Step(interaction=interaction, **{name: getattr(planned, name) for name in COPIED})


def are_ended(steps: Iterable[Step]) -> bool:
    return all(step.status in ENDED for step in steps)


def ready(steps: Sequence[Step]) -> list[Step]:
    """Steps not yet begun, before which nothing is left to end."""
    going_on = {step.position for step in steps if step.status not in ENDED}
    return [step for step in steps if step.status == StepStatus.PENDING and going_on.isdisjoint(step.after)]


def is_wanted(step: Step, steps: Sequence[Step], values: Mapping[str, str]) -> bool:
    """Whether a step is done or left out: its condition holds, and nothing before it was refused.

    What comes after a refused approval is left out, unless its condition asks for that decision.
    """
    condition = condition_of(step)
    if not condition.field.startswith(DECISION) and is_refused_before(step, steps):
        return False
    return condition.holds(known(steps, values))


def is_foreseen(step: Step, values: Mapping[str, str]) -> bool:
    """Whether a step will be done as far as anybody can tell when a matter begins."""
    condition = condition_of(step)
    return condition.field.startswith(DECISION) or condition.holds(values)


def is_refused_before(step: Step, steps: Sequence[Step]) -> bool:
    before = [other for other in steps if other.position in step.after]
    return any(is_refused(other) or leads_on_refusal(other, steps) for other in before)


def is_refused(step: Step) -> bool:
    return step.kind == StepKind.APPROVAL and step.values.get("decision") == REFUSED


def leads_on_refusal(step: Step, steps: Sequence[Step]) -> bool:
    """Whether a step was itself left out for a refusal before it."""
    is_left_out = step.status == StepStatus.SKIPPED and not step.condition_field.startswith(DECISION)
    return is_left_out and is_refused_before(step, steps)


def known(steps: Iterable[Step], values: Mapping[str, str]) -> dict[str, str]:
    """What conditions may ask for: the interaction's fields, the answers of its steps, and what was approved."""
    found = dict(values)
    for step in steps:
        found |= step.values
        if step.kind == StepKind.APPROVAL and "decision" in step.values:
            found[f"{DECISION}{step.position}"] = step.values["decision"]
    return found


def asked(step: Step) -> str:
    """What a waiting step waits for, in words that are told outside."""
    return step.partner_wording or step.name


def condition_of(step: Step | PlanStep) -> Condition:
    return Condition(step.condition_field, step.comparison, step.condition_value)
