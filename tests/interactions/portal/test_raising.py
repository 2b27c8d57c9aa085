"""A new request through the portal."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from interactions.enums import FieldKind, Side
from interactions.models import Interaction
from partners.enums import Channel, Priority
from partners.models import User
from tests.factories.world import a_partner, a_person_of, a_policy, a_type, signed_in

TYPES = "/portal/interactions/new/"
FIELDS: list[dict[str, Any]] = [
    {"name": "bill", "label": "Invoice number", "kind": FieldKind.REFERENCE.value, "required": True},
    {"name": "amount", "label": "Amount", "kind": FieldKind.AMOUNT.value},
    {"name": "due", "label": "Due on", "kind": FieldKind.DATE.value},
    {"name": "currency", "label": "Currency", "kind": FieldKind.CHOICE.value, "choices": ["EUR", "USD"]},
    {"name": "story", "label": "Story", "kind": FieldKind.LONG_TEXT.value, "help": "From the beginning."},
    {"name": "subject", "label": "A field with an awkward name", "kind": FieldKind.TEXT.value},
]
GOOD = {
    "key": "key-1",
    "subject": "Invoice 2026-114 is wrong",
    "text": "It lists a circuit that we ended.",
    "priority": "2",
    "field_bill": "2026-114",
    "field_amount": "1250.00",
    "field_due": "2026-06-30",
    "field_currency": "EUR",
}


@pytest.fixture
def paul() -> User:
    a_type("odd-invoice", fields=FIELDS, name="Odd invoice")
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


def hand_in(browser: Client, **changes: Any) -> Any:
    return browser.post(f"{TYPES}odd-invoice/", GOOD | changes)


@pytest.mark.django_db
def test_types_show_what_they_are_and_when_they_are_answered(paul: User) -> None:
    a_policy(partner=paul.memberships.get().partner, first_response=timedelta(hours=2))
    a_type("secret-type", partner_may_raise=False, name="Not for partners")
    a_type("bill-again", name="Bill again", self_service="bill-copy")

    page = signed_in(paul).get(TYPES)

    again, odd = (page.text.partition(name)[2].partition("</a>")[0] for name in ("Bill again", "Odd invoice"))
    assert page.text.index("Bill again") < page.text.index("Odd invoice")
    assert "Answered at once" in again
    assert "First answer by" not in again
    assert "First answer by" in odd
    assert "Answered at once" not in odd
    assert "Not for partners" not in page.text
    assert "You get a number and the answer at once." in signed_in(paul).get(f"{TYPES}bill-again/").text


@pytest.mark.django_db
def test_a_form_asks_what_its_type_needs(paul: User) -> None:
    page = signed_in(paul).get(f"{TYPES}odd-invoice/")

    assert all(field["label"] in page.text for field in FIELDS)
    assert 'type="date"' in page.text
    assert "From the beginning." in page.text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["nowhere", "secret-type"])
def test_a_type_that_partners_may_not_raise_does_not_exist(code: str, paul: User) -> None:
    a_type("secret-type", partner_may_raise=False)

    assert signed_in(paul).get(f"{TYPES}{code}/").status_code == 404
    assert signed_in(paul).post(f"{TYPES}{code}/", GOOD).status_code == 404


@pytest.mark.django_db
def test_a_request_becomes_an_interaction_with_a_number(paul: User) -> None:
    files = [SimpleUploadedFile("copy.pdf", b"%PDF-1.4 copy"), SimpleUploadedFile("scan.txt", b"scan")]
    browser = signed_in(paul)

    answer = hand_in(browser, attachment=files)
    page = browser.get(answer.headers["Location"])

    interaction = Interaction.objects.get()
    assert (interaction.channel, interaction.partner.name) == (Channel.WEB, "Acme Wholesale")
    assert (interaction.type.code, interaction.priority) == ("odd-invoice", Priority.HIGH)
    assert interaction.values == {"bill": "2026-114", "amount": "1250.00", "due": "2026-06-30", "currency": "EUR"}
    assert (interaction.created_by, interaction.acting_role) == (paul, "wholesaler")
    assert sorted(interaction.attachments.values_list("name", flat=True)) == ["copy.pdf", "scan.txt"]
    assert interaction.items.get().side == Side.PARTNER
    assert f"Thank you, we have it: {interaction.number}" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"subject": ""}, "subject", "This field is required."),
        ({"subject": "x" * 1_000_000}, "subject", "at most 200 characters"),
        ({"subject": "a\x00b"}, "subject", "Null characters are not allowed."),
        ({"text": ""}, "text", "This field is required."),
        ({"field_bill": ""}, "field_bill", "This field is required."),
        ({"field_bill": "\x00"}, "field_bill", "Null characters are not allowed."),
        ({"field_amount": "a lot"}, "field_amount", "an amount such as 1250.00"),
        ({"field_due": "2026-02-30"}, "field_due", "a date such as"),
        ({"field_currency": "XXX"}, "field_currency", "not one of the available choices"),
        ({"field_story": "x" * 20_000}, "field_story", "at most 10000 characters"),
        ({"priority": "9"}, "priority", "not one of the available choices"),
        ({"priority": "\x00"}, "priority", "not one of the available choices"),
        ({"attachment": SimpleUploadedFile("empty.txt", b"")}, "attachment", "empty"),
    ],
)
def test_a_refusal_stands_at_its_field_and_the_input_is_kept(
    changes: dict[str, Any], field: str, words: str, paul: User
) -> None:
    page = hand_in(signed_in(paul), **changes)

    assert page.status_code == 422
    assert words in str(page.context["form"].errors[field])
    assert "This was not sent yet" in page.text
    assert "It lists a circuit that we ended." in page.text or field == "text"
    assert "Invoice 2026-114 is wrong" in page.text or field == "subject"
    assert not Interaction.objects.exists()


@pytest.mark.django_db
def test_all_refusals_are_shown_at_once(paul: User) -> None:
    page = hand_in(signed_in(paul), subject="", field_amount="a lot", field_due="soon")

    assert {"subject", "field_amount", "field_due"} <= set(page.context["form"].errors)


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_refused_by_name(paul: User, settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1_000_000

    page = hand_in(signed_in(paul), attachment=SimpleUploadedFile("film.mov", b"x" * 1_000_001))

    assert "“film.mov” is larger than 1 MB." in page.text
    assert "Choose your files again" in page.text
    assert not Interaction.objects.exists()


@pytest.mark.django_db
def test_a_second_press_leads_to_the_same_interaction(paul: User) -> None:
    browser = signed_in(paul)

    first, second = hand_in(browser), hand_in(browser)

    number = Interaction.objects.get().number
    assert first.headers["Location"] == f"/portal/interactions/{number}/?sent=1"
    assert second.headers["Location"] == f"/portal/interactions/{number}/"


@pytest.mark.django_db
def test_a_key_is_only_its_owners(paul: User) -> None:
    gina = a_person_of(a_partner("Globex Mobile"), "Gina Moss")

    hand_in(signed_in(paul))
    hand_in(signed_in(gina))

    assert sorted(Interaction.objects.values_list("partner__name", flat=True)) == ["Acme Wholesale", "Globex Mobile"]


@pytest.mark.django_db
def test_every_form_has_a_key_of_its_own(paul: User) -> None:
    browser = signed_in(paul)

    keys = {browser.get(f"{TYPES}odd-invoice/").context["form"]["key"].value() for _ in range(2)}

    assert len(keys) == 2


def test_two_presses_at_once_make_one_interaction(committed_db: dict[str, str]) -> None:
    a_type("odd-invoice", fields=FIELDS)
    paul = a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")
    browsers = [signed_in(paul) for _ in range(4)]
    statuses: list[int] = []

    def press(browser: Client) -> None:
        statuses.append(hand_in(browser).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302] * 4
    assert Interaction.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(method: str, paul: User) -> None:
    assert getattr(signed_in(paul), method)(f"{TYPES}odd-invoice/").status_code == 405


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_types(paul: User, django_assert_max_num_queries: Any) -> None:
    counts = []
    signed_in(paul).get(TYPES)  # calendars are read once and remembered
    for start in (0, 3):
        for number in range(start, start + 3):
            a_type(f"extra-{number}")
        browser = signed_in(paul)
        with django_assert_max_num_queries(20) as queries:
            browser.get(TYPES)
        counts.append(len(queries))

    assert counts[0] == counts[1]


WHY: dict[str, Any] = {"name": "why", "label": "Why", "kind": "choice", "required": True, "choices": ["Price", "Other"]}
PRICE: dict[str, Any] = {
    "name": "price",
    "label": "Agreed price",
    "kind": "amount",
    "required": True,
    "currencies": ["EUR", "USD"],
    "when": {"field": "why", "comparison": "is", "value": "Price"},
}
SCAN: dict[str, Any] = {"name": "scan", "label": "The bill", "kind": "file", "required": True}


@pytest.mark.django_db
def test_a_field_is_asked_for_only_where_another_is_answered_so(paul: User) -> None:
    a_type("wrong-price", fields=[WHY, PRICE, SCAN])
    browser = signed_in(paul)

    def tried(**fields: Any) -> Any:
        scan = SimpleUploadedFile("bill.pdf", b"%PDF-1.4", "application/pdf")
        filled = {"subject": "Wrong", "text": "Wrong", "field_scan": scan} | fields
        return browser.post(f"{TYPES}wrong-price/", filled)

    page = browser.get(f"{TYPES}wrong-price/")
    assert "Only if “Why” is Price." in page.text
    assert 'data-when="field_why"' in page.text
    assert list(tried(field_why="Price").context["form"].errors) == ["field_price"]
    assert list(tried(field_why="Price", field_price="12 GBP").context["form"].errors) == ["field_price"]
    assert list(tried(field_why="Other", field_scan="").context["form"].errors) == ["field_scan"]
    assert not Interaction.objects.exists()

    assert tried(field_why="Other", field_price="nonsense").status_code == 302
    assert tried(field_why="Price", field_price="12 usd").status_code == 302

    first, second = Interaction.objects.order_by("pk")
    assert first.values == {"why": "Other", "scan": "bill.pdf"}
    assert second.values == {"why": "Price", "price": "12 USD", "scan": "bill.pdf"}
    assert second.attachments.get().name == "bill.pdf"


@pytest.mark.django_db
def test_how_an_order_stands_is_answered_at_once(paul: User) -> None:
    a_type("purchase", fields=[{"name": "order", "label": "Order", "kind": "reference", "refers_to": "order"}])
    browser = signed_in(paul)
    asked = {"subject": "Two hundred cards", "text": "Please deliver.", "field_order": "PO-1"}
    browser.post(f"{TYPES}purchase/", asked)

    answered = browser.post(f"{TYPES}order-status/", asked | {"subject": "Where is it?"}, follow=True)

    order, question = Interaction.objects.order_by("pk")
    assert (question.status, question.type.code) == ("closed", "order-status")
    assert order.number in answered.text
    assert "We have your request and will answer it." in answered.text


@pytest.mark.django_db
def test_several_things_are_ordered_at_once(paul: User) -> None:
    a_type("big-order", has_lines=True)
    browser = signed_in(paul)
    order = {"subject": "For the new shop", "text": "As agreed.", "line-1-what": "SIM card", "line-1-quantity": "250"}

    assert "What do you order?" in browser.get(f"{TYPES}big-order/").text
    assert "What do you order?" not in browser.get(f"{TYPES}odd-invoice/").text
    refused = browser.post(
        f"{TYPES}big-order/", order | {"line-3-quantity": "2", "line-2-what": "A", "line-2-quantity": "-1"}
    )
    assert [list(row.errors) for row in refused.context["lines"].rows] == [[], ["quantity"], ["what"], [], []]
    assert "250" in refused.text

    placed = browser.post(f"{TYPES}big-order/", order | {"line-2-what": "Router", "line-2-quantity": "1"}, follow=True)

    assert "0 of 2 completed" in placed.text
    lines = Interaction.objects.get().order_lines.in_order()
    assert [(line.what, line.quantity) for line in lines] == [("SIM card", Decimal(250)), ("Router", Decimal(1))]
