"""Who wrote for the first time is attached to a partner, registered as one, or refused; the record says so."""

import pytest
from django.test import Client
from django.utils import timezone

from interactions.enums import Event, Status
from interactions.models import Interaction
from partners.domain import contacts
from partners.enums import AssuranceLevel, Channel, ContactMedium, PartnerStatus
from partners.models import Invitation, Partner, RecordEntry, User
from tests.factories.partners import RoleKindFactory
from tests.factories.world import a_contact, a_person_of, an_auditor, an_interaction, signed_in
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

ADDRESS = "nadia@acme.example.org"


@pytest.fixture
def newcomer() -> Partner:
    return contacts.meet(ContactMedium.EMAIL, ADDRESS, name="Nadia Novak", at=timezone.now()).partner


@pytest.fixture
def first(newcomer: Partner, rosa: User) -> Interaction:
    return an_interaction(newcomer, subject="May we buy from you?", channel=Channel.EMAIL, sender=ADDRESS)


def page_of(newcomer: Partner) -> str:
    return f"/console/triage/newcomers/{newcomer.pk}/"


def test_a_newcomer_is_attached_to_the_partner_it_belongs_to(
    browser: Client, acme: Partner, newcomer: Partner, first: Interaction
) -> None:
    a_contact(acme, "office@acme.example.org")
    before = list(RecordEntry.objects.of_stream(first.stream).values_list("digest", flat=True))
    assert page_of(newcomer) in text_of(browser.get("/console/triage/"))
    page = text_of(browser.get(page_of(newcomer)))
    assert "May we buy from you?" in page
    assert "Acme Wholesale" in page  # known under the same domain

    answer = browser.post(page_of(newcomer), {"act": "join", "partner": acme.pk})

    assert answer["Location"] == "/console/triage/"
    first.refresh_from_db()
    newcomer.refresh_from_db()
    assert (first.partner, newcomer.status) == (acme, PartnerStatus.ENDED)
    known = contacts.recognise(ContactMedium.EMAIL, ADDRESS, at=timezone.now())
    assert known is not None
    assert known.partner == acme
    entries = list(RecordEntry.objects.of_stream(first.stream).order_by("sequence"))
    assert [entry.digest for entry in entries[: len(before)]] == before
    assert entries[-1].event == Event.JOINED_PARTNER
    assert (entries[-1].text("newcomer"), entries[-1].partner_id) == ("Nadia Novak", acme.pk)
    assert "May we buy from you?" in text_of(signed_in(a_person_of(acme)).get("/portal/interactions/"))
    assert browser.post(page_of(newcomer), {"act": "join", "partner": acme.pk}).status_code == 409


def test_a_newcomer_becomes_a_partner_whose_first_administrator_is_invited(rosa: User, newcomer: Partner) -> None:
    kind = RoleKindFactory.create(code="dealer")
    given = {"act": "register", "name": "Novak Shops", "kind": kind.pk, "administrator": ADDRESS}
    assert "step-up" in signed_in(rosa).post(page_of(newcomer), given)["Location"]

    signed_in(rosa, level=AssuranceLevel.DOUBLE).post(page_of(newcomer), given)

    newcomer.refresh_from_db()
    invitation = Invitation.objects.get(partner=newcomer)
    assert (newcomer.name, newcomer.status) == ("Novak Shops", PartnerStatus.ACTIVE)
    assert (invitation.address, invitation.is_administrator) == (ADDRESS, True)
    assert [role.kind.code for role in invitation.roles.all()] == ["dealer"]
    events = RecordEntry.objects.of_stream(newcomer.stream).order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["partner.met", "partner.registered", "person.invited"]


def test_a_newcomer_is_refused_with_the_reason(browser: Client, newcomer: Partner, first: Interaction) -> None:
    assert browser.post(page_of(newcomer), {"act": "refuse", "reason": " "}).status_code == 422

    browser.post(page_of(newcomer), {"act": "refuse", "reason": "We buy from the maker"})

    first.refresh_from_db()
    newcomer.refresh_from_db()
    assert (first.status, newcomer.status) == (Status.CANCELLED, PartnerStatus.ENDED)
    assert newcomer.status_reason == "We buy from the maker"
    assert browser.get(page_of(newcomer)).status_code == 404


def test_who_only_looks_decides_nothing_and_a_partner_is_no_newcomer(
    browser: Client, acme: Partner, newcomer: Partner
) -> None:
    assert signed_in(an_auditor(), level=AssuranceLevel.DOUBLE).get(page_of(newcomer)).status_code == 403
    assert browser.get(page_of(acme)).status_code == 404
    assert browser.post(page_of(acme), {"act": "refuse", "reason": "x"}).status_code == 409
    assert browser.post(page_of(newcomer), {"act": "join", "partner": newcomer.pk}).status_code == 422
