"""Signing in ends in a role: which one, whether the sign-in does for it, and what the record says of it all."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from partners.domain import assurance
from partners.enums import AssuranceLevel, CredentialKind, PartnerStatus, RoleStatus
from partners.middleware import ROLE_KEY
from partners.models import Partner, RecordEntry, User
from tests.config.test_sign_in import an_address, sign_in
from tests.factories.factors import an_authenticator_app, code_of, let_pass
from tests.factories.partners import AgreementFactory, MembershipFactory, RoleKindFactory
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    a_role,
    signed_in,
)

pytestmark = pytest.mark.django_db

ROLES = "/account/role/"
ACTING = "/portal/acting/"


@pytest.fixture
def acme() -> Partner:
    return a_partner("Acme Wholesale", role="wholesaler")


@pytest.fixture
def paul(acme: Partner) -> User:
    """With an address of his own in each test, so that no test uses up the attempts of another."""
    return a_person_of(acme, password=PASSWORD, email=f"paul-{uuid.uuid4().hex}@example.org")


def a_browser() -> Client:
    return Client(REMOTE_ADDR=an_address(), HTTP_USER_AGENT="Firefox/140.0 Linux")


def events(stream: str) -> list[str]:
    return list(RecordEntry.objects.filter(stream=stream).order_by("sequence").values_list("event", flat=True))


# Which role


def test_somebody_with_one_role_is_in_at_once(paul: User) -> None:
    browser = a_browser()

    sign_in(browser, paul.email, PASSWORD)

    assert browser.get("/portal/").status_code == 200


def test_somebody_with_several_roles_chooses_one_and_is_remembered(paul: User, acme: Partner) -> None:
    reseller = a_role(acme, "reseller")
    paul.memberships.get().roles.add(reseller)
    browser = a_browser()
    sign_in(browser, paul.email, PASSWORD)

    sent = browser.get("/portal/interactions/")
    page = browser.get(ROLES).content.decode()
    browser.post(ACTING, {"choice": f"{paul.memberships.get().pk}:{reseller.pk}"})
    inside = browser.get("/portal/")
    next_day = a_browser()
    sign_in(next_day, paul.email, PASSWORD)

    assert sent.headers["Location"] == ROLES
    assert "Whom do you act for?" in page
    assert page.count('name="choice"') == 2
    assert inside.context["acting"].role == reseller
    assert next_day.get("/portal/").context["acting"].role == reseller


def test_a_choice_that_ended_is_made_anew(paul: User, acme: Partner) -> None:
    reseller, mvno = a_role(acme, "reseller"), a_role(acme, "mvno")
    membership = paul.memberships.get()
    membership.roles.add(reseller, mvno)
    User.objects.filter(pk=paul.pk).update(acting_as=f"{membership.pk}:{reseller.pk}")
    browser = a_browser()
    sign_in(browser, paul.email, PASSWORD)
    assert browser.get("/portal/").status_code == 200

    acme.roles.filter(kind__code="reseller").update(status=RoleStatus.ENDED)

    assert browser.get("/portal/").headers["Location"] == ROLES


# What a role mandates


@pytest.mark.parametrize(
    ("kind", "missing", "way"),
    [
        ({"minimum_level": AssuranceLevel.DOUBLE}, "Two factors", "Set up an authenticator app"),
        ({"minimum_level": AssuranceLevel.RESISTANT}, "Phishing-resistant", "Set up a passkey"),
        ({"credential_kinds": [CredentialKind.PASSKEY]}, "It accepts: Passkey", "Set up a passkey"),
        ({"credential_kinds": [CredentialKind.SINGLE_SIGN_ON]}, "It accepts: Single sign-on", "Sign in another way"),
    ],
)
def test_a_role_that_needs_more_is_refused_with_what_is_missing_and_a_way_to_get_it(
    kind: dict[str, Any], missing: str, way: str
) -> None:
    RoleKindFactory.create(code="strict", **kind)
    browser = signed_in(a_person_of(a_partner("Initech", role="strict"), "Pia Strand"))

    refused = browser.get("/portal/interactions/")
    page = browser.get(ROLES).content.decode()

    assert refused.headers["Location"] == ROLES
    assert missing in page
    assert way in page


def test_a_refusal_is_on_the_record_and_the_other_role_stays(paul: User, acme: Partner) -> None:
    RoleKindFactory.create(code="strict", minimum_level=AssuranceLevel.RESISTANT)
    role = a_role(acme, "strict")
    membership = paul.memberships.get()
    membership.roles.add(role)
    browser = signed_in(paul)
    browser.post(ACTING, {"choice": f"{membership.pk}:{acme.roles.get(kind__code='wholesaler').pk}"})

    refused = browser.post(ACTING, {"choice": f"{membership.pk}:{role.pk}"})

    entry = RecordEntry.objects.get(event="access.refused")
    assert refused.headers["Location"] == ROLES
    assert (entry.stream, entry.facts["role"], entry.facts["missing"]) == (acme.stream, role.pk, ["level 3"])
    assert browser.get("/portal/").context["acting"].role.kind.code == "wholesaler"


def test_a_role_that_needs_two_factors_opens_to_whoever_shows_two() -> None:
    RoleKindFactory.create(code="strict", minimum_level=AssuranceLevel.DOUBLE)
    pia = a_person_of(a_partner("Initech", role="strict"), "Pia Strand", password=PASSWORD)
    secret = an_authenticator_app(pia)
    browser = a_browser()

    first = sign_in(browser, pia.email, PASSWORD)
    before = browser.get("/portal/")
    browser.post(first.headers["Location"], {"code": code_of(secret)})

    assert first.headers["Location"] == "/account/2fa/authenticate/"
    assert before.headers["Location"].startswith("/account/login/")
    assert browser.get("/portal/").status_code == 200
    assert RecordEntry.objects.get(event="access.signed_in").facts["credentials"] == ["password", "totp"]


def test_a_code_of_an_app_lets_in_once(paul: User) -> None:
    secret = an_authenticator_app(paul)
    code = code_of(secret)
    browsers = [a_browser(), a_browser()]
    for browser in browsers:
        sign_in(browser, paul.email, PASSWORD)
        browser.post("/account/2fa/authenticate/", {"code": code})

    assert [browser.get("/portal/").status_code for browser in browsers] == [200, 302]


# Second factors of those who may do much


@pytest.fixture
def _demanded(settings: Any) -> None:
    settings.SECOND_FACTOR_NEEDED = True


@pytest.mark.usefixtures("_demanded")
def test_a_representative_without_a_second_factor_comes_nowhere() -> None:
    rosa = a_representative(is_staff=True, is_superuser=True)
    browser = signed_in(rosa)

    sent = [browser.get(page).headers["Location"] for page in ("/", "/console/work/", "/admin/", "/portal/")]

    assert sent == [ROLES] * 4
    assert "Set up an authenticator app" in browser.get(ROLES).content.decode()
    assert signed_in(rosa, level=AssuranceLevel.DOUBLE).get("/console/work/").status_code == 200


@pytest.mark.usefixtures("_demanded")
def test_an_administrator_of_a_partner_needs_a_second_factor_and_its_other_people_do_not(acme: Partner) -> None:
    boss = signed_in(a_person_of(acme, "Bea Boss", is_administrator=True))
    clerk = signed_in(a_person_of(acme, "Carl Clerk"))

    assert boss.get("/portal/").headers["Location"] == ROLES
    assert clerk.get("/portal/").status_code == 200


# The record


def test_signing_in_and_out_is_on_the_record_of_each_partner_and_of_no_other(paul: User, acme: Partner) -> None:
    globex, initech = a_partner("Globex Mobile", role="mvno"), a_partner("Initech")
    MembershipFactory.create(user=paul, partner=globex)
    browser = a_browser()

    sign_in(browser, paul.email, PASSWORD)
    browser.post("/account/logout/")

    entries = RecordEntry.objects.filter(event__startswith="access.").order_by("id")
    assert events(acme.stream) == events(globex.stream) == ["access.signed_in", "access.signed_out"]
    assert events(initech.stream) == events("installation") == []
    assert {entry.actor_id for entry in entries} == {paul.pk}
    assert entries[0].text("browser") == "Firefox/140.0 Linux"
    assert not any("Globex" in str(entry.texts) for entry in entries.filter(partner=acme))


def test_ours_sign_in_on_the_record_of_the_installation() -> None:
    rosa = a_representative(password=PASSWORD)
    browser = a_browser()

    sign_in(browser, rosa.email, PASSWORD)
    browser.post("/account/logout/")

    assert events("installation") == ["access.signed_in", "access.signed_out"]


def test_who_fails_to_sign_in_is_on_the_record_also_where_nobody_is_known(paul: User, acme: Partner) -> None:
    browser, unheard_of = a_browser(), f"nobody-{uuid.uuid4().hex}@example.org"

    sign_in(browser, paul.email, "wrong")
    sign_in(browser, unheard_of, "wrong")

    known, unknown = RecordEntry.objects.filter(event="access.failed").order_by("id")
    assert (known.stream, known.actor_id, known.facts["user"]) == (acme.stream, None, paul.pk)
    assert (unknown.stream, unknown.text("tried")) == ("installation", unheard_of)
    assert "nobody" not in str(unknown.facts)


def test_a_wrong_code_is_on_the_record_and_its_owner_is_warned(paul: User, mailoutbox: list[EmailMessage]) -> None:
    an_authenticator_app(paul)
    browser = a_browser()
    sign_in(browser, paul.email, PASSWORD)

    for _ in range(3):
        browser.post("/account/2fa/authenticate/", {"code": "123123"})

    assert RecordEntry.objects.filter(event="access.failed", facts__method="totp").count() == 3
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([paul.email], "Somebody knows your password")]


def test_an_account_that_is_guessed_at_is_locked_and_its_owner_warned_once(
    paul: User, acme: Partner, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(5):
        sign_in(a_browser(), paul.email, "wrong")

    locked = [sign_in(a_browser(), paul.email, password) for password in ("wrong", PASSWORD)]

    assert [answer.status_code for answer in locked] == [200, 200]
    assert events(acme.stream) == [*["access.failed"] * 5, "access.locked"]
    assert [mail.subject for mail in mailoutbox] == ["Your sign-in is locked for some minutes"]


def test_guessing_at_nobody_warns_nobody(mailoutbox: list[EmailMessage]) -> None:
    answers = [sign_in(a_browser(), "nobody@example.org", "wrong") for _ in range(6)]

    assert {answer.status_code for answer in answers} == {200}
    assert mailoutbox == []


# A code by mail


def test_a_code_by_mail_lets_in_once_at_the_first_level(paul: User, mailoutbox: list[EmailMessage]) -> None:
    browser = a_browser()

    asked = browser.post("/account/login/code/", {"email": paul.email})
    code = next(line.strip() for line in mailoutbox[0].body.splitlines() if line.startswith("    "))
    browser.post(asked.headers["Location"], {"code": code})
    inside = browser.get("/portal/")

    assert inside.context["actor"].level == AssuranceLevel.SINGLE
    assert RecordEntry.objects.get(event="access.signed_in").facts["credentials"] == ["mail_code"]
    assert a_browser().post("/account/login/code/confirm/", {"code": code}).status_code == 302


def test_asking_for_a_code_tells_nobody_who_has_an_account(paul: User) -> None:
    known, unknown = a_browser(), a_browser()

    answers = [
        (browser.post("/account/login/code/", {"email": email}), browser)
        for browser, email in ((known, paul.email), (unknown, "nobody@example.org"))
    ]
    pages = [
        browser.get(answer.headers["Location"]).content.decode().replace("nobody@example.org", paul.email)
        for answer, browser in answers
    ]

    assert [answer.status_code for answer, _ in answers] == [302, 302]
    assert without_tokens(pages[0]) == without_tokens(pages[1])


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line]


# What ends, ends at once


def test_a_deactivated_person_is_out_on_the_next_request(paul: User) -> None:
    browser = signed_in(paul)
    assert browser.get("/portal/").status_code == 200

    User.objects.filter(pk=paul.pk).update(is_active=False)

    assert browser.get("/portal/").headers["Location"].startswith("/account/login/")


def end_membership(acme: Partner) -> None:
    acme.memberships.update(ended_at=timezone.now())


def end_role(acme: Partner) -> None:
    acme.roles.update(status=RoleStatus.ENDED)


def let_role_expire(acme: Partner) -> None:
    acme.roles.update(valid_until=timezone.now().date() - timedelta(days=1))


def end_agreement(acme: Partner) -> None:
    AgreementFactory.create(partner=acme, role=acme.roles.get(), status="ended")


def suspend(acme: Partner) -> None:
    Partner.objects.filter(pk=acme.pk).update(status=PartnerStatus.SUSPENDED)


@pytest.mark.parametrize("end", [end_membership, end_role, let_role_expire, suspend])
def test_access_that_ended_is_gone_on_the_next_request(paul: User, acme: Partner, end: Any) -> None:
    browser = signed_in(paul)
    assert browser.get("/portal/").status_code == 200

    end(acme)

    assert [browser.get(page).status_code for page in ("/portal/", "/portal/interactions/")] == [403, 403]
    assert browser.post("/portal/interactions/new/general-query/", {"subject": "x"}).status_code == 403


def test_sessions_end_from_another_one(paul: User, acme: Partner) -> None:
    here, there = a_browser(), a_browser()
    for browser in (here, there):
        sign_in(browser, paul.email, PASSWORD)

    here.post("/account/sessions/")

    assert here.get("/portal/").status_code == 200
    assert there.get("/portal/").headers["Location"].startswith("/account/login/")
    assert RecordEntry.objects.get(event="access.ended").facts["sessions"] == 1


def test_a_session_that_is_used_is_noted_and_goes_on(paul: User) -> None:
    browser = signed_in(paul)
    let_pass(browser, minutes=100)
    assert browser.get("/portal/").status_code == 200

    assert assurance.SEEN_KEY in browser.session
    assert ROLE_KEY in browser.session
