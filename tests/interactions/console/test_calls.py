from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import caller_checks, lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import CallState, Move, Side, Status
from interactions.models import Call, CallerCheck, Interaction, Item, Team
from partners.enums import Channel, PartnerStatus
from partners.models import Partner, User
from tests.factories.world import a_contact, a_partner, a_type, an_actor_for, an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

NEW = "/console/calls/new/"
NUMBER = "+49 30 5550142"


@pytest.fixture
def check(acme: Partner, rosa: User) -> CallerCheck:
    """Whoever calls for Acme was called back at a number on file."""
    at = timezone.now()
    line = a_contact(acme, "+49 30 901820", verified_at=at)
    begun = caller_checks.begin(acme, actor=an_actor_for(rosa), at=at)
    key = f"contact-{line.pk}"
    return caller_checks.call_back(begun, key, is_reached=True, actor=an_actor_for(rosa), at=at)


def log(browser: Client, **fields: Any) -> Any:
    filled = {
        "type": "general-query",
        "subject": "Where is order 12?",
        "text": "Asks where order 12 is",
        "answer": "It leaves tomorrow",
        "outcome": "close",
    }
    return browser.post(NEW, filled | fields)


def test_a_call_that_was_answered_is_created_and_closed_with_one_press(browser: Client, acme: Partner) -> None:
    response = log(browser, partner=acme.pk)

    interaction = Interaction.objects.get()
    assert response.status_code == 302
    assert response["Location"] == at(interaction)
    assert (interaction.status, interaction.channel, interaction.partner) == (Status.CLOSED, Channel.PHONE, acme)
    assert interaction.resolution == "It leaves tomorrow"
    assert interaction.first_response_at is not None


def test_a_call_that_stays_open_keeps_the_answer_as_ours(browser: Client, acme: Partner) -> None:
    log(browser, partner=acme.pk, outcome="keep")

    interaction = Interaction.objects.get()
    assert interaction.is_open
    items = Item.objects.filter(interaction=interaction).in_sequence()
    assert [(item.side, item.text) for item in items] == [
        (Side.PARTNER, "Asks where order 12 is"),
        (Side.ENTERPRISE, "It leaves tomorrow"),
    ]


def test_a_known_number_leads_to_its_partner(browser: Client, acme: Partner) -> None:
    a_contact(acme, NUMBER)

    shown = browser.get(NEW, {"number": NUMBER})
    assert shown.context["caller"].partner == acme

    log(browser, number=NUMBER)
    assert Interaction.objects.get().partner == acme


def test_an_unknown_number_becomes_a_potential_partner(browser: Client) -> None:
    log(browser, number="+49 171 5550199", name="Ms Vega")

    partner = Interaction.objects.get().partner
    assert (partner.status, partner.name) == (PartnerStatus.PROSPECT, "Ms Vega")


def test_a_call_of_nobody_is_refused_and_everything_stays(browser: Client) -> None:
    response = log(browser)

    assert response.status_code == 422
    assert "Choose the partner" in text_of(response)
    assert "Asks where order 12 is" in text_of(response)
    assert "It leaves tomorrow" in text_of(response)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("field", ["subject", "text", "answer", "outcome"])
def test_what_is_missing_is_told_at_its_field(browser: Client, acme: Partner, field: str) -> None:
    response = log(browser, partner=acme.pk, **{field: ""})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Interaction.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"partner": "9" * 30, "number": ""},
        {"type": "nothing"},
        {"subject": "x" * 600},
        {"text": "a\x00b"},
        {"number": "1" * 50},
        {"started_at": "yesterday"},
        {"started_at": "2999-01-01T10:00"},
        {"started_at": "2026-05-01T10:00", "ended_at": "2026-05-01T09:00"},
    ],
)
def test_bad_input_is_told_and_logs_nothing(browser: Client, acme: Partner, fields: dict[str, str]) -> None:
    response = log(browser, **({"partner": acme.pk} | fields))

    assert response.status_code == 422
    assert not Interaction.objects.exists()


def test_partners_are_found_by_name_and_their_open_matters_are_offered(browser: Client, matter: Interaction) -> None:
    a_partner("Globex")

    response = browser.get(NEW, {"partner_name": "acm"}, headers={"HX-Request": "true"})

    assert "<html" not in text_of(response)
    assert "Acme Wholesale" in text_of(response)
    assert "Globex" not in text_of(response)
    assert matter.number in text_of(response)


def test_a_call_continues_an_open_matter(
    browser: Client, matter: Interaction, acme: Partner, check: CallerCheck
) -> None:
    log(browser, partner=acme.pk, matter=matter.pk, check=check.pk, subject="", type="", outcome="keep")

    assert Interaction.objects.count() == 1
    phone = Item.objects.filter(interaction=matter, channel=Channel.PHONE)
    assert set(phone.values_list("side", flat=True)) == {Side.PARTNER, Side.ENTERPRISE}


def test_a_call_answers_what_we_waited_for_and_can_end_the_matter(
    browser: Client, matter: Interaction, acme: Partner, rosa: User, check: CallerCheck
) -> None:
    words = Words(waiting_for="the date")
    lifecycle.make_move(matter, Move.ASK, actor=an_actor_for(rosa), at=timezone.now(), words=words)

    response = log(browser, partner=acme.pk, matter=matter.pk, check=check.pk, answer="Then all is settled")

    assert response.status_code == 302
    matter.refresh_from_db()
    assert (matter.status, matter.resolution) == (Status.CLOSED, "Then all is settled")


def test_a_call_cannot_end_a_matter_that_a_team_works_on(
    browser: Client, acme: Partner, front_desk: Team, check: CallerCheck
) -> None:
    a_type("one-step", plan=[("Measure", front_desk)])
    interaction = an_interaction(acme, type="one-step")

    response = log(browser, partner=acme.pk, matter=interaction.pk, check=check.pk)

    assert response.status_code == 409
    assert "Still open: Measure" in text_of(response)
    assert Item.objects.filter(interaction=interaction).count() == 1


def test_a_matter_of_another_partner_is_not_continued(browser: Client, matter: Interaction) -> None:
    globex = a_partner("Globex")

    response = log(browser, partner=globex.pk, matter=matter.pk)

    assert response.status_code == 422
    assert "matter" in response.context["form"].errors
    assert Item.objects.filter(interaction=matter).count() == 1


def test_a_ringing_call_fills_the_form_and_is_attached(browser: Client, acme: Partner, paul: User) -> None:
    now = timezone.now()
    call = Call.objects.create(
        external_id="c1", state=CallState.RINGING, caller=NUMBER, partner=acme, person=paul, rang_at=now, updated_at=now
    )
    assert NUMBER in text_of(browser.get(NEW))

    filled = browser.get(NEW, {"call": call.pk})
    assert filled.context["caller"].partner == acme
    assert 'value="Paul Acheson"' in text_of(filled)

    log(browser, call=call.pk, partner=acme.pk, number=NUMBER)
    call.refresh_from_db()
    assert call.interaction == Interaction.objects.get()
    assert NUMBER not in text_of(browser.get(NEW))


def test_a_call_of_an_hour_ago_is_not_offered_any_more(browser: Client) -> None:
    earlier = timezone.now() - timedelta(hours=1)
    Call.objects.create(external_id="c1", state=CallState.ENDED, caller=NUMBER, updated_at=earlier)

    assert NUMBER not in text_of(browser.get(NEW))


def test_looking_somebody_up_keeps_what_was_typed_and_logs_nothing(browser: Client, acme: Partner) -> None:
    response = browser.get(NEW, {"partner_name": "acme", "subject": "Half typed", "text": "So far"})

    assert 'value="Half typed"' in text_of(response)
    assert not Interaction.objects.exists()
