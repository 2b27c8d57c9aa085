"""Who is behind an address or a number?"""

from datetime import timedelta
from typing import Any

import pytest

from partners.domain import contacts
from partners.domain.contacts import Known
from partners.enums import ContactMedium, ContactPurpose, PartnerStatus
from partners.models import Contact, Partner, RecordEntry
from tests.factories.partners import moment
from tests.factories.world import a_contact, a_partner, a_person_of

pytestmark = pytest.mark.django_db

NOW = moment("2026-06-01 09:00")
EMAIL, PHONE = ContactMedium.EMAIL, ContactMedium.PHONE


def recognised(value: str, medium: ContactMedium = EMAIL) -> Known | None:
    return contacts.recognise(medium, value, at=NOW)


@pytest.mark.parametrize("written", ["+1 202-555-0142", "+12025550142", "(+1) 202 555 0142", "tel:+1-202-555-0142"])
def test_a_number_has_one_form(written: str) -> None:
    assert contacts.key_of(PHONE, written) == "+12025550142"


@pytest.mark.parametrize("written", ["anonymous", "", "12", "x" * 1000])
def test_what_is_no_number_is_kept_within_its_column(written: str) -> None:
    assert len(contacts.key_of(PHONE, written)) <= 254


def test_an_address_has_one_form() -> None:
    assert contacts.key_of(EMAIL, "  Paul@Acme.EXAMPLE.org ") == "paul@acme.example.org"


def test_somebody_with_an_account_comes_before_a_contact() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    paul = a_person_of(acme, "Paul Acheson")
    a_contact(globex, paul.email)

    assert recognised(paul.email.upper()) == Known(partner=acme, user=paul, name="Paul Acheson")


@pytest.mark.parametrize("ended", ["membership", "account", "partner"])
def test_who_no_longer_acts_for_a_partner_is_not_recognised_as_that(ended: str) -> None:
    acme = a_partner("Acme Wholesale")
    paul = a_person_of(acme)
    if ended == "membership":
        acme.memberships.update(valid_until=NOW.date() - timedelta(days=1))
    if ended == "account":
        type(paul).objects.filter(pk=paul.pk).update(is_active=False)
    if ended == "partner":
        Partner.objects.filter(pk=acme.pk).update(status=PartnerStatus.ENDED)

    assert recognised(paul.email) is None


def test_the_preferred_contact_comes_first() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    a_contact(acme, "+1 202-555-0142")
    a_contact(globex, "+1 202-555-0142", is_preferred=True)

    known = recognised("+12025550142", PHONE)

    assert known is not None
    assert known.partner == globex


@pytest.mark.parametrize(("field", "days"), [("valid_until", -1), ("valid_from", 1)])
def test_a_contact_out_of_its_period_is_not_recognised(field: str, days: int) -> None:
    period: dict[str, Any] = {field: NOW.date() + timedelta(days=days)}
    a_contact(a_partner(), "desk@example.org", **period)

    assert recognised("desk@example.org") is None


@pytest.mark.parametrize("value", ["", "  ", "nobody@example.org"])
def test_nobody_is_recognised_by_nothing(value: str) -> None:
    Contact.objects.create(partner=a_partner(), medium=EMAIL, value="", key="")

    assert recognised(value) is None


def test_somebody_new_is_met_once_and_recorded() -> None:
    first = contacts.meet(EMAIL, "New@example.org", name="Nia New", at=NOW)
    again = contacts.meet(EMAIL, "new@example.org", name="Other Name", at=NOW)

    assert first.partner == again.partner
    assert (first.partner.name, first.partner.status) == ("Nia New", PartnerStatus.PROSPECT)
    assert first.partner.contacts.get().key == "new@example.org"
    entry = RecordEntry.objects.of_stream(first.partner.stream).get()
    assert (entry.event, entry.text("address")) == ("partner.met", "new@example.org")
    assert "new@example.org" not in str(entry.facts)


def test_a_caller_without_number_is_met_each_time() -> None:
    first = contacts.meet(PHONE, "", name="", at=NOW)
    second = contacts.meet(PHONE, "", name="", at=NOW)

    assert first.partner != second.partner
    assert (first.partner.name, first.partner.contacts.count()) == ("Unknown caller", 0)


def test_long_names_and_addresses_are_cut_to_their_columns() -> None:
    known = contacts.meet(EMAIL, "x" * 1000, name="y" * 1000, at=NOW)

    assert known.partner.name == "y" * 200
    assert contacts.meet(EMAIL, "z" * 1000, name="", at=NOW).partner.name == "z" * 200


def test_one_address_serves_several_purposes() -> None:
    acme = a_partner()
    a_contact(acme, "desk@example.org", purpose=ContactPurpose.BILLING)
    a_contact(acme, "desk@example.org", purpose=ContactPurpose.GENERAL)

    known = recognised("desk@example.org")

    assert known is not None
    assert known.partner == acme
