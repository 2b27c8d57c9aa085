"""The page of a call: who calls is verified beside what is written down, and nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import caller_codes
from interactions.enums import CallState, Event
from interactions.models import Call, CallerCheck, Interaction
from partners.enums import AssuranceLevel
from partners.models import Partner, RecordEntry, User
from tests.factories.partners import AgreementFactory
from tests.factories.world import a_contact, a_partner, a_representative, a_type, signed_in
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

NEW = "/console/calls/new/"
VERIFY = "/console/calls/new/verify/"
AGREEMENT, CUSTOMER = "AG-2024-017", "P-77120"


@pytest.fixture
def acme() -> Partner:
    acme = a_partner("Acme Wholesale", external_id=CUSTOMER)
    AgreementFactory.create(partner=acme, reference=AGREEMENT)
    a_contact(acme, "+49 30 901820", verified_at=timezone.now())
    return acme


def act(browser: Client, acme: Partner, what: str, **fields: Any) -> Any:
    return browser.post(VERIFY, {"partner": acme.pk, "act": what, "subject": "Half typed", "text": "So far", **fields})


def verified(browser: Client, acme: Partner) -> Any:
    first = act(browser, acme, "answer:agreement", **{"said-agreement": AGREEMENT})
    check = first.context["verification"].check.pk
    return act(browser, acme, "answer:customer-number", **{"said-customer-number": CUSTOMER, "check": check})


def test_right_answers_verify_and_everything_typed_stays(browser: Client, acme: Partner) -> None:
    shown = verified(browser, acme)

    assert shown.status_code == 200
    assert shown.context["verification"].level == AssuranceLevel.SINGLE
    assert 'value="Half typed"' in text_of(shown)
    assert "So far" in text_of(shown)
    assert not Interaction.objects.exists()


def test_no_page_shows_what_is_on_file(browser: Client, acme: Partner, paul: User) -> None:
    pages = [
        browser.get(NEW, {"partner": acme.pk}),
        act(browser, acme, "answer:agreement", **{"said-agreement": "AG-1999-001"}),
        act(browser, acme, "send", mailbox=f"member-{paul.pk}"),
        verified(browser, acme),
    ]

    for page in pages:
        assert AGREEMENT not in text_of(page)
        assert CUSTOMER not in text_of(page)
        assert paul.email not in text_of(page)


def test_a_wrong_answer_is_told_at_its_question(browser: Client, acme: Partner) -> None:
    shown = act(browser, acme, "answer:agreement", **{"said-agreement": "AG-1999-001"})

    assert "That is not what is on file." in text_of(shown)
    assert shown.context["verification"].check.wrong == 1


def test_enter_in_the_field_of_a_question_checks_it(browser: Client, acme: Partner) -> None:
    shown = act(browser, acme, "look", **{"said-agreement": AGREEMENT})

    assert shown.context["verification"].check.right == ["agreement"]


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "answer:agreement"},
        {"act": "answer:nothing", "said-nothing": "x"},
        {"act": "answer:agreement", "said-agreement": "\x00"},
        {"act": "call_back:reached", "phone": "contact-999999"},
        {"act": "call_back:reached"},
        {"act": "send", "mailbox": "member-1'"},
        {"act": "enter", "code": "123456"},
    ],
)
def test_what_cannot_be_tried_is_refused_and_verifies_nobody(
    browser: Client, acme: Partner, fields: dict[str, str]
) -> None:
    response = browser.post(VERIFY, {"partner": acme.pk, **fields})

    assert response.status_code == 422
    assert all(check.level == AssuranceLevel.NONE for check in CallerCheck.objects.all())


@pytest.mark.parametrize("partner", ["", "999999", "9" * 40, "x"])
def test_without_a_partner_there_is_nobody_to_verify(browser: Client, partner: str) -> None:
    response = browser.post(VERIFY, {"partner": partner, "act": "answer:agreement", "said-agreement": AGREEMENT})

    assert response.status_code == 200
    assert not CallerCheck.objects.exists()


def test_verifying_is_for_representatives(acme: Partner, paul: User) -> None:
    assert act(signed_in(paul), acme, "answer:agreement", **{"said-agreement": AGREEMENT}).status_code == 404


def test_a_call_back_is_noted_with_the_number(browser: Client, acme: Partner) -> None:
    key = browser.get(NEW, {"partner": acme.pk}).context["verification"].phones[0].key

    assert "Noted: not reached" in text_of(act(browser, acme, "call_back:missed", phone=key))
    assert act(browser, acme, "call_back:reached", phone=key).context["verification"].level == AssuranceLevel.SINGLE


def test_a_code_that_is_read_out_verifies(browser: Client, acme: Partner, paul: User) -> None:
    sent = act(browser, acme, "send", mailbox=f"member-{paul.pk}").context["verification"].check
    code = caller_codes.code_of(sent.pk, CallerCheck.objects.get().code_nonce)

    wrong = act(browser, acme, "enter", code="1", check=sent.pk)
    right = act(browser, acme, "enter", code=code, check=sent.pk)

    assert "That is not the code we sent." in text_of(wrong)
    assert right.context["verification"].level == AssuranceLevel.SINGLE


def test_what_is_open_is_hidden_until_the_caller_is_verified(
    browser: Client, acme: Partner, matter: Interaction
) -> None:
    before = browser.get(NEW, {"partner": acme.pk})
    after = verified(browser, acme)

    assert matter.number in text_of(before)
    assert matter.subject not in text_of(before)
    assert matter.subject in text_of(after)


def test_an_unverified_caller_is_not_answered_and_the_form_says_what_to_do(browser: Client, acme: Partner) -> None:
    a_type("service-query")
    call = {"partner": acme.pk, "type": "service-query", "subject": "Outage?", "text": "Asks", "answer": "Yes"}

    refused = browser.post(NEW, {**call, "outcome": "close"})
    assert refused.status_code == 422
    assert "Verify the caller first" in text_of(refused)
    assert not Interaction.objects.exists()

    assert browser.post(NEW, {**call, "answer": "", "outcome": "keep"}).status_code == 302


def test_a_verified_caller_is_answered_and_it_stands_on_the_interaction(browser: Client, acme: Partner) -> None:
    a_type("service-query")
    check = verified(browser, acme).context["verification"].check
    call = {"partner": acme.pk, "type": "service-query", "subject": "Outage?", "text": "Asks", "answer": "Yes"}

    logged = browser.post(NEW, {**call, "outcome": "close", "check": check.pk}, follow=True)

    assert "Caller verified by questions" in text_of(logged)
    entry = RecordEntry.objects.get(stream=Interaction.objects.get().stream, event=Event.CALLER_VERIFIED)
    assert entry.facts["check"] == check.pk


def test_a_check_of_a_colleague_or_of_another_partner_is_not_taken(browser: Client, acme: Partner) -> None:
    check = verified(browser, acme).context["verification"].check
    tina = signed_in(a_representative("Tina Okoro"))

    assert tina.get(NEW, {"partner": acme.pk, "check": check.pk}).context["verification"].check is None
    globex = a_partner("Globex")
    assert browser.get(NEW, {"partner": globex.pk, "check": check.pk}).context["verification"].check is None


def test_a_check_is_found_again_by_its_phone_call(browser: Client, acme: Partner) -> None:
    now = timezone.now()
    call = Call.objects.create(external_id="c1", state=CallState.ANSWERED, partner=acme, rang_at=now, updated_at=now)
    act(browser, acme, "answer:agreement", **{"said-agreement": AGREEMENT, "call": call.pk})

    assert browser.get(NEW, {"call": call.pk}).context["verification"].check.right == ["agreement"]
