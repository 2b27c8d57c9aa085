"""A company's identity provider, as honest or as hostile as a test wants it: OpenID Connect and SAML on one port.

Everything it will say next is an attribute; `claims` and `attributes` describe the person who is signed in there.
"""

import base64
import hashlib
import json
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT_ID, CLIENT_SECRET = "partner-desk", "secret-of-the-partner-desk"
SIGN_IN = "/sign-in"
SAML_SIGN_IN = "/saml/sign-in"
NAMESPACES = {"samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion"}


@cache
def key_pair(name: str) -> tuple[rsa.RSAPrivateKey, str]:
    """A private key and its certificate, made once for all tests of a process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return key, certificate.public_bytes(serialization.Encoding.PEM).decode()


def pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, *form).decode()


@dataclass
class Assertion:
    """What a SAML answer says next."""

    subject: str = "paul-1"
    subject_format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    attributes: dict[str, list[str]] = field(default_factory=dict)
    context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    issuer: str = ""
    audience: str | None = ""
    recipient: str | None = ""
    destination: str | None = ""
    in_response_to: str | None = ""
    message_in_response_to: str | None = ""
    ends_in: timedelta | None = timedelta(minutes=5)
    signing_key: str = "provider"
    signs: str = "assertion"
    algorithm: str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    id: str | None = None


@dataclass
class IdentityProvider:
    """What the next person is said to be, and every lie that may be told about it."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    signing_key: str = "provider"
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    assertion: Assertion = field(default_factory=Assertion)

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}{SIGN_IN}",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/person",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key_pair("provider")[0].public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "first", "use": "sig"}]}

    def consent(self, asked: Mapping[str, str]) -> str:
        """Where the browser is sent back to; the person is signed in already."""
        self.asked.append(dict(asked))
        code = uuid.uuid4().hex
        self.codes[code] = dict(asked)
        told = {"code": code, "state": asked["state"], "iss": self.url, **self.answer}
        return f"{asked['redirect_uri']}?{urlencode(told)}"

    def tokens(self, form: Mapping[str, str], authorization: str) -> dict[str, Any] | None:
        """One code, once, for who asked for it and knows the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or authorization != f"Basic {expected}"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return None
        return {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: Mapping[str, str]) -> str:
        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            **self.claims,
        }
        key: Any = "shared" * 8 if self.algorithm.startswith("HS") else key_pair(self.signing_key)[0]
        kept = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(kept, "" if self.algorithm == "none" else key, self.algorithm, headers={"kid": "first"})


def saml_answer(told: Assertion, *, issuer: str, audience: str, address: str, request_id: str) -> str:
    """A posted answer, in base64; an empty text in `told` stands for what an honest provider says."""
    xml = answer_xml(told, issuer=issuer, audience=audience, address=address, request_id=request_id)
    return base64.b64encode(signed(xml, told)).decode()


def answer_xml(told: Assertion, *, issuer: str, audience: str, address: str, request_id: str) -> bytes:
    now = datetime.now(UTC).replace(microsecond=0)
    asked = either(told.in_response_to, request_id)
    said = {
        "message": f"r{uuid.uuid4().hex}",
        "assertion": told.id or f"a{uuid.uuid4().hex}",
        "now": stamp(now),
        "issuer": escape(told.issuer or issuer),
        "destination": attribute("Destination", either(told.destination, address)),
        "answers": attribute("InResponseTo", either(told.message_in_response_to, asked)),
        "asked": attribute("InResponseTo", asked),
        "recipient": attribute("Recipient", either(told.recipient, address)),
        "end": attribute("NotOnOrAfter", stamp(now + told.ends_in) if told.ends_in is not None else None),
        "format": told.subject_format,
        "subject": escape(told.subject),
        "audience": restriction(either(told.audience, audience)),
        "context": escape(told.context),
        "statement": statement(told.attributes),
    }
    return ANSWER.format(**said).encode()


ANSWER = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{message}" Version="2.0" IssueInstant="{now}"{destination}
{answers}>
<saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="{assertion}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{format}">{subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData{end}{recipient}{asked}/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{now}"{end}>{audience}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext>
<saml:AuthnContextClassRef>{context}</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement>{statement}</saml:Assertion></samlp:Response>"""


def either(said: str | None, honest: str | None) -> str | None:
    return honest if said == "" else said


def attribute(name: str, value: str | None) -> str:
    return f' {name}="{escape(value)}"' if value is not None else ""


def restriction(audience: str | None) -> str:
    return (
        f"<saml:AudienceRestriction><saml:Audience>{escape(audience)}</saml:Audience></saml:AudienceRestriction>"
        if audience is not None
        else ""
    )


def statement(told: Mapping[str, list[str]]) -> str:
    attributes = "".join(
        f'<saml:Attribute Name="{escape(name)}">'
        + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in told.items()
    )
    return f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>" if attributes else ""


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(xml: bytes, told: Assertion) -> bytes:
    """The assertion signed, or the whole message, or nothing."""
    key, certificate = key_pair(told.signing_key)
    if told.signs == "nothing":
        return xml
    document = etree.fromstring(xml)
    if told.signs == "assertion":
        inner = document.find("saml:Assertion", NAMESPACES)
        assert inner is not None
        sealed = OneLogin_Saml2_Utils.add_sign(
            etree.tostring(inner), pem(key), certificate, sign_algorithm=told.algorithm
        )
        document.replace(inner, etree.fromstring(sealed))
        return bytes(etree.tostring(document))
    sealed = OneLogin_Saml2_Utils.add_sign(xml, pem(key), certificate, sign_algorithm=told.algorithm)
    return sealed if isinstance(sealed, bytes) else str(sealed).encode()


def asked_in(query: Mapping[str, str]) -> dict[str, str]:
    """The id and address of a SAML request, from the query of a redirect."""
    xml = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"]), -15))
    issuer = xml.find("saml:Issuer", NAMESPACES)
    assert issuer is not None
    return {"id": xml.get("ID", ""), "address": xml.get("AssertionConsumerServiceURL", ""), "issuer": issuer.text or ""}


class Door(BaseHTTPRequestHandler):
    """The provider over HTTP."""

    provider: IdentityProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        pages: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self.provider.description,
            "/keys": self.provider.keys,
            "/person": lambda: self.provider.userinfo,
        }
        if parts.path in pages:
            self.reply(200, json.dumps(pages[parts.path]()), "application/json")
        elif parts.path == SIGN_IN:
            self.reply(302, "", "text/plain", {"Location": self.provider.consent(query)})
        elif parts.path == SAML_SIGN_IN:
            self.reply(200, self.posting(asked_in(query)), "text/html")
        else:
            self.reply(404, "", "text/plain")

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        tokens = self.provider.tokens(
            {name: values[0] for name, values in form.items()}, self.headers.get("Authorization", "")
        )
        self.reply(200 if tokens else 400, json.dumps(tokens or {"error": "invalid_grant"}), "application/json")

    def posting(self, asked: Mapping[str, str]) -> str:
        """The page that posts the answer by itself, as providers do."""
        answer = saml_answer(
            self.provider.assertion,
            issuer=self.provider.url,
            audience=asked["issuer"],
            address=asked["address"],
            request_id=asked["id"],
        )
        return (
            f'<form method="post" action="{escape(asked["address"])}"><input type="hidden" name="SAMLResponse"'
            f' value="{answer}"><button>Continue</button></form><script>document.forms[0].submit()</script>'
        )

    def reply(self, status: int, body: str, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


@contextmanager
def an_identity_provider() -> Iterator[IdentityProvider]:
    """A provider that answers on a port of its own until the test ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneDoor", (Door,), {}))
    provider = IdentityProvider(url=f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
