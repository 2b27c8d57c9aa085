"""Partners' systems that take webhooks: a real HTTP server of this machine, which answers what a test wants."""

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db.models.functions import Now
from django.utils import timezone

from notifications.domain import posting, relay, subscriptions
from notifications.domain.subscriptions import Issued
from notifications.enums import Medium
from notifications.models import Delivery, Subscription
from notifications.transports.webhook import WebhookTransport
from partners.models import Partner
from partners.payloads import SYSTEM
from tests.factories.world import a_role

PATIENCE = 30


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Answers each path with the code that stands for it, else 200; a path in `hangs` waits until something arrives
    elsewhere, and one in `endless` is answered without an end."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b"thank you"
    endless: set[str] = field(default_factory=set)
    hangs: set[str] = field(default_factory=set)
    arrived: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str) -> list[Taken]:
        return [one for one in self.taken if one.path == path]

    def events(self, path: str = "/hook") -> list[str]:
        return [one.event["eventType"].removeprefix("PartyInteraction").removesuffix("Event") for one in self.at(path)]

    def take(self, taken: Taken) -> int:
        self.taken.append(taken)
        if taken.path in self.hangs:
            self.arrived.wait(PATIENCE)
        else:
            self.arrived.set()
        return self.codes.get(taken.path, 200)


@contextmanager
def a_receiver(*, certificate: Path | None = None) -> Iterator[Receiver]:
    """With a certificate (and its key in the same file) it speaks HTTPS."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(Taken(path=self.path, headers=headers, body=body)))
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            if self.path in receiver.endless:
                self.end_headers()
                with suppress(ConnectionError):
                    while True:
                        self.wfile.write(receiver.content * 4096)
                return
            self.send_header("Content-Length", str(len(receiver.content)))
            self.end_headers()
            self.wfile.write(receiver.content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.url = receiver.url.replace("http:", "https:")
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.arrived.set()
        server.shutdown()
        server.server_close()


def a_certificate(folder: Path, host: str) -> Path:
    """A certificate that vouches for itself, with its key, for one name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / f"{host}.pem"
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return file


def a_subscription(partner: Partner, callback: str, query: str = "", **given: Any) -> Issued:
    """An endpoint in the partner's first role."""
    role = partner.roles.select_related("kind").order_by("id").first() or a_role(partner, "wholesaler")
    return subscriptions.add(role, callback, query=query, **{"actor": SYSTEM, "at": timezone.now(), **given})


def webhooks() -> Any:
    """What was made for endpoints, the oldest first."""
    return Delivery.objects.filter(medium=Medium.WEBHOOK).order_by("pk")


def run(*, is_due: bool = False) -> int:
    """Relay and post everything, also what waits for its next try where that `is_due`; how many arrived."""
    relay.relay_all(timezone.now())
    if is_due:
        Delivery.objects.unsent().update(next_at=Now() - timedelta(seconds=1))
        Subscription.objects.update(held_until=None)
    return posting.post_all(timezone.now(), WebhookTransport())
