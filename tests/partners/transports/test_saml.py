"""SAML answers: one that is honest, and every way to forge, stretch, wrap or poison one."""

import base64
import copy
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Words

from partners.transports import saml
from partners.transports.identities import AnswerRefused, Identity
from partners.transports.saml import Provider
from tests.factories.identity_provider import NAMESPACES, Assertion, asked_in, key_pair, pem, saml_answer

ISSUER = "https://login.acme.example"
ADDRESS = "https://partners.example.org/account/company/acme/acs/"
US = "https://partners.example.org/account/company/acme/metadata/"
EMAIL, MFA = saml.NAMES.email, "https://refeds.org/profile/mfa"
PAUL = {EMAIL: ["paul@acme.example"], saml.NAMES.name: ["Paul Acheson"], "roles": ["sales", "billing"]}


def set_up(**fields: Any) -> Provider:
    key, certificate = key_pair("us")
    given: dict[str, Any] = {
        "issuer": ISSUER,
        "sign_in_url": f"{ISSUER}/saml/sign-in",
        "certificates": [key_pair("next")[1], key_pair("provider")[1]],
        "name": US,
        "address": ADDRESS,
        "key": pem(key),
        "certificate": certificate,
        "claims": dataclasses.replace(saml.NAMES, second_factor_values=frozenset({MFA})),
    }
    return Provider(**(given | fields))


def said(**lies: Any) -> str:
    told = Assertion(**({"attributes": PAUL} | lies))
    return saml_answer(told, issuer=ISSUER, audience=US, address=ADDRESS, request_id="asked-1")


def read(answer: str) -> saml.Answer:
    return saml.read(set_up(), answer, at=datetime.now(UTC))


def changed(answer: str, change: Callable[[Any], None]) -> str:
    document = etree.fromstring(base64.b64decode(answer))
    change(document)
    return base64.b64encode(etree.tostring(document)).decode()


def assertion_in(document: Any) -> Any:
    return document.find("saml:Assertion", NAMESPACES)


@pytest.mark.parametrize("signs", ["assertion", "message"])
def test_a_person_is_who_the_assertion_says(signs: str) -> None:
    answer = read(said(signs=signs))

    assert answer.in_response_to == "asked-1"
    assert answer.identity == Identity(
        subject="paul-1", email="paul@acme.example", name="Paul Acheson", roles=frozenset({"sales", "billing"})
    )


def test_an_address_may_be_the_name_itself() -> None:
    answer = read(said(subject="paul@acme.example", subject_format=Words.NAMEID_EMAIL_ADDRESS, attributes={}))

    assert answer.identity.email == "paul@acme.example"


def test_two_factors_are_what_the_agreed_class_says() -> None:
    assert read(said(context=MFA)).identity.has_second_factor
    assert not read(said()).identity.has_second_factor


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"signs": "nothing"}, "No Signature"),
        ({"signing_key": "mallory"}, "Signature validation failed"),
        ({"algorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}, "Deprecated signature"),
        ({"issuer": "https://elsewhere.example"}, "Invalid issuer"),
        ({"audience": "https://elsewhere.example"}, "not a valid audience"),
        ({"audience": None}, "not for us"),
        ({"recipient": "https://elsewhere.example"}, "SubjectConfirmation"),
        ({"recipient": f"{ADDRESS}more/"}, "not made for this address"),
        ({"recipient": None}, "not made for this address"),
        ({"destination": "https://elsewhere.example"}, "received at"),
        ({"ends_in": timedelta(minutes=-10)}, "expired"),
        ({"ends_in": None}, "not made for this address and this time"),
        ({"message_in_response_to": None}, "different questions"),
        ({"subject_format": Words.NAMEID_TRANSIENT}, "a new name each time"),
        ({"subject": "x" * 300}, "no usable way"),
        ({"subject": ""}, "cannot be read"),
    ],
)
def test_an_assertion_that_lies_is_refused(lie: dict[str, Any], why: str) -> None:
    with pytest.raises(AnswerRefused, match=why):
        read(said(**lie))


def test_an_expired_answer_is_refused_at_that_very_moment() -> None:
    with pytest.raises(AnswerRefused, match="this time"):
        saml.read(set_up(), said(), at=datetime.now(UTC) + timedelta(minutes=6))


def test_an_answer_that_nobody_asked_for_says_so() -> None:
    assert read(said(in_response_to=None)).in_response_to == ""


def test_a_failure_at_the_provider_is_no_sign_in() -> None:
    def fail(document: Any) -> None:
        document.find(".//samlp:StatusCode", NAMESPACES).set("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")

    with pytest.raises(AnswerRefused, match="Responder"):
        read(changed(said(), fail))


def rename(document: Any) -> None:
    """Another person in the signed text."""
    document.find(".//saml:NameID", NAMESPACES).text = "rosa-1"


def wrap_beside(document: Any) -> None:
    """The forged assertion first, the signed one behind it."""
    forged = copy.deepcopy(assertion_in(document))
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    rename(forged)
    forged.set("ID", "forged")
    assertion_in(document).addprevious(forged)


def wrap_inside(document: Any) -> None:
    """The signed assertion hidden in its own signature, the forged one in its place."""
    genuine = assertion_in(document)
    forged = copy.deepcopy(genuine)
    rename(forged)
    forged.set("ID", "forged")
    document.replace(genuine, forged)
    signature = forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    holder = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
    genuine.remove(genuine.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    holder.append(genuine)


def wrap_in_extensions(document: Any) -> None:
    """The signed assertion in the message's extensions, with the forged one where it is read."""
    genuine = assertion_in(document)
    forged = copy.deepcopy(genuine)
    rename(forged)
    forged.set("ID", "forged")
    document.replace(genuine, forged)
    extensions = etree.Element(f"{{{NAMESPACES['samlp']}}}Extensions")
    document.insert(1, extensions)
    extensions.append(genuine)


def wrap_under_one_id(document: Any) -> None:
    """The forged message has the id of the signed assertion."""
    document.set("ID", assertion_in(document).get("ID"))


def drop_signature(document: Any) -> None:
    genuine = assertion_in(document)
    genuine.remove(genuine.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))


@pytest.mark.parametrize(
    "attack", [rename, wrap_beside, wrap_inside, wrap_in_extensions, wrap_under_one_id, drop_signature]
)
def test_what_the_signature_does_not_cover_is_not_believed(attack: Callable[[Any], None]) -> None:
    with pytest.raises(AnswerRefused):
        read(changed(said(), attack))


def test_a_comment_shortens_no_name() -> None:
    """A signature does not see comments: the name must be read past them."""
    answer = said(subject="paul@acme.example.mallory.example")
    xml = base64.b64decode(answer).replace(b"paul@acme.example.mallory", b"paul@acme.example<!-- -->.mallory")

    found = read(base64.b64encode(xml).decode())

    assert found.identity.subject == "paul@acme.example.mallory.example"


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))


@pytest.mark.parametrize(
    "poison",
    [
        b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>',
        b'<!DOCTYPE r SYSTEM "http://169.254.169.254/"><r/>',
        f"<!DOCTYPE r [{BOMB}]><r>&e9;</r>".encode(),
        b"<r>" * 20_000,
        b"\xff\xfe\x00\x01",
        b"",
        b"\x00",
        b"no XML",
        b"<a/>",
        b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>',
    ],
)
def test_poison_is_refused_before_it_works(poison: bytes) -> None:
    with pytest.raises(AnswerRefused):
        read(base64.b64encode(poison).decode())


@pytest.mark.parametrize("encoded", ["", "%%%", "Zm9v" * 200_000, "é", "\x00"])
def test_what_is_no_answer_at_all_is_refused(encoded: str) -> None:
    with pytest.raises(AnswerRefused):
        read(encoded)


def test_a_doctype_around_a_genuine_answer_is_refused() -> None:
    xml = b"<!DOCTYPE samlp:Response>" + base64.b64decode(said())

    with pytest.raises(AnswerRefused, match="DTDForbidden"):
        read(base64.b64encode(xml).decode())


def test_a_question_is_signed_and_names_where_the_answer_belongs() -> None:
    request = saml.begin(set_up(), contexts=[MFA], again=True)

    query = dict(parse_qsl(urlsplit(request.url).query))
    assert request.url.startswith(f"{ISSUER}/saml/sign-in?")
    assert query["SigAlg"].endswith("rsa-sha256")
    assert query["Signature"]
    assert asked_in(query) == {"id": request.id, "address": ADDRESS, "issuer": US}


def test_partners_get_a_description_of_us_to_load() -> None:
    described = etree.fromstring(saml.metadata(set_up()))

    assert described.get("entityID") == US
    assert ADDRESS in etree.tostring(described).decode()
