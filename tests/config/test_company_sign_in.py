"""Signing in with one's own company, from the first page to the role, against a provider that a test owns."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from partners.enums import AssuranceLevel, PartnerEvent
from partners.models import Partner, RecordEntry, SingleSignOn, User
from tests.factories.identity_provider import Assertion, IdentityProvider, an_identity_provider, asked_in, saml_answer
from tests.factories.partners import RoleKindFactory
from tests.factories.sign_ons import a_saml_sign_on, a_sign_on
from tests.factories.world import (
    PASSWORD,
    a_partner,
    a_person_of,
    a_representative,
    a_role,
    an_administrator,
    signed_in,
)

pytestmark = pytest.mark.django_db

HERE = "/account/company/acme/"
ACS = "http://testserver/account/company/acme/acs/"


@pytest.fixture(autouse=True)
def published(settings: Any) -> None:
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with an_identity_provider() as provider:
        provider.claims = {"sub": "paul-1", "email": "paul@acme.example", "name": "Paul", "roles": ["trade"]}
        provider.assertion.attributes = {"roles": ["trade"], "urn:oid:0.9.2342.19200300.100.1.3": ["paul@acme.example"]}
        yield provider


@pytest.fixture
def acme() -> Partner:
    RoleKindFactory(code="wholesaler", credential_kinds=["password", "totp", "single_sign_on"])
    return a_partner("Acme Wholesale")


def paul_of(partner: Partner, **fields: Any) -> User:
    return a_person_of(partner, "Paul Acheson", email="paul@acme.example", **fields)


def a_browser() -> Client:
    return Client(REMOTE_ADDR=f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1")


def come_back(browser: Client, provider: IdentityProvider, **more: str) -> Any:
    """Through the provider of OpenID Connect and back to us."""
    out = browser.get(f"{HERE}start/", more)
    assert out.status_code == 302, out.content
    back = provider.consent(dict(parse_qsl(urlsplit(out.headers["Location"]).query)))
    return browser.get(back.removeprefix("http://testserver"))


def post_back(browser: Client, provider: IdentityProvider, told: Assertion | None = None, **lies: Any) -> Any:
    """Through the provider of SAML: the answer is posted from its site, without our session."""
    out = browser.get(f"{HERE}start/")
    asked = asked_in(dict(parse_qsl(urlsplit(out.headers["Location"]).query)))
    given = {
        "issuer": provider.url,
        "audience": asked["issuer"],
        "address": asked["address"],
        "request_id": asked["id"],
    }
    answer = saml_answer(told or provider.assertion, **(given | lies))
    posted = Client(enforce_csrf_checks=True).post(f"{HERE}acs/", {"SAMLResponse": answer})
    return (
        browser.get(posted.headers["Location"].removeprefix("http://testserver"))
        if posted.has_header("Location")
        else posted
    )


def acting_in(browser: Client) -> Any:
    return browser.get("/account/role/").wsgi_request.acting  # type: ignore[attr-defined]


@pytest.mark.parametrize("how", ["openid", "saml"])
@pytest.mark.parametrize("strong", [True, False])
def test_a_person_lands_in_the_role_that_the_company_names_as_strongly_as_it_says(
    acme: Partner, provider: IdentityProvider, how: str, strong: bool
) -> None:
    sign_on = (
        a_sign_on(acme, provider.url, roles={"trade": "wholesaler"})
        if how == "openid"
        else a_saml_sign_on(acme, provider.url, roles={"trade": "wholesaler"})
    )
    paul = paul_of(acme)
    provider.claims["amr"] = ["mfa"] if strong else ["pwd"]
    provider.assertion.context = "mfa" if strong else "pwd"
    browser = a_browser()

    answer = come_back(browser, provider) if how == "openid" else post_back(browser, provider)

    assert answer.headers["Location"] == "/"
    acting = acting_in(browser)
    assert (acting.actor.user_id, acting.actor.role) == (paul.pk, "wholesaler")
    assert acting.proof.level == (AssuranceLevel.DOUBLE if strong else AssuranceLevel.SINGLE)
    assert acting.proof.sign_on == sign_on.pk
    entry = RecordEntry.objects.get(event="access.signed_in")
    assert (entry.actor_role, entry.actor_level) == ("wholesaler", acting.proof.level)


def test_the_address_alone_leads_to_the_company_and_tells_nothing_of_accounts(acme: Partner) -> None:
    a_sign_on(acme)
    paul_of(acme)

    known, unknown = (
        a_browser().post("/account/company/", {"email": f"{name}@acme.example", "next": "/portal/"})
        for name in ("paul", "nobody")
    )
    elsewhere = a_browser().post("/account/company/", {"email": "paul@globex.example"})

    assert known.headers["Location"] == unknown.headers["Location"] == f"{HERE}?go=1&next=%2Fportal%2F"
    assert (elsewhere.status_code, known.content) == (422, unknown.content)
    assert "No company" in elsewhere.content.decode()


def test_the_way_to_the_provider_is_a_link_and_never_a_form(acme: Partner) -> None:
    """A policy that lets forms lead nowhere else would stop them on the way."""
    a_sign_on(acme)

    page = a_browser().get(f"{HERE}?go=1&next=/portal/")

    assert f'href="{HERE}start/?next=%2Fportal%2F"' in page.content.decode()
    assert page.headers["Refresh"] == f"0; url={HERE}start/?next=%2Fportal%2F"
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]


def test_an_answer_counts_once_and_only_where_it_was_asked_for(acme: Partner, provider: IdentityProvider) -> None:
    a_sign_on(acme, provider.url)
    paul_of(acme)
    browser, mallory = a_browser(), a_browser()
    out = browser.get(f"{HERE}start/")
    back = provider.consent(dict(parse_qsl(urlsplit(out.headers["Location"]).query))).removeprefix("http://testserver")

    assert mallory.get(back).status_code == 400
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 400


def test_an_assertion_is_worth_nothing_in_another_browser_or_a_second_time(
    acme: Partner, provider: IdentityProvider
) -> None:
    a_saml_sign_on(acme, provider.url)
    paul_of(acme)
    answer = saml_answer(
        provider.assertion,
        issuer=provider.url,
        audience=ACS.replace("acs", "metadata"),
        address=ACS,
        request_id="asked",
    )

    posted = a_browser().post(f"{HERE}acs/", {"SAMLResponse": answer})
    again = a_browser().post(f"{HERE}acs/", {"SAMLResponse": answer})

    assert a_browser().get(posted.headers["Location"]).status_code == 400
    assert again.status_code == 400
    assert RecordEntry.objects.filter(event=PartnerEvent.SIGN_ON_REFUSED).exists()


def test_a_person_of_two_companies_comes_in_for_the_one_that_vouches_and_no_other(
    acme: Partner, provider: IdentityProvider
) -> None:
    sign_on = a_sign_on(acme, provider.url)
    paul = paul_of(acme)
    globex = a_partner("Globex Mobile", role="mvno")
    place = paul.memberships.create(partner=globex, valid_from="2020-01-01")
    place.roles.set(globex.roles.all())
    browser = a_browser()
    come_back(browser, provider)

    assert {choice.membership.partner for choice in acting_in(browser).choices} == {acme}
    other = f"{place.pk}:{globex.roles.get().pk}"
    assert browser.post("/portal/acting/", {"choice": other}).status_code == 403
    SingleSignOn.objects.filter(pk=sign_on.pk).update(is_active=False)
    assert acting_in(browser).choices == []


def test_where_it_is_the_only_way_in_a_password_opens_nothing(acme: Partner, provider: IdentityProvider) -> None:
    a_sign_on(acme, provider.url, is_required=True)
    paul = paul_of(acme, password=PASSWORD)
    browser = a_browser()
    browser.post("/account/login/", {"login": paul.email, "password": PASSWORD})
    assert acting_in(browser).choices == []

    through = a_browser()
    come_back(through, provider)
    assert [choice.membership.partner for choice in acting_in(through).choices] == [acme]


@pytest.mark.parametrize("page", ["password/change/", "password/set/", "2fa/totp/activate/", "2fa/webauthn/add/"])
def test_a_company_leaves_itself_no_key_to_an_account(acme: Partner, provider: IdentityProvider, page: str) -> None:
    a_sign_on(acme, provider.url)
    paul_of(acme)
    browser = a_browser()
    come_back(browser, provider)

    answer = browser.get(f"/account/{page}")

    assert answer.status_code == 403
    assert "Your company looks after this" in answer.content.decode()


def test_whom_the_company_proves_by_one_factor_is_asked_here_for_the_other(
    acme: Partner, provider: IdentityProvider
) -> None:
    a_sign_on(acme, provider.url)
    TOTP.activate(paul_of(acme), "JBSWY3DPEHPK3PXP")

    assert come_back(a_browser(), provider).headers["Location"].startswith("/account/2fa/authenticate/")
    provider.claims["amr"] = ["mfa"]
    assert come_back(a_browser(), provider).headers["Location"] == "/"


def test_a_session_gets_stronger_at_the_company_under_another_id_and_in_the_same_role(
    acme: Partner, provider: IdentityProvider
) -> None:
    a_sign_on(acme, provider.url, second_factor_claim="acr")
    paul_of(acme)
    browser = a_browser()
    come_back(browser, provider)
    before, key = acting_in(browser), browser.session.session_key
    provider.claims["acr"] = "mfa"

    answer = come_back(browser, provider, strongly="1", next="/portal/")

    assert (provider.asked[-1]["acr_values"], provider.asked[-1]["prompt"]) == ("mfa", "login")
    assert answer.headers["Location"] == "/portal/"
    assert browser.session.session_key != key
    after = acting_in(browser)
    assert (after.membership, after.role, after.proof.level) == (before.membership, before.role, AssuranceLevel.DOUBLE)
    assert RecordEntry.objects.filter(event="access.stepped_up").exists()


def test_nobody_of_ours_comes_in_by_a_partner_s_provider(acme: Partner, provider: IdentityProvider) -> None:
    a_sign_on(acme, provider.url)
    a_representative("Rosa Lindqvist", email="rosa@acme.example")
    provider.claims["email"] = "rosa@acme.example"
    browser = a_browser()

    answer = come_back(browser, provider)

    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session


def test_whoever_lacks_a_role_is_told_what_came(acme: Partner, provider: IdentityProvider) -> None:
    a_sign_on(acme, provider.url, roles={"trade": "wholesaler"})
    paul_of(acme)
    provider.claims["roles"] = ["<b>janitor</b>"]

    answer = come_back(a_browser(), provider)

    assert answer.status_code == 403
    assert "&lt;b&gt;janitor&lt;/b&gt;" in answer.content.decode()


def test_a_provider_that_is_down_is_said_to_be(acme: Partner) -> None:
    a_sign_on(acme, "http://127.0.0.1:9")

    assert a_browser().get(f"{HERE}start/").status_code == 503
    assert RecordEntry.objects.get(event=PartnerEvent.SIGN_ON_REFUSED).facts["reason"] == "unreachable"


@pytest.mark.parametrize("page", ["", "start/", "callback/", "arrive/", "metadata/"])
def test_a_company_without_a_sign_in_has_no_pages(page: str) -> None:
    a_sign_on(a_partner("Acme Wholesale"), is_active=False)

    assert a_browser().get(f"{HERE}{page}").status_code == 404


def test_who_administers_the_company_tries_it_before_it_is_open_and_nothing_changes(
    acme: Partner, provider: IdentityProvider
) -> None:
    a_sign_on(acme, provider.url, roles={"trade": "wholesaler"}, is_active=False, creates_people=True)
    people = User.objects.count()
    browser = signed_in(a_person_of(acme, "Grace Whitlock", is_administrator=True))
    provider.claims["roles"] = ["trade", "<b>janitor</b>"]

    answer = come_back(browser, provider, trial="1")

    told = answer.content.decode()
    assert (answer.status_code, "Paul would come in as Wholesaler" in told) == (200, True)
    assert "&lt;b&gt;janitor&lt;/b&gt;</span> → means nothing here" in told
    assert User.objects.count() == people + 1  # Grace herself
    assert acting_in(browser).actor.label == "Grace Whitlock"
    assert not RecordEntry.objects.filter(event__startswith="single_sign_on").exists()


def test_a_trial_of_saml_says_why_it_fails(acme: Partner, provider: IdentityProvider) -> None:
    a_saml_sign_on(acme, provider.url, is_active=False)
    browser = signed_in(an_administrator())

    out = browser.get(f"{HERE}start/", {"trial": "1"})
    asked = asked_in(dict(parse_qsl(urlsplit(out.headers["Location"]).query)))
    given = {"issuer": provider.url, "audience": asked["issuer"], "address": asked["address"]}
    posted = Client().post(
        f"{HERE}acs/", {"SAMLResponse": saml_answer(provider.assertion, **given, request_id=asked["id"])}
    )
    answer = browser.get(posted.headers["Location"])

    assert answer.status_code == 200
    assert "You are not one of the people" in answer.content.decode()


@pytest.mark.parametrize("who", ["stranger", "colleague", "nobody"])
def test_nobody_else_tries_it(acme: Partner, provider: IdentityProvider, who: str) -> None:
    a_sign_on(acme, provider.url, is_active=False)
    mallory = a_person_of(a_partner("Globex Mobile"), "Mallory Kerr", is_administrator=True)
    browser = {"stranger": signed_in(mallory), "colleague": signed_in(paul_of(acme)), "nobody": a_browser()}[who]

    assert browser.get(f"{HERE}start/", {"trial": "1"}).status_code == 404


def test_each_kind_has_its_own_addresses(acme: Partner) -> None:
    a_sign_on(acme)
    a_saml_sign_on(a_partner("Globex Mobile"))

    assert [a_browser().get(f"{HERE}{page}").status_code for page in ("arrive/", "metadata/")] == [404, 404]
    assert a_browser().get("/account/company/globex/callback/").status_code == 404
    assert b"EntityDescriptor" in a_browser().get("/account/company/globex/metadata/").content


def test_who_is_signed_in_as_somebody_else_is_signed_out_first(acme: Partner, provider: IdentityProvider) -> None:
    a_sign_on(acme, provider.url)
    paul = paul_of(acme)
    a_role(acme, "dealer")
    browser = a_browser()
    browser.force_login(a_person_of(acme, "Mallory Kerr"))

    come_back(browser, provider)

    assert acting_in(browser).actor.user_id == paul.pk
