from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.enums import Direction, Event, ParticipantRole, Side, Status
from interactions.models import Interaction, Participant
from partners.models import OutboxMessage, Partner, User
from tests.factories.world import a_contact, a_role
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

RAISE = "/console/raise/"


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def put(browser: Client, partner: Partner, type_code: str = "enterprise-query", **fields: Any) -> Any:
    filled = {
        "subject": "Missing call records",
        "text": "The records of 3 March are missing.",
        "waiting_for": "The records of 3 March",
        "waiting_until": in_days(3),
        "priority": "3",
    }
    return browser.post(f"{RAISE}?partner={partner.pk}&type={type_code}", filled | fields)


def test_the_partner_is_found_first(browser: Client, acme: Partner) -> None:
    assert "Acme Wholesale" in text_of(browser.get(RAISE, {"q": "acm"}))
    assert "No partner is called" in text_of(browser.get(RAISE, {"q": "zzz"}))


def test_a_query_is_raised_and_waits_for_the_partner(browser: Client, acme: Partner, paul: User) -> None:
    response = put(browser, acme, people=[paul.email])

    interaction = Interaction.objects.get()
    assert response["Location"] == at(interaction)
    assert (interaction.direction, interaction.status, interaction.ball) == (
        Direction.OUTBOUND,
        Status.WAITING,
        Side.PARTNER,
    )
    assert interaction.waiting_for == "The records of 3 March"
    assert Participant.objects.get(interaction=interaction, role=ParticipantRole.CONTACT).user == paul
    told = OutboxMessage.objects.filter(entry__stream=interaction.stream).values_list("entry__event", flat=True)
    assert {Event.RAISED, Event.WAITING} <= set(told)


def test_only_outbound_types_are_offered(browser: Client, acme: Partner) -> None:
    types = {type_.code for type_ in browser.get(RAISE, {"partner": acme.pk}).context["types"]}

    assert {"enterprise-query", "enterprise-complaint", "billing-dispute"} <= types
    assert "fault-report" not in types


def test_addresses_are_those_of_the_partner(browser: Client, acme: Partner, paul: User) -> None:
    a_contact(acme, "billing@example.org")

    form = browser.get(RAISE, {"partner": acme.pk}).context["form"]
    assert {address for address, _words in form.fields["people"].choices} == {paul.email, "billing@example.org"}

    response = put(browser, acme, people=["mallory@example.org"])
    assert response.status_code == 422
    assert "people" in response.context["form"].errors


@pytest.mark.parametrize("field", ["subject", "text", "waiting_for", "waiting_until"])
def test_what_is_missing_is_told_and_the_rest_stays(browser: Client, acme: Partner, field: str) -> None:
    response = put(browser, acme, **{field: ""})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "3 March" in text_of(response)
    assert not Interaction.objects.exists()


def test_an_answer_is_not_expected_in_the_past(browser: Client, acme: Partner) -> None:
    response = put(browser, acme, waiting_until=in_days(-1))

    assert "waiting_until" in response.context["form"].errors


def test_the_fields_of_a_type_are_asked_for_and_checked(browser: Client, acme: Partner) -> None:
    assert "Invoice number" in text_of(browser.get(RAISE, {"partner": str(acme.pk), "type": "billing-dispute"}))

    missing = put(browser, acme, "billing-dispute", field_amount="much")
    assert {"field_bill", "field_amount"} <= set(missing.context["form"].errors)

    given = {"bill": "INV-9", "reason": "Quantity", "amount": "12.50 EUR"}
    put(browser, acme, "billing-dispute", **{f"field_{name}": value for name, value in given.items()})
    assert Interaction.objects.get().values == given


def test_the_role_is_one_that_the_partner_plays(browser: Client, acme: Partner) -> None:
    dealer = a_role(acme, "dealer")

    assert put(browser, acme, role="9999").status_code == 422
    put(browser, acme, role=str(dealer.pk))

    assert Interaction.objects.get().role == dealer


@pytest.mark.parametrize("fields", [{"subject": "a\x00b"}, {"subject": "x" * 600}, {"priority": "9"}, {"role": "x"}])
def test_bad_input_is_told_and_sends_nothing(browser: Client, acme: Partner, fields: dict[str, str]) -> None:
    assert put(browser, acme, **fields).status_code == 422
    assert not Interaction.objects.exists()
