import json
from typing import Any

import pytest
from django.test import Client

from interactions.models import Interaction, Reference
from interactions.payloads import File
from partners.enums import Channel
from partners.models import Partner, RecordEntry
from tests.factories.world import a_type, an_interaction
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db

FIELDS: list[dict[str, Any]] = [
    {"name": "bill", "label": "Invoice", "kind": "reference", "required": True, "refers_to": "bill"},
    {"name": "amount", "label": "Amount", "kind": "amount", "currencies": ["EUR", "USD"]},
    {"name": "scan", "label": "Scan", "kind": "file"},
]


@pytest.fixture
def bill(acme: Partner) -> Interaction:
    """A bill that came by mail, of which nothing is filled in."""
    a_type("bill", fields=FIELDS)
    return an_interaction(acme, type="bill", channel=Channel.EMAIL, files=[File(name="a.pdf", content=b"%PDF-1.4")])


def test_what_a_mail_left_out_is_completed_before_it_is_solved(browser: Client, bill: Interaction) -> None:
    refused = post(browser, bill, "move", "resolve", resolution="Paid")
    assert "Not filled in yet: Invoice" in refused.context["problem"].text
    assert "Complete the details" in text_of(browser.get(at(bill)))

    filled = post(browser, bill, "details", field_bill="R-7", field_amount="12.50 eur", field_scan="a.pdf")

    assert filled["Location"] == at(bill)
    bill.refresh_from_db()
    assert bill.values == {"bill": "R-7", "amount": "12.50 EUR", "scan": "a.pdf"}
    assert Reference.objects.get(interaction=bill).value == "R-7"
    entry = RecordEntry.objects.of_stream(bill.stream).latest("sequence")
    assert (entry.event, entry.facts["names"]) == ("interaction.changed", ["bill", "amount", "scan"])
    assert entry.text("details.bill") == "R-7"
    assert "Details changed: Invoice, Amount, Scan" in text_of(browser.get(at(bill)))
    assert post(browser, bill, "move", "resolve", resolution="Paid").status_code == 302


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"field_amount": "12.50 GBP"}, "field_amount"), ({"field_scan": "other.pdf"}, "field_scan")],
)
def test_a_detail_that_does_not_fit_is_told_at_its_field(
    browser: Client, bill: Interaction, fields: dict[str, str], wrong: str
) -> None:
    refused = post(browser, bill, "details", **{"field_bill": "R-7", **fields})

    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [wrong]
    assert "R-7" in text_of(refused)
    bill.refresh_from_db()
    assert bill.values == {}


def test_what_two_people_changed_is_merged_and_only_what_clashes_is_asked_about(
    browser: Client, bill: Interaction
) -> None:
    began = json.dumps({})
    post(browser, bill, "details", field_bill="R-7", field_amount="12.50 EUR")

    asked = post(browser, bill, "details", version=1, before=began, field_bill="R-8", field_scan="a.pdf")

    assert asked.status_code == 409
    page = text_of(asked)
    assert [words in page for words in ("Yours: R-8", "Theirs: R-7", "Before: nothing")] == [True] * 3
    assert [name for name, field in asked.context["form"].fields.items() if not field.widget.is_hidden] == [
        "field_bill"
    ]
    bill.refresh_from_db()
    assert bill.values == {"bill": "R-7", "amount": "12.50 EUR"}

    form = asked.context["form"]
    kept = {name: form[name].value() for name in form.fields} | {"before": asked.context["before"]}
    assert post(browser, bill, "details", **kept).status_code == 302
    bill.refresh_from_db()
    assert bill.values == {"bill": "R-8", "amount": "12.50 EUR", "scan": "a.pdf"}


def test_what_only_one_of_two_changed_is_kept_without_a_question(browser: Client, bill: Interaction) -> None:
    post(browser, bill, "details", field_bill="R-7")

    post(browser, bill, "details", version=1, before="{}", field_amount="1.00 EUR")

    bill.refresh_from_db()
    assert bill.values == {"bill": "R-7", "amount": "1.00 EUR"}


@pytest.mark.parametrize("before", ["", "[", "[1]", '{"bill": 1}'])
def test_without_what_was_there_before_nothing_is_merged(browser: Client, bill: Interaction, before: str) -> None:
    assert post(browser, bill, "details", version=0, before=before, field_bill="R-7").status_code == 409


def test_details_are_not_changed_unseen_or_after_the_end(browser: Client, bill: Interaction) -> None:
    assert post(browser, bill, "details", version=0, field_bill="R-7").status_code == 409
    before = RecordEntry.objects.count()
    assert post(browser, bill, "details", field_bill="").status_code == 302
    assert RecordEntry.objects.count() == before

    post(browser, bill, "move", "cancel", reason="Sent twice")
    assert post(browser, bill, "details", field_bill="R-7").status_code == 409
    assert "Its details stay as they are" in text_of(browser.get(at(bill, "details")))
