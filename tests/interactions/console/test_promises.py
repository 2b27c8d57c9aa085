"""A page explains any due time: what was promised, on which hours, and every while that counted or did not."""

import re
from typing import Any

import pytest
from django.test import Client

from interactions.domain import explanations, watch
from interactions.enums import ClockKind, Move
from interactions.models import Clock, Interaction, PlanStep
from partners.models import ServicePolicy
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_policy, a_team, a_type, an_interaction
from tests.interactions.console.pages import at, text_of
from tests.interactions.stages import HOUR, a_matter, an_office_policy, made

pytestmark = pytest.mark.django_db

# in 2026 Whit Monday is 25 May; the days are Berlin's
FRIDAY = moment("2026-05-22 07:00")


def over_whitsun() -> Interaction:
    """Sixteen hours from Friday nine o'clock; asked at half past three, answered on Tuesday at noon."""
    acme = a_partner()
    an_office_policy(partner=acme, name="Acme's own", resolution=16 * HOUR)
    interaction = a_matter(partner=acme, at=FRIDAY)
    made(interaction, Move.ASK, at=moment("2026-05-22 13:30"))
    return made(interaction, Move.RESUME, at=moment("2026-05-26 10:00"))


def of(interaction: Interaction, kind: ClockKind = ClockKind.RESOLUTION) -> Clock:
    return next(clock for clock in explanations.clocks_of(interaction) if clock.kind == kind)


def explained(interaction: Interaction, when: str) -> explanations.Explanation:
    return explanations.of(of(interaction), at=moment(when))


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text_of(page)))


def test_the_sum_of_all_segments_is_what_is_used() -> None:
    found = explained(over_whitsun(), "2026-05-26 12:00")

    assert [(line.state, line.counted / HOUR, line.used / HOUR) for line in found.lines] == [
        ("running", 6.5, 6.5),
        ("paused", 1.5 + 3, 6.5),
        ("running", 2, 8.5),
    ]
    assert found.lines[-1].ended_at is None
    assert (found.used, found.left, found.credited) == (8.5 * HOUR, 7.5 * HOUR, 4.5 * HOUR)
    assert found.clock.due_at == moment("2026-05-27 11:30")  # three hours of Tuesday were left, so six and a half of
    assert found.undisturbed_at == moment("2026-05-26 15:00")


def test_the_holidays_that_fell_into_it_are_named() -> None:
    found = explained(over_whitsun(), "2026-05-26 12:00")

    assert [(day.isoformat(), name) for day, name in found.closures] == [("2026-05-25", "Pentecost Monday")]


def test_the_week_is_told_in_few_words() -> None:
    found = explained(over_whitsun(), "2026-05-26 12:00")

    assert [(opening.days, list(opening.frames)) for opening in found.week] == [
        ("Monday to Friday", ["09:00-17:00"]),
        ("Saturday to Sunday", []),
    ]


@pytest.mark.parametrize(
    ("move", "when", "outcome"),
    [
        (None, "2026-05-26 12:00", "running"),
        (None, "2026-05-28 12:00", "overdue"),
        (Move.ASK, "2026-05-26 12:00", "paused"),
        (Move.RESOLVE, "2026-05-26 12:00", "kept"),
        (Move.RESOLVE, "2026-05-28 12:00", "broken"),
    ],
)
def test_how_it_stands_or_ended(move: Move | None, when: str, outcome: str) -> None:
    interaction = over_whitsun()
    if move is not None:
        made(interaction, move, at=moment(when))

    assert explained(interaction, when).outcome == outcome


def test_the_page_says_all_of_it_in_the_hours_of_the_calendar(browser: Client) -> None:
    interaction = over_whitsun()
    watch.sweep(at=moment("2026-05-27 12:00"))

    page = words(browser.get(at(interaction, "promise", of(interaction).pk)))

    for said in (
        "16 h of business time from Fri 22 May 2026, 09:00 CEST",
        "“Acme&#x27;s own”, version 1",
        "Europe/Berlin: Monday to Friday 09:00-17:00; Saturday to Sunday closed",
        "25 May 2026 (Pentecost Monday)",
        "Paused: the order number",
        "4 h 30 of pauses were credited",
        "Wed 27 May 2026, 13:30 CEST",
        "Whoever it is with, Leads of the team",
    ):
        assert said in page, said


def test_without_a_number_it_is_the_promise_that_lists_show(browser: Client) -> None:
    interaction = over_whitsun()
    a_policy(partner=interaction.partner)

    page = words(browser.get(at(interaction, "promises")))

    assert interaction.due_at == of(interaction, ClockKind.FIRST_RESPONSE).due_at
    assert page.index("First response") < page.index("All promises of this interaction")


def test_with_script_only_the_explanation_is_sent(browser: Client) -> None:
    interaction = over_whitsun()

    part = browser.get(at(interaction, "promise", of(interaction).pk), headers={"HX-Request": "true"})

    assert text_of(part).lstrip().startswith('<div class="explanation">')
    assert "HX-Request" in part["Vary"]


def test_a_step_s_time_is_explained_by_what_its_team_agreed_to(browser: Client) -> None:
    a_type("timed", plan=[("Check the meter", a_team("checkers"))])
    PlanStep.objects.filter(team__code="checkers").update(within=3 * HOUR)
    interaction = an_interaction(type="timed")
    step = interaction.steps.get()

    page = words(browser.get(at(interaction, "promise", step.clock.pk)))

    assert "what Checkers agreed to for this step" in page
    assert "Check the meter" in page


def test_where_nothing_is_promised_the_page_says_so(browser: Client) -> None:
    ServicePolicy.objects.all().delete()

    page = browser.get(at(a_matter(), "promises"))

    assert page.status_code == 200
    assert "Nothing is promised here" in text_of(page)


def test_another_interaction_s_promise_is_not_found(browser: Client) -> None:
    one, other = over_whitsun(), a_matter()

    assert browser.get(at(other, "promise", of(one).pk)).status_code == 404
    assert browser.get(at(other, "promise", 10**17)).status_code == 404


def test_the_chips_of_page_and_queue_lead_to_it(browser: Client) -> None:
    interaction = over_whitsun()

    assert f'href="{at(interaction, "promise", of(interaction).pk)}"' in text_of(browser.get(at(interaction)))
    assert f'href="{at(interaction, "promises")}"' in text_of(browser.get("/console/queue/"))


def test_a_page_of_many_promises_asks_no_more_of_the_database(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    interaction = over_whitsun()
    for hour in range(4):
        made(interaction, Move.ASK, at=moment("2026-05-26 10:00") + hour * HOUR)
        made(interaction, Move.RESUME, at=moment("2026-05-26 10:30") + hour * HOUR)
    browser.get(at(interaction, "promises"))

    with django_assert_max_num_queries(16):
        browser.get(at(interaction, "promises"))


def test_who_will_be_told_when_is_told_before(browser: Client) -> None:
    acme = a_partner()
    chain = {"owner": [50, 100], "leads": [100], "partner": [150]}
    an_office_policy(partner=acme, resolution=16 * HOUR, first_response=16 * HOUR, escalation=chain)
    interaction = a_matter(partner=acme, at=FRIDAY)
    watch.sweep(at=moment("2026-05-22 15:30"))

    coming = explained(interaction, "2026-05-22 15:30").coming

    assert [(one.share, one.at, len(one.targets)) for one in coming] == [
        (100, moment("2026-05-26 15:00"), 2),
        (150, moment("2026-05-27 15:00"), 1),
    ]
    page = words(browser.get(at(interaction, "promise", of(interaction).pk)))
    assert "Who will be told" in page
    assert all(words in page for words in ("150 %", "People of the partner"))
