"""From the link in the mail to the first page."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partners.domain import assurance, invitations, onboarding
from partners.enums import AssuranceLevel
from partners.models import Invitation, Partner, User
from tests.factories.partners import UserFactory
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    an_actor_for,
    signed_in,
)

pytestmark = pytest.mark.django_db
NINA = "nina@acme.example.org"
FILLED_IN = {"name": "Nina Acheson", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale", role="wholesaler")


@pytest.fixture
def link(acme: Partner) -> str:
    """The address in the mail to Nina."""
    return invited(acme)


def invited(acme: Partner, **fields: Any) -> str:
    anna = an_actor_for(a_person_of(acme, "Anna Acheson", is_administrator=True), level=AssuranceLevel.DOUBLE)
    given: dict[str, Any] = {"roles": list(acme.roles.all()), "actor": anna, "at": timezone.now()} | fields
    onboarding.invite(acme, NINA, **given)
    (outgoing,) = invitations.take(at=timezone.now())
    return f"/account/invitation/{outgoing.token}/"


def test_somebody_new_makes_an_account_and_lands_in_the_portal(acme: Partner, link: str) -> None:
    browser = Client()
    page = browser.get(link)
    assert all(words in page.text for words in ("Act for Acme Wholesale", "Anna Acheson invites you", NINA))

    answer = browser.post(link, FILLED_IN, follow=True)

    nina = User.objects.get(email=NINA)
    assert answer.redirect_chain[-1][0] == "/portal/"
    assert "You act for Acme Wholesale now." in answer.text
    assert assurance.proof_of(browser.session, at=timezone.now()).level == AssuranceLevel.SINGLE
    assert nina.memberships.get().partner == acme


def test_an_administrator_is_led_to_a_second_factor(acme: Partner, settings: Any) -> None:
    settings.SECOND_FACTOR_NEEDED = True

    answer = Client().post(invited(acme, is_administrator=True), FILLED_IN, follow=True)

    assert answer.redirect_chain[-1][0] == "/account/role/"
    assert "/account/2fa/totp/activate/" in answer.text


def test_somebody_in_a_role_that_asks_for_it_is_led_to_a_second_factor(acme: Partner) -> None:
    kind = acme.roles.get().kind
    kind.minimum_level = AssuranceLevel.DOUBLE
    kind.save()

    answer = Client().post(invited(acme), FILLED_IN, follow=True)

    assert answer.redirect_chain[-1][0] == "/account/role/"
    assert "/account/2fa/totp/activate/" in answer.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1", "again": "password1"}, "too common"),
        ({"password": "nina@acme.example.org", "again": "nina@acme.example.org"}, "too similar"),
        ({"again": "something else"}, "not the same"),
        ({"name": "x" * 200}, "at most 150"),
        ({"name": "Nina\x00"}, "Null characters"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_makes_nothing(link: str, change: dict[str, str], told: str) -> None:
    answer = Client().post(link, FILLED_IN | change)

    assert answer.status_code == 422
    assert told in answer.text
    assert not User.objects.filter(email=NINA).exists()
    assert Invitation.objects.get().is_open


def test_somebody_with_an_account_signs_in_and_accepts(acme: Partner, link: str) -> None:
    globex = a_partner("Globex Mobile")
    nina = a_person_of(globex, "Nina Ames", email=NINA, password=PASSWORD)
    browser = Client()

    led = browser.get(link)
    assert f"/account/login/?next={link}" in led.text
    assert "Your name" not in led.text
    browser.post(f"/account/login/?next={link}", {"login": NINA, "password": PASSWORD})
    assert "You are signed in as Nina Ames" in browser.get(link).text
    answer = browser.post(link, follow=True)

    assert "You act for Acme Wholesale now." in answer.text
    assert nina.memberships.count() == 2
    assert "Globex Mobile" in browser.get("/portal/").text  # to switch to


def test_nobody_makes_a_second_account_for_an_address(link: str) -> None:
    UserFactory.create(email=NINA)

    answer = Client().post(link, FILLED_IN)

    assert "has an account here already" in answer.text
    assert User.objects.filter(email=NINA).count() == 1


@pytest.mark.parametrize("who", ["mallory", "rosa"])
def test_somebody_else_who_is_signed_in_does_not_accept(link: str, who: str) -> None:
    person = a_person_of(a_partner("Initech"), "Mallory Voss") if who == "mallory" else a_representative()
    browser = signed_in(person)

    assert "This is for somebody else" in browser.get(link).text
    assert browser.post(link).status_code == 403
    assert Invitation.objects.get().is_open


def test_looking_at_it_any_number_of_times_uses_nothing_up(link: str) -> None:
    assert {Client().get(link).status_code for _ in range(3)} == {200}
    assert {Client().head(link).status_code for _ in range(3)} == {200}
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("happened", ["accepted", "withdrawn", "run out", "never was", "too long", "strange"])
def test_what_cannot_be_used_gets_one_answer(acme: Partner, link: str, happened: str) -> None:
    now, invitation = timezone.now(), Invitation.objects.get()
    if happened == "accepted":
        onboarding.register(invitation, name="Nina", password=PASSWORD, at=now)
    elif happened == "withdrawn":
        onboarding.withdraw(invitation, actor=an_actor_for(a_representative()), at=now)
    elif happened == "run out":
        Invitation.objects.update(expires_at=now)
    strange = {"never was": "abc", "too long": "x" * 5000, "strange": "%00%ff"}
    address = f"/account/invitation/{strange[happened]}/" if happened in strange else link

    looked, sent = Client().get(address), Client().post(address, FILLED_IN)

    assert (looked.status_code, sent.status_code) == (404, 404)
    assert "This invitation can no longer be used" in looked.text
    assert "Acme" not in looked.text


def test_the_page_is_kept_by_no_cache_and_leads_nobody_elsewhere(link: str) -> None:
    answer = Client().get(link)

    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
