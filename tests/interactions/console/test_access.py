import pytest
from django.test import Client
from django.urls import reverse

from interactions.models import Interaction
from partners.models import Partner, User
from tests.factories.world import signed_in
from tests.interactions.console.pages import at

pytestmark = pytest.mark.django_db

PAGES = ["my_work", "queue", "search", "log_call", "raise", "triage"]
VERBS = ["say", "assign", "hand_over", "priority"]


@pytest.mark.parametrize("name", PAGES)
def test_a_representative_opens_a_page(browser: Client, name: str) -> None:
    assert browser.get(reverse(f"console-interactions:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_partners_person_finds_no_console(paul: User, name: str) -> None:
    assert signed_in(paul).get(reverse(f"console-interactions:{name}")).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_somebody_not_signed_in_is_sent_to_the_door(client: Client, name: str) -> None:
    response = client.get(reverse(f"console-interactions:{name}"))

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_the_console_begins_with_my_work(browser: Client) -> None:
    assert browser.get("/console/")["Location"] == reverse("console-interactions:my_work")


def test_a_partners_person_sees_no_interaction_in_the_console_not_even_an_own_one(
    paul: User, matter: Interaction
) -> None:
    assert signed_in(paul).get(at(matter)).status_code == 404


@pytest.mark.parametrize("name", VERBS)
def test_a_partners_person_can_send_no_form(paul: User, matter: Interaction, name: str) -> None:
    assert signed_in(paul).post(at(matter, name), {"version": matter.version}).status_code == 404


@pytest.mark.parametrize("name", VERBS)
def test_looking_changes_nothing(browser: Client, matter: Interaction, name: str) -> None:
    assert browser.get(at(matter, name)).status_code == 405


@pytest.mark.parametrize("number", ["BPI-9999999", "BPI-999999999999999999"])
def test_an_unknown_number_is_not_found(browser: Client, number: str) -> None:
    assert browser.get(f"/console/interactions/{number}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "queue/?view=%00&sort=%00&after=%00&text=%00&partner=%00&assignee=%00&since=%00&team=%00",
        "queue/?after=99999999999999999999.1&before=1.99999999999999999999",
        "queue/?after=-1.-1&view=nothing&sort=nothing&due=never&since=0001-01-01&until=9999-12-31",
        "queue/?partner=99999999999999999999&text=" + "x" * 3000,
        "search/?q=%00%ed%a0%80&state=x&channel=x&after=x",
        "search/?q=" + "%22" * 500,
        "search/?q=9223372036854775808",
        "calls/new/?call=x&partner=-1&number=%00&partner_name=%00&matter=%00",
        "calls/new/?call=99999999999999999999&partner=99999999999999999999",
        "raise/?q=%00&partner=%00&type=%00",
        "triage/?show=x&after=99999999999999999999",
    ],
)
def test_nonsense_in_an_address_breaks_no_page(browser: Client, acme: Partner, path: str) -> None:
    assert browser.get(f"/console/{path}").status_code in {200, 302, 400, 404}


@pytest.mark.parametrize("path", ["files/99999999999999999999/", "triage/99999999999999999999/", "triage/1/original/"])
def test_unknown_ids_are_not_found(browser: Client, path: str) -> None:
    assert browser.get(f"/console/{path}").status_code == 404
