"""The mailbox of development: whole mails, harmless pages, and answers that go the way of real ones."""

import email
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from interactions.enums import Event
from notifications.domain import deliveries
from notifications.transports import mailbox
from notifications.transports.email import EmailTransport
from tests.notifications.conftest import NOON, Office

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    """An empty mailbox in use."""
    settings.VAR_DIR = tmp_path
    settings.EMAIL_BACKEND = "notifications.transports.mailbox.EmailBackend"
    return tmp_path / "mail"


def send(subject: str = "Hello", *, to: str = "paul@example.org", html: str = "<p>Hi</p>", **headers: str) -> str:
    """Send a mail; returns its name in the mailbox."""
    message = EmailMultiAlternatives(subject, "Hi", "Desk <desk@example.org>", [to], headers=headers)
    message.attach_alternative(html, "text/html")
    message.send()
    return next(mailbox.newest()).name


def test_mails_are_listed_newest_first_and_found_by_address_and_subject(kept: Path, client: Client) -> None:
    send("First", to="paul@example.org")
    send("Second", to="grace@example.org")

    page = client.get("/dev/mail/").content.decode()
    assert page.index("Second") < page.index("First")
    assert "First" not in client.get("/dev/mail/", {"q": "GRACE@"}).content.decode()
    assert "Second" not in client.get("/dev/mail/", {"q": "first"}).content.decode()
    assert "No such mail" in client.get("/dev/mail/", {"q": "nobody"}).content.decode()


def test_an_empty_mailbox_says_so(kept: Path, client: Client) -> None:
    assert "No mail yet" in client.get("/dev/mail/").content.decode()


def test_a_mail_is_shown_with_its_headers_and_its_text(kept: Path, client: Client) -> None:
    name = send("Größe 4711", **{"Reply-To": "reply+1@example.org", "X-BPIM-Loop": "7"})

    page = client.get(f"/dev/mail/{name}/").content.decode()

    assert "Größe 4711" in page
    assert "reply+1@example.org" in page
    assert "X-BPIM-Loop" in page
    assert client.get(f"/dev/mail/{name}/raw/").content == (kept / f"{name}.eml").read_bytes()


def test_what_is_in_a_mail_cannot_reach_the_page(kept: Path, client: Client) -> None:
    name = send(HOSTILE, html=f"{HOSTILE}<p style='color: red'>Hi</p>")

    page = client.get(f"/dev/mail/{name}/")
    frame = client.get(f"/dev/mail/{name}/html/")

    assert HOSTILE not in page.content.decode()
    assert 'sandbox title="' in page.content.decode()
    assert "unsafe" not in page["Content-Security-Policy"]
    assert HOSTILE in frame.content.decode()
    policy_of_frame = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy_of_frame
    assert "script-src" not in policy_of_frame
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["nothing", "1-2-3", "..", "%2e%2e%2fdemo", "1\x00", "٣"])
def test_a_name_that_is_none_is_not_found(kept: Path, client: Client, name: str) -> None:
    (kept.parent / "demo.eml").write_text("secret")

    for part in ["", "html/", "raw/"]:
        assert client.get(f"/dev/mail/{name}/{part}").status_code == 404


def test_outside_development_there_is_no_mailbox(kept: Path, client: Client, settings: Settings) -> None:
    name = send()
    settings.DEVELOPMENT = False

    for path in ["/dev/mail/", f"/dev/mail/{name}/", f"/dev/mail/{name}/html/", f"/dev/mail/{name}/raw/"]:
        assert client.get(path).status_code == 404
    assert client.post(f"/dev/mail/{name}/answer/", {"text": "x"}).status_code == 404


def test_a_mail_half_written_is_not_seen(kept: Path, client: Client) -> None:
    kept.mkdir()
    (kept / "00000000000000000001-1-1.part").write_bytes(b"Subject: half")

    assert "half" not in client.get("/dev/mail/").content.decode()


class Listener:
    """Stands for the mail listener: keeps what is handed in."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def listener(settings: Settings) -> Iterator[Listener]:
    listener = Listener()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.MAIL_LISTEN_HOST, settings.MAIL_LISTEN_PORT = "127.0.0.1", port
    controller: Any = Controller(listener, hostname="127.0.0.1", port=port)
    controller.start()
    yield listener
    controller.stop()


def test_an_answer_goes_to_the_listener_as_a_mail_program_would_send_it(
    kept: Path, client: Client, listener: Listener
) -> None:
    headers = {"Reply-To": "reply+1.abc@mail.example.org", "Message-ID": "<one@mail.example.org>"}
    name = send("[BPI-0000001] Which number?", **headers)

    answer = client.post(f"/dev/mail/{name}/answer/", {"text": "It is 4711."}, follow=True)

    assert "Your answer is on its way" in answer.content.decode()
    ((recipients, mail),) = listener.mails
    assert recipients == ["reply+1.abc@mail.example.org"]
    assert mail["From"] == "paul@example.org"
    assert mail["Subject"] == "Re: [BPI-0000001] Which number?"
    assert mail["In-Reply-To"] == "<one@mail.example.org>"
    assert mail.get_content().splitlines()[:2] == ["It is 4711.", ""]
    assert "> Hi" in mail.get_content()


def test_an_answer_without_words_or_listener_is_kept_in_the_form(
    kept: Path, client: Client, settings: Settings
) -> None:
    name = send()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.MAIL_LISTEN_HOST, settings.MAIL_LISTEN_PORT = "127.0.0.1", free.getsockname()[1]

    assert client.post(f"/dev/mail/{name}/answer/", {"text": " "}).status_code == 422
    refused = client.post(f"/dev/mail/{name}/answer/", {"text": "It is 4711."})

    assert refused.status_code == 502
    assert "It is 4711." in refused.content.decode()
    assert "did not take it" in refused.content.decode()


def test_a_notice_is_read_in_the_mailbox(kept: Path, office: Office, client: Client) -> None:
    office.happens(Event.RESOLVED)
    office.tell()
    deliveries.send_all(NOON, EmailTransport())

    page = client.get("/dev/mail/", {"q": office.paul.email}).content.decode()

    assert f"[{office.interaction.number}] Please confirm" in page
