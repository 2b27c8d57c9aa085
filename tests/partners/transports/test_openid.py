"""OpenID Connect against a provider that is honest once and lies in every other way."""

import dataclasses
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from partners.transports import openid, outside
from partners.transports.identities import AnswerRefused, Claims, Identity, ProviderUnreachable
from partners.transports.openid import Provider, Request
from tests.factories.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, an_identity_provider

CALLBACK = "http://testserver/account/company/acme/callback/"
PAUL = {"sub": "paul-1", "email": "paul@acme.example", "name": "Paul Acheson", "roles": ["sales", "billing"]}


@pytest.fixture
def acme() -> Iterator[IdentityProvider]:
    with an_identity_provider() as provider:
        provider.claims = dict(PAUL)
        yield provider


def set_up(acme: IdentityProvider, **fields: Any) -> Provider:
    claims = dataclasses.replace(openid.NAMES, second_factor_values=frozenset({"mfa"}))
    given = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scopes": "openid email", "claims": claims}
    return Provider(**{"issuer": acme.url, "redirect_uri": CALLBACK, **given, **fields})


def answered(acme: IdentityProvider, request: Request) -> dict[str, str]:
    """The query that the provider sends the browser back with."""
    back = acme.consent(dict(parse_qsl(urlsplit(request.url).query)))
    return dict(parse_qsl(urlsplit(back).query))


def signed_in(acme: IdentityProvider, **fields: Any) -> Identity:
    provider = set_up(acme, **fields)
    request = openid.begin(provider)
    return openid.finish(provider, answered(acme, request), nonce=request.nonce, verifier=request.verifier)


def test_a_person_is_who_the_provider_says(acme: IdentityProvider) -> None:
    assert signed_in(acme) == Identity(
        subject="paul-1", email="paul@acme.example", name="Paul Acheson", roles=frozenset({"sales", "billing"})
    )


def test_what_is_asked_for_is_said_once_and_proven_by_a_verifier(acme: IdentityProvider) -> None:
    request = openid.begin(set_up(acme), hint="paul@acme.example", acr_values="two", again=True)

    asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    assert asked["redirect_uri"] == CALLBACK
    assert (asked["state"], asked["nonce"]) == (request.state, request.nonce)
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert (asked["login_hint"], asked["acr_values"], asked["prompt"]) == ("paul@acme.example", "two", "login")
    assert request.verifier not in request.url


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"iss": "https://elsewhere.example"}, "InvalidIssuerError"),
        ({"aud": "another-client"}, "InvalidAudienceError"),
        ({"aud": [CLIENT_ID, "another-client"]}, "for others as well"),
        ({"azp": "another-client"}, "given to another"),
        ({"nonce": "of another sign-in"}, "another question"),
        ({"nonce": None}, "another question"),
        ({"exp": 1_700_000_000}, "ExpiredSignatureError"),
        ({"iat": int(time.time()) + 3600}, "ImmatureSignatureError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"sub": None}, "MissingRequiredClaimError"),
        ({"sub": ""}, "no usable way"),
        ({"sub": "x" * 300}, "no usable way"),
    ],
)
def test_a_token_that_lies_is_refused(acme: IdentityProvider, lie: dict[str, Any], why: str) -> None:
    acme.claims |= lie

    with pytest.raises(AnswerRefused, match=why):
        signed_in(acme)


@pytest.mark.parametrize(
    ("key", "algorithm", "why"),
    [
        ("mallory", "RS256", "InvalidSignatureError"),
        ("provider", "HS256", "not signed with a public key"),
        ("provider", "none", "not signed with a public key"),
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    acme: IdentityProvider, key: str, algorithm: str, why: str
) -> None:
    acme.signing_key, acme.algorithm = key, algorithm

    with pytest.raises(AnswerRefused, match=why):
        signed_in(acme)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"iss": "https://elsewhere.example"}, "another issuer"),
        ({"error": "access_denied"}, "access_denied"),
        ({"code": ""}, "no code"),
    ],
)
def test_an_answer_from_elsewhere_or_without_a_code_is_refused(
    acme: IdentityProvider, answer: dict[str, str], why: str
) -> None:
    acme.answer = answer

    with pytest.raises(AnswerRefused, match=why):
        signed_in(acme)


def test_an_answer_must_name_its_sender_where_the_provider_promises_to(acme: IdentityProvider) -> None:
    provider = set_up(acme)
    request = openid.begin(provider)
    answer = answered(acme, request)
    del answer["iss"]

    with pytest.raises(AnswerRefused, match="another issuer"):
        openid.finish(provider, answer, nonce=request.nonce, verifier=request.verifier)


def test_a_stolen_code_is_worth_nothing_without_the_verifier(acme: IdentityProvider) -> None:
    provider = set_up(acme)
    request, other = openid.begin(provider), openid.begin(provider)

    with pytest.raises(ProviderUnreachable, match="answered 400"):
        openid.finish(provider, answered(acme, request), nonce=request.nonce, verifier=other.verifier)


def test_a_provider_that_describes_another_is_not_believed(acme: IdentityProvider) -> None:
    acme.metadata = {"issuer": "https://elsewhere.example"}

    with pytest.raises(ProviderUnreachable, match="another issuer"):
        openid.begin(set_up(acme))


def test_what_the_token_leaves_out_is_asked_for(acme: IdentityProvider) -> None:
    del acme.claims["email"]
    acme.userinfo = {"sub": "paul-1", "email": "paul@acme.example", "amr": ["mfa"]}

    found = signed_in(acme)

    assert found.email == "paul@acme.example"
    assert not found.has_second_factor  # only a signed token says so


def test_what_is_told_of_another_person_is_refused(acme: IdentityProvider) -> None:
    del acme.claims["email"]
    acme.userinfo = {"sub": "rosa-1", "email": "rosa@northwind.example"}

    with pytest.raises(AnswerRefused, match="another person"):
        signed_in(acme)


@pytest.mark.parametrize(
    ("methods", "proven"), [(["pwd", "mfa"], True), ("mfa", True), (["pwd"], False), (None, False)]
)
def test_two_factors_are_what_the_agreed_claim_says(acme: IdentityProvider, methods: Any, proven: bool) -> None:
    acme.claims["amr"] = methods

    assert signed_in(acme).has_second_factor is proven


def test_roles_may_stand_inside_another_claim(acme: IdentityProvider) -> None:
    acme.claims["realm_access"] = {"roles": ["sales"]}

    assert signed_in(acme, claims=Claims(roles="realm_access.roles")).roles == {"sales"}


@pytest.mark.parametrize(
    "url",
    [
        "http://provider.example",
        "https://localhost.",
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://2130706433",
        "https://0x7f.1",
        "https://user@provider.example",
        "ftp://127.0.0.1",
        "https://",
        "https://[",
    ],
)
def test_a_provider_cannot_make_us_ask_our_own_network(url: str) -> None:
    with pytest.raises(ProviderUnreachable):
        outside.get_json(url)


def test_an_endless_answer_is_cut(acme: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "MOST_BYTES", 100)
    acme.metadata = {"more": "x" * 1000}

    with pytest.raises(ProviderUnreachable, match="does not answer"):
        outside.get_json(f"{acme.url}{openid.WELL_KNOWN}")


def test_a_redirect_is_not_followed(acme: IdentityProvider) -> None:
    with pytest.raises(ProviderUnreachable, match="answered 302"):
        outside.get_json(f"{acme.url}/sign-in?state=s&redirect_uri={acme.url}/keys")
