"""What can no longer be kept is seen before the deadline: by how long what is left usually takes."""

from datetime import timedelta
from typing import Any

import pytest

from interactions.domain import forecast, orchestration, pace, watch
from interactions.enums import Jeopardy, Move
from interactions.models import Clock, ClockWarning, Interaction, PlanStep, Step, StepPace
from tests.factories.partners import OfficeCalendarFactory, moment
from tests.factories.world import a_partner, a_policy, a_team, a_type
from tests.interactions.stages import HOUR, MONDAY, a_matter, answered, made, rosa, steps

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def planned(resolution: float, **hours: float) -> Interaction:
    """Steps one after the other, each with the hours it is agreed to take, and so many hours for the whole."""
    acme, team = a_partner(), a_team("workers")
    a_policy(partner=acme, first_response=HOUR, resolution=resolution * HOUR, effective_from="2020-01-01")
    a_type("planned", plan=[(name, team) for name in hours])
    for position, hour in enumerate(hours.values(), start=1):
        PlanStep.objects.filter(team=team, position=position).update(
            within=hour * HOUR, after=[position - 1] if position > 1 else []
        )
    interaction = a_matter(partner=acme, type="planned")
    answered(interaction, MONDAY)
    return interaction


def finish(interaction: Interaction, number: int, hours: float) -> None:
    step = steps(interaction)[number - 1]
    orchestration.finish(step, outcome="Done.", actor=rosa(), at=MONDAY + hours * HOUR)


def level(interaction: Interaction) -> str:
    interaction.refresh_from_db()
    return interaction.jeopardy


def warned(interaction: Interaction) -> list[int]:
    found = ClockWarning.objects.filter(clock__interaction=interaction, clock__kind="resolution")
    return list(found.order_by("id").values_list("share", flat=True))


def test_a_plan_that_fits_is_on_track_until_three_quarters_have_passed() -> None:
    interaction = planned(20, Check=2, Repair=4)

    watch.sweep(at=MONDAY + 1.9 * HOUR)
    assert level(interaction) == Jeopardy.ON_TRACK

    finish(interaction, 1, 2)
    watch.sweep(at=MONDAY + 15 * HOUR)
    assert level(interaction) == Jeopardy.AT_RISK  # the repair has been open for too long
    watch.sweep(at=MONDAY + 20 * HOUR + MINUTE)
    assert level(interaction) == Jeopardy.LATE


def test_a_plan_that_usually_takes_too_long_is_at_risk_at_once_and_warned_of_once() -> None:
    interaction = planned(5, Check=2, Repair=4)
    assert level(interaction) == Jeopardy.AT_RISK

    for minutes in (1, 2, 3):
        watch.sweep(at=MONDAY + minutes * MINUTE)
    finish(interaction, 1, 1)
    watch.sweep(at=MONDAY + 1.1 * HOUR)

    assert warned(interaction) == [0]


def test_a_forecast_that_comes_after_a_warning_does_not_warn_of_that_again() -> None:
    interaction = planned(20, Check=2, Repair=8)
    of_it = Clock.objects.filter(interaction=interaction, kind="resolution")
    of_it.update(told_share=75, next_at=MONDAY + 16 * HOUR, next_share=0)  # a step opened after three quarters

    watch.sweep(at=MONDAY + 17 * HOUR)

    assert warned(interaction) == [0]


def test_what_goes_quicker_than_usual_is_no_longer_at_risk() -> None:
    interaction = planned(8, Check=6, Repair=4)
    assert level(interaction) == Jeopardy.AT_RISK

    finish(interaction, 1, 1)

    assert level(interaction) == Jeopardy.ON_TRACK


def test_a_step_that_does_not_end_puts_what_comes_after_it_at_risk() -> None:
    """Twenty hours, and the repair usually takes four: at sixteen the check has to have ended."""
    interaction = planned(20, Check=2, Repair=8)

    watch.sweep(at=MONDAY + 12 * HOUR)
    assert "resolution" not in [warning.clock.kind for warning in ClockWarning.objects.select_related("clock")]
    watch.sweep(at=MONDAY + 12 * HOUR + MINUTE)

    assert (level(interaction), warned(interaction)) == (Jeopardy.AT_RISK, [0])


def test_steps_side_by_side_take_as_long_as_the_longest() -> None:
    interaction = planned(20, Check=1, Repair=5, Bill=2)
    Step.objects.filter(interaction=interaction).update(after=[])

    outlook = forecast.outlook(
        interaction, list(Step.objects.select_related("team")), due_at=MONDAY + 20 * HOUR, at=MONDAY
    )

    assert (outlook.done_at, outlook.risk_at) == (MONDAY + 5 * HOUR, None)


def test_the_forecast_counts_each_step_in_its_team_s_hours() -> None:
    interaction = planned(90, Check=2, Repair=4)
    team = a_team("workers")
    team.calendar = OfficeCalendarFactory.create()
    team.save()
    friday = moment("2026-06-05 13:00")  # three in Berlin, and the office closes at five

    outlook = forecast.outlook(interaction, list(Step.objects.select_related("team")), due_at=None, at=friday)

    assert outlook.done_at == moment("2026-06-08 09:00")  # the check is long over; two hours today, two on Monday


def test_waiting_for_the_partner_does_not_use_up_a_step() -> None:
    interaction = planned(20, Check=4, Repair=8)
    made(interaction, Move.ASK, at=MONDAY + HOUR)
    made(interaction, Move.RESUME, at=MONDAY + 31 * HOUR)

    step = steps(interaction)[0]
    assert step.due_at == MONDAY + 34 * HOUR
    outlook = forecast.outlook(
        interaction, list(Step.objects.select_related("team", "clock")), due_at=None, at=MONDAY + 31 * HOUR
    )
    assert outlook.done_at == MONDAY + 42 * HOUR
    assert level(interaction) == Jeopardy.ON_TRACK


def test_a_late_step_puts_the_whole_at_risk() -> None:
    interaction = planned(90, Check=2)

    watch.sweep(at=MONDAY + 3 * HOUR)

    assert level(interaction) == Jeopardy.AT_RISK


def test_what_is_resolved_is_in_no_jeopardy() -> None:
    interaction = planned(5, Check=20)
    watch.sweep(at=MONDAY + 6 * HOUR)
    assert level(interaction) == Jeopardy.LATE

    finish(interaction, 1, 7)
    made(interaction, Move.RESOLVE, at=MONDAY + 7 * HOUR)

    assert level(interaction) == Jeopardy.ON_TRACK


def test_a_late_matter_stays_late_while_it_waits() -> None:
    interaction = planned(5)
    watch.sweep(at=MONDAY + 6 * HOUR)

    made(interaction, Move.ASK, at=MONDAY + 7 * HOUR)

    assert level(interaction) == Jeopardy.LATE


def done(count: int, hours: float) -> None:
    for number in range(count):
        interaction = planned_again(number)
        finish(interaction, 1, hours + number)


def planned_again(number: int) -> Interaction:
    if number == 0:
        return planned(900, Check=2)
    return a_matter(type="planned")


def test_what_is_usual_is_the_median_of_what_was_done() -> None:
    done(5, 3)  # three to seven hours

    assert pace.learn(at=MONDAY + 24 * HOUR) == 1

    step = Step.objects.all()[0]
    assert pace.usual(step.interaction.type_id, step) == 5 * HOUR
    assert StepPace.objects.get().steps == 5


def test_a_few_say_nothing_yet_and_what_is_long_ago_no_longer_counts() -> None:
    done(4, 3)
    assert pace.learn(at=MONDAY + 24 * HOUR) == 0
    step = Step.objects.all()[0]
    assert pace.usual(step.interaction.type_id, step) == 2 * HOUR  # what the team agreed to

    done(1, 3)
    pace.learn(at=MONDAY + 24 * HOUR)
    pace.learn(at=MONDAY + timedelta(days=400))

    assert not StepPace.objects.exists()


def test_a_pause_is_not_part_of_what_a_step_took() -> None:
    interaction = planned(900, Check=2)
    made(interaction, Move.ASK, at=MONDAY + HOUR)
    made(interaction, Move.RESUME, at=MONDAY + 50 * HOUR)
    finish(interaction, 1, 52)

    assert steps(interaction)[0].worked == 3 * HOUR


def test_forecasts_ask_nothing_of_types_without_a_plan(django_assert_num_queries: Any) -> None:
    interaction = a_matter()
    with django_assert_num_queries(0):
        assert forecast.outlook(interaction, [], due_at=MONDAY, at=MONDAY) == forecast.Outlook()
