"""Steps over teams: one opens the next, and when all ended the loop is to be closed."""

from datetime import timedelta

import pytest

from interactions.domain import custody, orchestration, ownership
from interactions.enums import Move, Status, StepStatus
from interactions.errors import NotAccepted, StepNotOpen
from interactions.models import Interaction, PlanStep, Step
from partners.enums import Priority
from partners.models import RecordEntry
from tests.factories.partners import OfficeCalendarFactory, UserFactory, moment
from tests.factories.world import a_representative, a_team, a_type
from tests.interactions.stages import HOUR, MONDAY, a_matter, branching, events, made, rosa, states, steps, stored

pytestmark = pytest.mark.django_db


def planned(status: Status = Status.RECEIVED) -> Interaction:
    """A matter of two steps: Check by the checkers, then Credit by billing."""
    a_type("planned", plan=[("Check", a_team("checkers")), ("Credit", a_team("credits"))])
    return a_matter(status, type="planned")


def finished(step: Step, outcome: str = "Fine.") -> Step:
    return orchestration.finish(step, outcome=outcome, actor=rosa(), at=MONDAY + HOUR)


def test_the_next_step_opens_by_itself_and_work_has_started() -> None:
    interaction = planned()

    done = finished(steps(interaction)[0], " All \x00right. ")

    assert (done.status, done.outcome, done.ended_at) == (StepStatus.DONE, "All right.", MONDAY + HOUR)
    following = steps(interaction)[1]
    assert (following.status, following.opened_at) == (StepStatus.OPEN, MONDAY + HOUR)
    interaction.refresh_from_db()
    assert interaction.status == Status.IN_PROGRESS
    assert events(interaction)[2:] == ["step.finished", "interaction.started", "step.opened"]


def test_after_the_last_step_the_loop_is_to_be_closed() -> None:
    interaction = planned()
    for step in steps(interaction):
        finished(step)

    assert events(interaction)[-2:] == ["step.finished", "steps.ended"]
    assert made(interaction, Move.RESOLVE).status == Status.RESOLVED


def test_a_step_is_finished_once() -> None:
    interaction = planned()
    finished(steps(interaction)[0])
    before = stored(interaction)

    with pytest.raises(StepNotOpen, match="Check"):
        finished(steps(interaction)[0])

    assert stored(interaction) == before


def test_a_step_whose_turn_has_not_come_is_not_finished() -> None:
    with pytest.raises(StepNotOpen, match="Credit"):
        finished(steps(planned())[1])


def test_work_goes_on_while_we_wait_for_the_partner() -> None:
    interaction = planned(Status.WAITING)

    finished(steps(interaction)[0])

    interaction.refresh_from_db()
    assert interaction.status == Status.WAITING
    assert steps(interaction)[1].status == StepStatus.OPEN


@pytest.mark.parametrize("move", [Move.CANCEL, Move.ANNUL])
def test_no_work_is_left_in_a_matter_that_was_called_off(move: Move) -> None:
    interaction = planned(Status.IN_PROGRESS)
    made(interaction, move)
    before = stored(interaction)
    step = steps(interaction)[0]
    tom, actor = a_representative("Tom Okafor", team=step.team), rosa()

    with pytest.raises(StepNotOpen):
        finished(step)
    with pytest.raises(StepNotOpen):
        custody.take(step, tom, actor=actor, at=MONDAY)
    with pytest.raises(StepNotOpen):
        custody.hand_over(step, step.team, reason="Yours", actor=actor, at=MONDAY)

    assert stored(interaction) == before


def test_a_member_takes_a_step() -> None:
    interaction = planned()
    step = steps(interaction)[0]
    tom = a_representative("Tom Okafor", team=step.team)

    taken = custody.take(step, tom, actor=rosa(), at=MONDAY)

    assert taken.assignee == tom
    entry = RecordEntry.objects.of_stream(interaction.stream).last()
    assert entry is not None
    assert (entry.event, entry.facts["assignee"], entry.facts["team"]) == ("step.taken", tom.pk, "checkers")


def test_somebody_outside_the_team_does_not_take_a_step() -> None:
    interaction = planned()
    mallory = a_representative("Mallory Vane", team=a_team("elsewhere"))
    before = stored(interaction)

    with pytest.raises(NotAccepted, match="Mallory Vane is not in the team"):
        custody.take(steps(interaction)[0], mallory, actor=rosa(), at=MONDAY)

    assert stored(interaction) == before


def test_a_step_goes_to_another_team_with_the_reason() -> None:
    interaction = planned()
    step = steps(interaction)[0]
    custody.take(step, a_representative("Tom Okafor", team=step.team), actor=rosa(), at=MONDAY)

    moved = custody.hand_over(step, a_team("elsewhere"), reason="It is a cable.\x00", actor=rosa(), at=MONDAY)

    assert (moved.team.code, moved.assignee, moved.status) == ("elsewhere", None, StepStatus.OPEN)
    entry = RecordEntry.objects.of_stream(interaction.stream).last()
    assert entry is not None
    assert (entry.event, entry.text("reason")) == ("step.handed_over", "It is a cable.")


def test_a_step_does_not_go_to_another_team_without_a_reason() -> None:
    interaction = planned()
    before = stored(interaction)

    with pytest.raises(NotAccepted) as refused:
        custody.hand_over(steps(interaction)[0], a_team("elsewhere"), reason=" ", actor=rosa(), at=MONDAY)

    assert refused.value.attribute == "reason"
    assert stored(interaction) == before


def test_steps_stay_when_the_plan_is_edited() -> None:
    interaction = planned()
    PlanStep.objects.all().delete()

    finished(steps(interaction)[0])

    assert [step.name for step in steps(interaction)] == ["Check", "Credit"]


def test_a_step_is_due_in_the_hours_of_its_team() -> None:
    team = a_team("office")
    team.calendar = OfficeCalendarFactory.create()
    team.save()
    type_ = a_type("timed", plan=[("Check", team)])
    PlanStep.objects.filter(plan__type_versions__type=type_).update(within=timedelta(hours=2))

    interaction = a_matter(type="timed", at=moment("2026-06-12 14:30"))  # Friday, half past four in Berlin

    assert steps(interaction)[0].due_at == moment("2026-06-15 08:30")


def test_a_matter_is_given_to_a_representative_and_back_to_the_queue() -> None:
    interaction, tom = a_matter(), a_representative("Tom Okafor")

    assigned = ownership.assign(interaction, tom, actor=rosa(), at=MONDAY)
    returned = ownership.assign(interaction, None, actor=rosa(), at=MONDAY)

    assert (assigned.assignee, returned.assignee) == (tom, None)
    assert events(interaction)[-2:] == ["interaction.assigned"] * 2


@pytest.mark.parametrize("fields", [{"is_representative": False}, {"is_representative": True, "is_active": False}])
def test_a_matter_is_not_given_to_somebody_who_cannot_work_on_it(fields: dict[str, bool]) -> None:
    interaction, paul = a_matter(), UserFactory.create(name="Paul Acheson", **fields)
    before = stored(interaction)

    with pytest.raises(NotAccepted):
        ownership.assign(interaction, paul, actor=rosa(), at=MONDAY)

    assert stored(interaction) == before


def test_a_matter_goes_to_another_team_with_the_reason() -> None:
    interaction = a_matter()

    moved = ownership.hand_over(interaction, a_team("elsewhere"), reason="A cable.", actor=rosa(), at=MONDAY)

    assert (moved.team.code, moved.assignee) == ("elsewhere", None)
    assert events(interaction)[-1] == "interaction.handed_over"
    with pytest.raises(NotAccepted):
        ownership.hand_over(interaction, a_team("elsewhere"), reason="\n", actor=rosa(), at=MONDAY)


def test_the_priority_changes_on_the_record() -> None:
    interaction = a_matter()

    for _again in range(2):
        ownership.set_priority(interaction, Priority.URGENT, actor=rosa(), at=MONDAY)

    assert events(interaction).count("interaction.changed") == 1
    entry = RecordEntry.objects.of_stream(interaction.stream).last()
    assert entry is not None
    assert (entry.facts["field"], entry.facts["came_from"], entry.facts["became"]) == ("priority", 3, 1)


def test_steps_side_by_side_open_together_and_the_join_once_both_ended() -> None:
    interaction = branching()
    finished(steps(interaction)[0])
    assert states(interaction) == {"Check": "done", "Deliver": "open", "Bill": "open", "Archive": "pending"}

    finished(steps(interaction)[2])
    assert states(interaction)["Archive"] == "pending"

    finished(steps(interaction)[1])
    assert states(interaction)["Archive"] == "open"
    assert "steps.ended" not in events(interaction)


def test_a_step_whose_condition_fails_is_left_out_and_what_follows_goes_on() -> None:
    interaction = branching(
        Deliver={"condition_field": "amount", "comparison": "at_least", "condition_value": "1000"},
        Bill={"condition_field": "amount", "comparison": "below", "condition_value": "1000"},
    )

    finished(steps(interaction)[0])

    assert states(interaction) == {"Check": "done", "Deliver": "skipped", "Bill": "open", "Archive": "pending"}
    assert events(interaction)[-2:] == ["step.skipped", "step.opened"]


def test_what_a_step_asked_decides_about_a_later_one() -> None:
    form = [{"name": "is_delivered", "label": "Is it delivered?", "kind": "choice", "choices": ["yes", "no"]}]
    interaction = branching(
        Check={"form": [form[0] | {"required": True}]},
        Bill={"condition_field": "is_delivered", "comparison": "is", "condition_value": "yes"},
    )
    with pytest.raises(NotAccepted, match="Is it delivered"):
        finished(steps(interaction)[0])

    orchestration.finish(
        steps(interaction)[0], outcome="Fine.", values={"is_delivered": "no"}, actor=rosa(), at=MONDAY + HOUR
    )

    assert states(interaction)["Bill"] == "skipped"
    assert steps(interaction)[0].values == {"is_delivered": "no"}
