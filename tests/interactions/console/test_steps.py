import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import custody
from interactions.models import Interaction, Step, Team
from partners.models import Absence, Partner, RecordEntry, User
from tests.factories.world import a_representative, a_team, a_type, an_actor_for, an_interaction, signed_in
from tests.interactions.console.pages import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def repair(acme: Partner, front_desk: Team) -> Interaction:
    a_type("repair", plan=[("Measure", front_desk), ("Mend", a_team("assurance"))])
    return an_interaction(acme, type="repair")


def step(interaction: Interaction, position: int = 1) -> Step:
    return Step.objects.get(interaction=interaction, position=position)


def test_a_step_is_taken_by_a_member_of_its_team(browser: Client, repair: Interaction, rosa: User) -> None:
    assert post(browser, repair, "take_step", 1).status_code == 302
    assert step(repair).assignee == rosa


def test_a_step_is_not_taken_by_somebody_of_another_team(repair: Interaction) -> None:
    elsewhere = signed_in(a_representative("Inês Carvalho"))

    response = post(elsewhere, repair, "take_step", 1)

    assert response.status_code == 422
    assert "is not in the team" in text_of(response)
    assert step(repair).assignee is None


def test_a_step_is_finished_with_what_came_of_it_and_the_next_begins(browser: Client, repair: Interaction) -> None:
    refused = post(browser, repair, "finish_step", 1, outcome="")
    assert refused.status_code == 422

    post(browser, repair, "finish_step", 1, outcome="Attenuation at 12 km")

    assert (step(repair).status, step(repair).outcome) == ("done", "Attenuation at 12 km")
    assert step(repair, 2).status == "open"


def test_a_step_is_handed_over_with_the_reason(browser: Client, repair: Interaction) -> None:
    billing = a_team("billing")
    assert post(browser, repair, "pass_on", 1, to="team", team=billing.pk, reason="").status_code == 422
    assert post(browser, repair, "pass_on", 1, to="team", team="", reason="It is about money").status_code == 422

    post(browser, repair, "pass_on", 1, to="team", team=billing.pk, reason="It is about money")

    assert step(repair).team == billing


def test_what_a_colleague_has_is_not_taken_but_may_be_given(
    browser: Client, repair: Interaction, rosa: User, front_desk: Team
) -> None:
    tom = a_representative("Tom Okafor", team=front_desk)
    custody.take(step(repair), tom, actor=an_actor_for(tom), at=timezone.now())

    refused = post(browser, repair, "take_step", 1)
    assert refused.status_code == 409
    assert "Tom Okafor has" in text_of(refused)

    form = browser.get(f"/console/interactions/{repair.number}/steps/1/pass-on/")
    assert "Tom Okafor" in text_of(form)
    post(browser, repair, "pass_on", 1, to="colleague", colleague=rosa.pk, holder_id=tom.pk)
    assert step(repair).assignee == rosa


def test_who_stands_in_finishes_a_step_for_the_absent_one(
    browser: Client, repair: Interaction, rosa: User, front_desk: Team
) -> None:
    tom = a_representative("Tom Okafor", team=front_desk)
    custody.take(step(repair), tom, actor=an_actor_for(tom), at=timezone.now())
    today = timezone.now().date()
    Absence.objects.create(user=tom, substitute=rosa, first_date=today, last_date=today)

    assert "Measure" in text_of(browser.get("/console/work/"))
    post(browser, repair, "finish_step", 1, outcome="Measured")

    entry = RecordEntry.objects.of_stream(repair.stream).get(event="step.finished")
    assert (entry.actor_id, entry.behalf_of_id) == (rosa.pk, tom.pk)


def test_a_step_that_is_not_open_cannot_be_finished(browser: Client, repair: Interaction) -> None:
    response = post(browser, repair, "finish_step", 2, outcome="Too early")

    assert response.status_code == 409
    assert "is not open" in text_of(response)
    assert "Too early" in text_of(response)


def test_a_step_that_does_not_exist_is_not_found(browser: Client, repair: Interaction) -> None:
    assert post(browser, repair, "finish_step", 9, outcome="x").status_code == 404
