"""SAML 2.0, the side that asks: signed requests by redirect, signed answers by post.

python3-saml reads the XML and checks signatures, wrapping, schema, issuer and times; what it leaves optional is
demanded here: exactly this recipient and audience, an end of validity, and the question that is answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import xmlsec
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Words
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from partners.transports.identities import AnswerRefused, Claims, Identity

NAMES = Claims(
    email="urn:oid:0.9.2342.19200300.100.1.3",
    name="urn:oid:2.16.840.1.113730.3.1.241",
    roles="roles",
)
# what the toolkit and its libraries raise over a document that is not as it should be
UNREADABLE = (
    *(OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, xmlsec.Error, etree.LxmlError),
    *(ValueError, TypeError, LookupError, AttributeError),
)
LONGEST_ANSWER = 400_000  # characters of base64
LONGEST_SUBJECT = 255
ASSERTION = "/samlp:Response/saml:Assertion"
CONFIRMATIONS = f"{ASSERTION}/saml:Subject/saml:SubjectConfirmation[@Method='{Words.CM_BEARER}']"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A partner's provider; `address` is where answers arrive, `name` how we are called there (entity id)."""

    issuer: str
    sign_in_url: str
    certificates: Sequence[str]
    name: str
    address: str
    key: str
    certificate: str
    claims: Claims
    next_certificate: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A sign-in on its way: the id that the answer must name, and where the browser is sent."""

    id: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An assertion that verifies: whose, in answer to what (nothing, when nobody asked), and until when it counts."""

    id: str
    in_response_to: str
    ends_at: datetime
    identity: Identity


def begin(provider: Provider, *, contexts: Sequence[str] = (), again: bool = False) -> Request:
    """Where the browser goes; `contexts` are the classes of authentication that would do."""
    toolkit = OneLogin_Saml2_Auth(place_of(provider.address), settings_of(provider, contexts))
    url = toolkit.login(return_to="", force_authn=again)
    return Request(id=toolkit.get_last_request_id(), url=url)


def metadata(provider: Provider) -> bytes:
    """What the partner's administrators load into their provider."""
    described = OneLogin_Saml2_Settings(settings_of(provider), sp_validation_only=True)
    content = described.get_sp_metadata()
    return content.encode() if isinstance(content, str) else bytes(content)


def read(provider: Provider, encoded: str, *, at: datetime) -> Answer:
    """What a posted answer says. Raises AnswerRefused."""
    if not encoded or len(encoded) > LONGEST_ANSWER:
        raise AnswerRefused("the answer is missing or too long")
    try:
        return checked(provider, OneLogin_Saml2_Response(OneLogin_Saml2_Settings(settings_of(provider)), encoded), at)
    except UNREADABLE as error:
        raise AnswerRefused(f"the answer cannot be read: {type(error).__name__}: {str(error)[:150]}") from error


def checked(provider: Provider, response: OneLogin_Saml2_Response, at: datetime) -> Answer:
    response.is_valid(place_of(provider.address), raise_exceptions=True)
    document = response.get_xml_document()
    refuse_repeated_ids(document)
    asked, ends_at = confirmed(document, provider.address, at=at)
    if provider.name not in texts(document, f"{ASSERTION}/saml:Conditions/saml:AudienceRestriction/saml:Audience"):
        raise AnswerRefused("the assertion is not for us")
    return Answer(
        id=response.get_assertion_id() or "",
        in_response_to=asked,
        ends_at=ends_at,
        identity=identity(provider.claims, response, document),
    )


def refuse_repeated_ids(document: Any) -> None:
    """A signature names what it covers by id: an id that is there twice would cover something else."""
    ids = document.xpath("//@ID | //@Id | //@id")
    if len(ids) != len(set(ids)):
        raise AnswerRefused("an id stands twice in the answer")


def confirmed(document: Any, address: str, *, at: datetime) -> tuple[str, datetime]:
    """The question that is answered and the end of validity, by the one confirmation that must be there."""
    for found in document.xpath(f"{CONFIRMATIONS}/saml:SubjectConfirmationData", namespaces=Words.NSMAP):
        ends_at = moment(found.get("NotOnOrAfter"))
        if found.get("Recipient") != address or ends_at is None or ends_at <= at:
            continue
        asked = found.get("InResponseTo") or ""
        if asked != (document.get("InResponseTo") or ""):
            raise AnswerRefused("the answer and its assertion answer different questions")
        return asked, ends_at
    raise AnswerRefused("the assertion was not made for this address and this time")


def identity(names: Claims, response: OneLogin_Saml2_Response, document: Any) -> Identity:
    attributes = {**response.get_friendlyname_attributes(), **response.get_attributes()}
    named, form = response.get_nameid() or "", response.get_nameid_format() or ""
    subject = first(attributes, names.subject) if names.subject else named
    if form == Words.NAMEID_TRANSIENT and not names.subject:
        raise AnswerRefused("the provider gives the person a new name each time")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise AnswerRefused("the provider names the person in no usable way")
    contexts = texts(document, f"{ASSERTION}/saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef")
    return Identity(
        subject=subject,
        email=first(attributes, names.email) or (named if form == Words.NAMEID_EMAIL_ADDRESS else ""),
        name=first(attributes, names.name),
        roles=frozenset(word for word in attributes.get(names.roles, []) if isinstance(word, str)),
        has_second_factor=bool(contexts & names.second_factor_values),
    )


def first(attributes: Mapping[str, Sequence[object]], name: str) -> str:
    return next((value for value in attributes.get(name, ()) if isinstance(value, str)), "")


def texts(document: Any, path: str) -> frozenset[str]:
    return frozenset(str(node.xpath("string()")).strip() for node in document.xpath(path, namespaces=Words.NSMAP))


def moment(told: str | None) -> datetime | None:
    return datetime.fromtimestamp(OneLogin_Saml2_Utils.parse_SAML_to_time(told), tz=UTC) if told else None


def place_of(address: str) -> dict[str, Any]:
    """The address that the toolkit compares with: ours as it is published, not as a request names it."""
    parts = urlsplit(address)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {},
    }


def settings_of(provider: Provider, contexts: Sequence[str] = ()) -> dict[str, Any]:
    """Strict, whatever the toolkit's defaults: signed with today's algorithms, encrypted where the provider does so."""
    return {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": provider.name,
            "assertionConsumerService": {"url": provider.address, "binding": Words.BINDING_HTTP_POST},
            "NameIDFormat": Words.NAMEID_PERSISTENT,
            "x509cert": provider.certificate,
            "privateKey": provider.key,
            "x509certNew": provider.next_certificate,
        },
        "idp": {
            "entityId": provider.issuer,
            "singleSignOnService": {"url": provider.sign_in_url, "binding": Words.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": list(provider.certificates)},
        },
        "security": {
            "authnRequestsSigned": True,
            "signMetadata": False,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": list(contexts) or False,
            "failOnAuthnContextMismatch": False,
            "signatureAlgorithm": Words.RSA_SHA256,
            "digestAlgorithm": Words.SHA256,
            "allowSingleLabelDomains": True,
        },
    }
