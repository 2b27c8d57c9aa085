"""The way out, against a real SMTP server that takes, refuses, hangs up or is not there."""

import email
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from interactions.enums import Event
from notifications.domain import deliveries
from notifications.enums import DeliveryState
from notifications.errors import TransportDown
from notifications.models import Delivery
from notifications.payloads import Letter
from notifications.transports.email import EmailTransport
from tests.notifications.conftest import NOON, Office

ANSWERS = {
    "full@example.org": "452 4.2.2 Mailbox full",
    "gone@example.org": "550 5.1.1 No such mailbox",
}


class Inbox:
    """Takes mails as a partner's server would."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.peers: set[Any] = set()

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == "rude@example.org":
            assert server.transport is not None
            server.transport.close()
        if address not in ANSWERS:
            envelope.rcpt_tos.append(address)
        return ANSWERS.get(address, "250 OK")

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if b"SPAM" in envelope.content:
            return "554 5.7.1 Rejected as spam"
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.peers.add(session.peer)
        return "250 OK"


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    inbox = Inbox()
    controller: Any = Controller(inbox, hostname="127.0.0.1", port=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield inbox
    controller.stop()


def a_letter(recipient: str = "paul@example.org", *, key: int = 1, **fields: Any) -> Letter:
    given = {"sender": "Desk <desk@example.org>", "subject": "Hello", "text": "Grüße", "html": "<p>Grüße</p>"}
    return Letter(key=key, recipient=recipient, **(given | fields))


def test_a_letter_arrives_as_it_was_written(inbox: Inbox) -> None:
    letter = a_letter(subject="Größe 4711", headers={"Message-ID": "<1@x>", "Reply-To": "reply+1@example.org"})

    (outcome,) = EmailTransport().send([letter])

    assert not outcome.error
    (mail,) = inbox.mails
    assert mail["Subject"] == "Größe 4711"
    assert mail["Message-ID"] == "<1@x>"
    assert mail["Reply-To"] == "reply+1@example.org"
    text, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "Grüße"
    assert html.get_content().strip() == "<p>Grüße</p>"


def test_a_batch_uses_one_connection(inbox: Inbox) -> None:
    EmailTransport().send([a_letter(key=number) for number in range(5)])

    assert len(inbox.mails) == 5
    assert len(inbox.peers) == 1


def test_each_refusal_is_told_apart_and_harms_nobody_else(inbox: Inbox) -> None:
    letters = [
        a_letter("full@example.org", key=1),
        a_letter("gone@example.org", key=2),
        a_letter(key=3, text="SPAM"),
        a_letter("rude@example.org", key=4),
        a_letter("", key=5),
        a_letter(key=6, subject="Two\nlines"),
        a_letter(key=7),
    ]

    outcomes = {outcome.key: outcome for outcome in EmailTransport().send(letters)}

    assert outcomes[1].error == "452 4.2.2 Mailbox full"
    assert [outcomes[key].is_final for key in range(1, 8)] == [False, True, True, False, True, True, False]
    assert "550 5.1.1 No such mailbox" in outcomes[2].error
    assert "SMTPServerDisconnected" in outcomes[4].error
    assert not outcomes[7].error
    assert len(inbox.mails) == 1


def test_a_server_that_is_not_there_is_told_as_such(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free.getsockname()[1]

    with pytest.raises(TransportDown, match="refused"):
        EmailTransport().send([a_letter()])


def test_a_notice_reaches_a_real_mailbox_and_a_dead_one_is_given_up(office: Office, inbox: Inbox) -> None:
    office.petra.email = "gone@example.org"
    office.petra.save(update_fields=["email"])
    office.happens(Event.RESOLVED)
    office.tell()

    assert deliveries.send_all(NOON, EmailTransport()) == 1

    (mail,) = inbox.mails
    assert mail["To"] == office.paul.email
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"].startswith(f"reply+{office.interaction.pk}.")
    dead = Delivery.objects.dead().get()
    assert (dead.address, dead.state) == ("gone@example.org", DeliveryState.FAILED)
    assert "No such mailbox" in dead.error
