"""A plan is refused, or it leads to its end: whatever somebody draws, and whatever is answered on the way."""

from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.domain import drawing, plan_checks, plans
from interactions.enums import Comparison, StepKind, StepStatus
from interactions.models import Interaction, PlanStep, Step

FIELDS: list[dict[str, Any]] = [
    {"name": "amount", "label": "Amount", "kind": "amount"},
    {"name": "colour", "label": "Colour", "kind": "choice", "choices": ["red", "blue"]},
]
TYPES = {"Order": FIELDS}
POSITIONS = st.integers(1, 7)
CONDITIONS = st.sampled_from(
    [
        ("", "", ""),
        ("amount", "at_least", "100"),
        ("amount", "below", "blue"),
        ("colour", "is", "red"),
        ("colour", "is_not", "green"),
        ("unheard_of", "filled", ""),
        ("decision_1", "is", "refused"),
        ("decision_2", "is", "approved"),
    ]
)


@st.composite
def drawn_plans(draw: st.DrawFn) -> list[PlanStep]:
    """Any steps that come after any others, themselves and what is not there included."""
    positions = draw(st.lists(POSITIONS, min_size=1, max_size=7, unique=draw(st.booleans())))
    steps = []
    for position in positions:
        field, comparison, value = draw(CONDITIONS)
        steps.append(
            PlanStep(
                position=position,
                name=f"Step {position}",
                kind=draw(st.sampled_from([StepKind.WORK, StepKind.WORK, StepKind.APPROVAL])),
                after=draw(st.lists(POSITIONS, max_size=3, unique=True)),
                condition_field=field,
                comparison=comparison,
                condition_value=value,
            )
        )
    return steps


@st.composite
def sound_plans(draw: st.DrawFn) -> list[PlanStep]:
    """Steps that each come after some of those above."""
    steps: list[PlanStep] = []
    for position in range(1, draw(st.integers(1, 8)) + 1):
        before = draw(st.lists(st.integers(1, position - 1), max_size=3, unique=True)) if position > 1 else []
        kind = draw(st.sampled_from([StepKind.WORK, StepKind.APPROVAL]))
        steps.append(PlanStep(position=position, name=f"Step {position}", kind=kind, after=before))
        approvals = [step.position for step in steps[:-1] if step.kind == StepKind.APPROVAL]
        condition = draw(
            st.sampled_from(["", "colour", *(f"decision_{number}" for number in approvals if number in before)])
        )
        if condition:
            steps[-1].condition_field, steps[-1].comparison = condition, Comparison.IS
            steps[-1].condition_value = (
                "red" if condition == "colour" else draw(st.sampled_from(["approved", "refused"]))
            )
    return steps


def run(steps: list[PlanStep], values: dict[str, str], choose: st.DataObject) -> dict[int, list[StepStatus]]:
    """Work on a plan in any order until nothing is left; returns the states that each step went through."""
    interaction = Interaction(pk=1, values=values)
    laid = [Step(interaction=interaction, **{name: getattr(step, name) for name in copied()}) for step in steps]
    history: dict[int, list[StepStatus]] = {step.position: [] for step in laid}
    for _turn in count():
        while ready := plans.ready(laid):
            for step in ready:
                assert not history[step.position], "a step opens once"
                assert all(other.status in plans.ENDED for other in laid if other.position in step.after)
                wanted = plans.is_wanted(step, laid, values)
                step.status = StepStatus.OPEN if wanted else StepStatus.SKIPPED
                history[step.position].append(StepStatus(step.status))
        working = [step for step in laid if step.status == StepStatus.OPEN]
        if not working:
            break
        step = choose.draw(st.sampled_from(working), label="who finishes next")
        step.status = StepStatus.DONE
        if step.kind == StepKind.APPROVAL:
            step.values = {"decision": choose.draw(st.sampled_from(["approved", "refused"]), label="decision")}
        history[step.position].append(StepStatus.DONE)
    return history


def copied() -> list[str]:
    return ["position", "name", "kind", "after", "condition_field", "comparison", "condition_value"]


@settings(max_examples=150, deadline=None)
@given(drawn_plans(), st.data(), st.sampled_from(["", "50", "500 EUR"]), st.sampled_from(["", "red", "blue"]))
def test_a_plan_is_refused_or_runs_to_its_end(
    steps: list[PlanStep], choose: st.DataObject, amount: str, colour: str
) -> None:
    if plan_checks.faults(steps, types=TYPES):
        return

    history = run(steps, {"amount": amount, "colour": colour}, choose)

    assert all(states in ([StepStatus.SKIPPED], [StepStatus.OPEN, StepStatus.DONE]) for states in history.values())


@settings(max_examples=100, deadline=None)
@given(sound_plans(), st.data(), st.sampled_from(["", "red", "blue"]))
def test_a_sound_plan_is_accepted_and_runs_to_its_end(
    steps: list[PlanStep], choose: st.DataObject, colour: str
) -> None:
    assert plan_checks.faults(steps, types=TYPES) == []

    history = run(steps, {"colour": colour}, choose)

    assert all(states[-1] in plans.ENDED for states in history.values())


@settings(max_examples=100, deadline=None)
@given(drawn_plans())
def test_whatever_is_drawn_gets_a_picture_in_which_nothing_overlaps(steps: list[PlanStep]) -> None:
    steps = list({step.position: step for step in steps}.values())

    picture = drawing.draw(steps)

    if picture is None:
        return
    corners = [(box.x, box.y) for box in picture.boxes]
    assert len(set(corners)) == len(corners)
    for number, (x, y) in enumerate(corners):
        assert 0 <= x <= picture.width - drawing.WIDTH
        assert 0 <= y <= picture.height - drawing.HEIGHT
        for other_x, other_y in corners[:number]:
            assert abs(x - other_x) >= drawing.WIDTH or abs(y - other_y) >= drawing.HEIGHT


@settings(max_examples=100, deadline=None)
@given(sound_plans())
def test_in_a_picture_every_step_stands_right_of_what_comes_before_it(steps: list[PlanStep]) -> None:
    picture = drawing.draw(steps)

    assert picture is not None
    left = {box.step.position: box.x for box in picture.boxes}
    assert set(left) == {step.position for step in steps}
    assert all(left[before] < left[step.position] for step in steps for before in step.after)


def test_a_refused_approval_leaves_out_what_follows_unless_it_asks_for_the_refusal() -> None:
    steps = [
        PlanStep(position=1, name="Approve", kind=StepKind.APPROVAL, after=[]),
        PlanStep(position=2, name="Pay", kind=StepKind.WORK, after=[1]),
        PlanStep(position=3, name="Book", kind=StepKind.WORK, after=[2]),
        PlanStep(
            position=4,
            name="Explain",
            kind=StepKind.WORK,
            after=[1],
            condition_field="decision_1",
            comparison="is",
            condition_value="refused",
        ),
        PlanStep(position=5, name="Archive", kind=StepKind.WORK, after=[4]),
    ]
    laid = [Step(interaction=Interaction(pk=1), **{name: getattr(step, name) for name in copied()}) for step in steps]
    laid[0].status, laid[0].values = StepStatus.DONE, {"decision": "refused"}

    while ready := plans.ready(laid):
        for step in ready:
            step.status = StepStatus.DONE if plans.is_wanted(step, laid, {}) else StepStatus.SKIPPED

    assert [step.status for step in laid] == ["done", "skipped", "skipped", "done", "done"]


WRONG = [
    ({"after": [7]}, "after", "There is no step 7"),
    ({"after": [2]}, "after", "after itself"),
    ({"kind": "wait"}, "waits_for", "Choose"),
    ({"waits_for": "partner"}, "waits_for", "Only a waiting step"),
    ({"action": "bill-copy"}, "action", "Only an automatic step"),
    ({"condition_field": "unheard_of", "condition_value": "1"}, "condition_field", "asks for"),
    ({"condition_field": "amount", "comparison": "at_least"}, "condition_value", "compared with"),
    ({"condition_field": "amount", "comparison": "below", "condition_value": "blue"}, "condition_value", "such as"),
    ({"condition_field": "colour", "comparison": "below", "condition_value": "1"}, "condition_value", "Only a date"),
    ({"condition_field": "colour", "comparison": "is", "condition_value": "green"}, "condition_value", "red, blue"),
    ({"condition_value": "1000"}, "condition_field", "which field"),
    ({"form": [{"name": "decision", "label": "Decision", "kind": "text"}]}, "form", "approval"),
    ({"form": [{"name": "proof", "label": "Proof", "kind": "file"}]}, "form", "no file"),
]


@pytest.mark.parametrize(("wrong", "field", "words"), WRONG)
def test_what_is_wrong_with_a_step_is_told_at_its_field(wrong: dict[str, Any], field: str, words: str) -> None:
    steps = [PlanStep(position=1, name="Check"), PlanStep(position=2, name="Pay", **wrong)]

    (fault,) = plan_checks.faults(steps, types=TYPES)

    assert (fault.position, fault.field) == (2, field)
    assert words in fault.message
