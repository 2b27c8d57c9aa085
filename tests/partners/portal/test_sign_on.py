"""What administrators of a partner see of their company's own sign-in, and whom they take off it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.enums import AssuranceLevel, PartnerEvent
from partners.models import Partner, RecordEntry, SignOnIdentity, User
from tests.factories.sign_ons import a_saml_sign_on, a_sign_on
from tests.factories.world import a_partner, a_person_of, shown_for, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/portal/organisation/sign-on/"


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale")


@pytest.fixture
def grace(acme: Partner) -> Client:
    return administrator_of(acme)


def administrator_of(partner: Partner, name: str = "Grace Whitlock") -> Client:
    return signed_in(a_person_of(partner, name, is_administrator=True), level=AssuranceLevel.DOUBLE)


def known_person(partner: Partner, subject: str = "paul-1") -> SignOnIdentity:
    paul = a_person_of(partner, "Paul Acheson", email="paul@acme.example")
    return SignOnIdentity.objects.create(
        sign_on=partner.sign_ons.get(), user=paul, subject=subject, used_at=timezone.now() - timedelta(hours=2)
    )


def unlink(identity: SignOnIdentity) -> str:
    return f"{PAGE}people/{identity.pk}/unlink/"


def opened_by_company(user: User, sign_on: int) -> Client:
    """A browser in which the company's sign-in has signed somebody in."""
    browser = signed_in(user)
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=browser.session.session_key, user_agent="")
    session = browser.session
    session["account_authentication_methods"] = [
        {**one, "method": "socialaccount", "sign_on": sign_on} for one in shown_for(AssuranceLevel.SINGLE)
    ]
    session.save()
    return browser


def test_an_administrator_sees_provider_meanings_people_and_addresses_and_no_secret(acme: Partner) -> None:
    sign_on = a_sign_on(acme, roles={"trade": "wholesaler"}, is_required=True)
    known_person(acme)
    grace = opened_by_company(a_person_of(acme, "Grace Whitlock", is_administrator=True), sign_on.pk)

    told = grace.get(PAGE).content.decode()

    for text in (sign_on.issuer, "trade", "The only way in", "Paul Acheson", "/account/company/acme/callback/", "Open"):
        assert text in told, text
    assert (sign_on.client_secret or "-") not in told
    assert f"/account/company/{sign_on.slug}/start/?trial=1" in told


def test_saml_shows_metadata_and_until_when_our_certificate_counts(acme: Partner, grace: Client) -> None:
    a_saml_sign_on(acme, is_active=False)

    told = grace.get(PAGE).content.decode()

    assert "/account/company/acme/metadata/" in told
    assert "Our certificate ends" in told
    assert "Being set up" in told
    assert "PRIVATE KEY" not in told


def test_without_one_the_page_says_what_can_be_had(grace: Client) -> None:
    assert "sign in with accounts of their own" in grace.get(PAGE).content.decode()


def test_the_page_asks_as_often_for_two_as_for_one(acme: Partner, grace: Client) -> None:
    a_sign_on(acme, roles={"trade": "wholesaler"})
    grace.get(PAGE)
    before = queries_of(grace)

    a_sign_on(acme, slug="another", roles={"shop": "dealer", "trade": "wholesaler"})

    assert queries_of(grace) == before


def queries_of(browser: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(PAGE).status_code == 200
    return len(captured)


def test_who_administers_nothing_sees_nothing_of_it(acme: Partner) -> None:
    a_sign_on(acme)
    browser = signed_in(a_person_of(acme, "Oliver Pym"))

    assert browser.get(PAGE).status_code == 403
    assert PAGE not in browser.get("/portal/organisation/").content.decode()


def test_another_partner_sees_neither_it_nor_its_people(acme: Partner) -> None:
    a_sign_on(acme)
    identity = known_person(acme)
    mallory = administrator_of(a_partner("Globex Mobile"), "Mallory Kerr")

    assert "login.acme.example" not in mallory.get(PAGE).content.decode()
    assert mallory.post(unlink(identity)).status_code == 404
    assert SignOnIdentity.objects.exists()


def test_unlinking_ends_what_the_company_opened_and_nothing_else(acme: Partner, grace: Client) -> None:
    sign_on = a_sign_on(acme)
    identity = known_person(acme)
    opened, own = opened_by_company(identity.user, sign_on.pk), signed_in(identity.user)

    answer = grace.post(unlink(identity))

    assert answer.headers["Location"] == PAGE
    assert not SignOnIdentity.objects.exists()
    assert opened.get("/portal/").headers["Location"].startswith("/account/login/")
    assert own.get("/portal/").status_code == 200
    entry = RecordEntry.objects.get(event=PartnerEvent.SIGN_ON_UNLINKED)
    assert (entry.stream, entry.actor_label) == (acme.stream, "Grace Whitlock")


def test_unlinking_waits_for_two_factors(acme: Partner) -> None:
    a_sign_on(acme)
    identity = known_person(acme)
    weak = signed_in(a_person_of(acme, "Grace Whitlock", is_administrator=True))

    assert weak.post(unlink(identity)).headers["Location"].startswith("/account/step-up/")
    assert SignOnIdentity.objects.exists()
