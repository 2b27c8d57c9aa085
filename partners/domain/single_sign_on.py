"""Signing in with one's own company: out to its identity provider, and back with proof of who came."""

import dataclasses
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Prefetch

from partners.domain.digests import digest_of
from partners.enums import SecondFactorClaim
from partners.models import SignOnAnswer, SignOnIdentity, SignOnRole, SingleSignOn
from partners.models.single_sign_on import SingleSignOnQuerySet
from partners.payloads import Actor
from partners.transports import openid, saml
from partners.transports.identities import AnswerRefused, Claims, Identity

PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where the browser goes, and what its session keeps to know the answer by."""

    url: str
    kept: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """What the partner's administrators enter at their provider; the metadata's is our entity id as well."""

    page: str
    answers: str
    metadata: str


def for_address(email: str) -> SingleSignOnQuerySet:
    """The sign-ons that may speak for an address; whether it has an account plays no part."""
    _local, at, domain = email.strip().lower().rpartition("@")
    return SingleSignOn.objects.speaking_for(domain).order_by("name") if at else SingleSignOn.objects.none()


def named(slug: str) -> SingleSignOn | None:
    """The sign-on behind a partner's own address, which may still be in preparation: see `is_open`."""
    return SingleSignOn.objects.of_partners().select_related("partner").filter(slug=slug).first()


def addresses_of(sign_on: SingleSignOn) -> Addresses:
    page = f"{settings.BASE_URL}/account/company/{sign_on.slug}/"
    answers = f"{page}{'acs' if sign_on.is_saml else 'callback'}/"
    return Addresses(page=page, answers=answers, metadata=f"{page}metadata/" if sign_on.is_saml else "")


def shown_to(actor: Actor) -> SingleSignOnQuerySet:
    """Those that somebody may see, with what their words mean and whom they know."""
    people = SignOnIdentity.objects.select_related("user").order_by("user__name")
    meanings = SignOnRole.objects.select_related("role_kind").order_by("value")
    parts = Prefetch("identities", people), Prefetch("meanings", meanings)
    return SingleSignOn.objects.visible_to(actor).select_related("partner").prefetch_related(*parts).order_by("name")


def depart(sign_on: SingleSignOn, *, at_address: str, hint: str = "", strongly: bool = False) -> Departure:
    """Begin a sign-in; `at_address` is the partner's own sign-in page, `strongly` asks for two factors now.

    Raises ProviderUnreachable.
    """
    values = sign_on.second_factor_values if strongly else []
    if sign_on.is_saml:
        asked = saml.begin(saml_provider(sign_on, at_address), contexts=values, again=strongly)
        return Departure(url=asked.url, kept={"request": asked.id})
    acr = " ".join(values) if sign_on.second_factor_claim == SecondFactorClaim.ACR else ""
    request = openid.begin(openid_provider(sign_on, at_address), hint=hint, acr_values=acr, again=strongly)
    return Departure(
        url=request.url, kept={"state": request.state, "nonce": request.nonce, "verifier": request.verifier}
    )


def arrive(sign_on: SingleSignOn, answer: Mapping[str, str], kept: Mapping[str, str], *, at_address: str) -> Identity:
    """Who came back by OpenID Connect. Raises AnswerRefused and ProviderUnreachable."""
    provider = openid_provider(sign_on, at_address)
    return openid.finish(provider, answer, nonce=kept["nonce"], verifier=kept["verifier"])


def receive(sign_on: SingleSignOn, encoded: str, *, at_address: str, at: datetime) -> str:
    """Keep what a posted SAML answer says; returns the ticket by which the browser collects it.

    Raises AnswerRefused.
    """
    answer = saml.read(saml_provider(sign_on, at_address), encoded, at=at)
    if not answer.in_response_to and not sign_on.accepts_unasked:
        raise AnswerRefused("nobody asked")
    ticket = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            SignOnAnswer.objects.create(
                sign_on=sign_on,
                assertion=answer.id,
                in_response_to=answer.in_response_to,
                identity=packed(answer.identity),
                ticket_digest=digest_of(ticket),
                received_at=at,
                ends_at=answer.ends_at,
            )
    except IntegrityError as error:
        raise AnswerRefused("the assertion was used before") from error
    return ticket


def collect(sign_on: SingleSignOn, ticket: str, kept: Mapping[str, str], *, at: datetime) -> Identity:
    """What an answer said, once, to the browser that asked. Raises AnswerRefused."""
    waiting = SignOnAnswer.objects.filter(
        sign_on=sign_on, ticket_digest=digest_of(ticket), collected_at=None, ends_at__gt=at
    )
    answer = waiting.first()
    if answer is None or answer.in_response_to not in ("", kept.get("request", "")):
        raise AnswerRefused("the answer belongs to another browser")
    if not answer.in_response_to and not sign_on.accepts_unasked:
        raise AnswerRefused("nobody asked")
    if not waiting.update(collected_at=at, identity=""):
        raise AnswerRefused("the answer was collected before")
    return unpacked(answer.identity or "")


def forget_answers(*, at: datetime) -> int:
    """Remove assertions that have run out by themselves; how many there were."""
    return SignOnAnswer.objects.filter(ends_at__lte=at).delete()[0]


def description(sign_on: SingleSignOn, *, at_address: str) -> bytes:
    """Our SAML metadata for this partner."""
    return saml.metadata(saml_provider(sign_on, at_address))


def openid_provider(sign_on: SingleSignOn, at_address: str) -> openid.Provider:
    return openid.Provider(
        issuer=sign_on.issuer,
        client_id=sign_on.client_id,
        client_secret=sign_on.client_secret or "",
        scopes=sign_on.scopes or "openid",
        redirect_uri=f"{at_address}callback/",
        claims=claims_of(sign_on, openid.NAMES, second_factor=sign_on.second_factor_claim),
    )


def saml_provider(sign_on: SingleSignOn, at_address: str) -> saml.Provider:
    return saml.Provider(
        issuer=sign_on.issuer,
        sign_in_url=sign_on.sign_in_url,
        certificates=PEM.findall(sign_on.certificates),
        name=f"{at_address}metadata/",
        address=f"{at_address}acs/",
        key=sign_on.signing_key or "",
        certificate=sign_on.signing_certificate,
        next_certificate=sign_on.next_certificate,
        claims=claims_of(sign_on, saml.NAMES, second_factor=""),
    )


def claims_of(sign_on: SingleSignOn, usual: Claims, *, second_factor: str) -> Claims:
    """The partner's own names of claims, and the usual ones where it gave none."""
    return Claims(
        subject=sign_on.subject_claim or usual.subject,
        email=sign_on.email_claim or usual.email,
        name=sign_on.name_claim or usual.name,
        roles=sign_on.roles_claim or usual.roles,
        second_factor=second_factor or usual.second_factor,
        second_factor_values=frozenset(sign_on.second_factor_values),
    )


def packed(identity: Identity) -> str:
    return json.dumps(dataclasses.asdict(identity) | {"roles": sorted(identity.roles)})


def unpacked(text: str) -> Identity:
    told: dict[str, Any] = json.loads(text)
    return Identity(**(told | {"roles": frozenset(told["roles"])}))
