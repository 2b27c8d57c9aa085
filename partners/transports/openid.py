"""OpenID Connect, the side that asks: authorization code with PKCE, state and nonce, and an ID token checked whole.

RFC 6749, 7636, 9207 and OpenID Connect Core 1.0; what a page may not choose (scopes, addresses) no page is asked for.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from partners.transports import outside
from partners.transports.identities import AnswerRefused, Claims, Identity, ProviderUnreachable

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
NEEDED = ("iss", "sub", "aud", "exp", "iat")
DRIFT = 60  # seconds that the provider's clock may be off
LONGEST_SUBJECT = 255
NAMES = Claims(subject="sub", email="email", name="name", roles="roles", second_factor="amr")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A partner's provider, as the partner registered us there."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    redirect_uri: str
    claims: Claims


@dataclass(frozen=True, kw_only=True)
class Request:
    """A sign-in on its way: what the browser's session keeps until the answer comes, and where it is sent."""

    state: str
    nonce: str
    verifier: str
    url: str


def begin(provider: Provider, *, hint: str = "", acr_values: str = "", again: bool = False) -> Request:
    """Where the browser goes; `again` has the provider ask even whom it knows. Raises ProviderUnreachable."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.redirect_uri,
        "scope": provider.scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": hint,
        "acr_values": acr_values,
        "prompt": "login" if again else "",
    }
    endpoint = endpoint_in(discover(provider), "authorization_endpoint")
    query = urlencode({name: value for name, value in asked.items() if value})
    url = f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"
    return Request(state=state, nonce=nonce, verifier=verifier, url=url)


def finish(provider: Provider, answer: Mapping[str, str], *, nonce: str, verifier: str) -> Identity:
    """Who came back, from the query of the answer; its state is the caller's to compare.

    Raises AnswerRefused and ProviderUnreachable.
    """
    found = discover(provider)
    check_sender(provider, found, answer)
    tokens = exchange(provider, found, answer["code"], verifier)
    told = verified(provider, found, str(tokens.get("id_token") or ""), nonce)
    return identity(provider, {**asked_for(provider, found, tokens, told), **told}, told)


def discover(provider: Provider) -> dict[str, Any]:
    """The provider's own description. Raises ProviderUnreachable, also when it describes somebody else."""
    found = outside.get_json(provider.issuer.rstrip("/") + WELL_KNOWN)
    if found.get("issuer") != provider.issuer:
        raise ProviderUnreachable("the provider names another issuer than the one that is set up")
    return found


def endpoint_in(found: Mapping[str, Any], name: str) -> str:
    endpoint = found.get(name)
    if not isinstance(endpoint, str):
        raise ProviderUnreachable(f"the provider names no {name}")
    outside.address_in(endpoint)
    return endpoint


def check_sender(provider: Provider, found: Mapping[str, Any], answer: Mapping[str, str]) -> None:
    """RFC 9207: the answer to a question for one provider must not come from another."""
    issuer = answer.get("iss")
    is_promised = found.get("authorization_response_iss_parameter_supported") is True
    if issuer != provider.issuer and (issuer is not None or is_promised):
        raise AnswerRefused("the answer comes from another issuer")
    if "error" in answer:
        raise AnswerRefused(f"the provider refused: {answer['error'][:80]}")
    if not answer.get("code"):
        raise AnswerRefused("the answer holds no code")


def exchange(provider: Provider, found: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.redirect_uri,
        "code_verifier": verifier,
        "client_id": provider.client_id,
    }
    headers = {}
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if provider.client_secret and "client_secret_basic" in methods:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif provider.client_secret:
        fields["client_secret"] = provider.client_secret
    return outside.post_form(endpoint_in(found, "token_endpoint"), fields, headers=headers)


def verified(provider: Provider, found: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that this provider signed for us, for this very question, a moment ago."""
    try:
        algorithm = jwt.get_unverified_header(token).get("alg")
        if algorithm not in ALGORITHMS:
            raise AnswerRefused("the ID token is not signed with a public key")
        claims = jwt.decode(
            token,
            key=key_of(found, token).key,
            algorithms=[algorithm],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=DRIFT,
            options={"require": list(NEEDED)},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:  # a key of another kind than the algorithm's
        raise AnswerRefused(f"the ID token does not verify: {type(error).__name__}") from error
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise AnswerRefused("the ID token answers another question")
    if claims["aud"] not in (provider.client_id, [provider.client_id]):
        raise AnswerRefused("the ID token is for others as well")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise AnswerRefused("the ID token was given to another")
    return claims


def key_of(found: Mapping[str, Any], token: str) -> jwt.PyJWK:
    """The provider's key that the token names; a provider with one key need not name it."""
    keys = jwt.PyJWKSet.from_dict(outside.get_json(endpoint_in(found, "jwks_uri"))).keys
    usable = [key for key in keys if key.public_key_use in (None, "sig")]
    named = jwt.get_unverified_header(token).get("kid")
    matching = [key for key in usable if named is None or key.key_id == named]
    if len(matching) != 1:
        raise AnswerRefused("the ID token names no key of the provider")
    return matching[0]


def asked_for(
    provider: Provider, found: Mapping[str, Any], tokens: Mapping[str, Any], told: Mapping[str, Any]
) -> dict[str, Any]:
    """What the ID token leaves out, where the provider tells it when asked; for the same person, or not at all."""
    needed = (provider.claims.email, provider.claims.roles)
    lacking = [name for name in needed if name and value_at(told, name) is None]
    if not lacking or "userinfo_endpoint" not in found or not tokens.get("access_token"):
        return {}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    more = outside.get_json(endpoint_in(found, "userinfo_endpoint"), headers=headers)
    if more.get("sub") != told["sub"]:
        raise AnswerRefused("the provider tells of another person")
    return more


def identity(provider: Provider, claims: Mapping[str, Any], signed: Mapping[str, Any]) -> Identity:
    """`signed` is what the ID token itself says: two factors are believed from nowhere else."""
    names = provider.claims
    subject = signed.get(names.subject or "sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise AnswerRefused("the provider names the person in no usable way")
    address_verified = claims.get("email_verified")
    return Identity(
        subject=subject,
        email=text(claims.get(names.email)),
        name=text(claims.get(names.name)),
        roles=words(value_at(claims, names.roles)),
        has_second_factor=bool(words(signed.get(names.second_factor)) & names.second_factor_values),
        is_address_verified=address_verified if isinstance(address_verified, bool) else None,
    )


def value_at(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or one inside another by a path with dots, such as realm_access.roles."""
    if name in claims:
        return claims[name]
    first, dot, rest = name.partition(".")
    inner = claims.get(first)
    return value_at(inner, rest) if dot and isinstance(inner, Mapping) else None


def text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def words(value: object) -> frozenset[str]:
    """One word, or a list of them."""
    found = value if isinstance(value, list) else [value]
    return frozenset(word for word in found if isinstance(word, str) and word)
