import pytest
from django.test import Client

from interactions.models import Interaction, Step, Team
from partners.models import Partner, User
from tests.factories.world import a_representative, a_team, a_type, an_interaction, signed_in
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
    assert post(browser, repair, "hand_over_step", 1, team=billing.pk, reason="").status_code == 422

    post(browser, repair, "hand_over_step", 1, team=billing.pk, reason="It is about money")

    assert step(repair).team == billing


def test_a_step_that_is_not_open_cannot_be_finished(browser: Client, repair: Interaction) -> None:
    response = post(browser, repair, "finish_step", 2, outcome="Too early")

    assert response.status_code == 409
    assert "is not open" in text_of(response)
    assert "Too early" in text_of(response)


def test_a_step_that_does_not_exist_is_not_found(browser: Client, repair: Interaction) -> None:
    assert post(browser, repair, "finish_step", 9, outcome="x").status_code == 404
