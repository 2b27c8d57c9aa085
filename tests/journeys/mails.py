"""Mails as people outside read and write them."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from django.utils import timezone

DESK = "partner-desk@mail.example.org"


def kept(folder: Path) -> Iterator[EmailMessage]:
    """What the development mailbox holds, oldest first: names begin with the moment."""
    for path in sorted(folder.glob("*.eml")):
        yield read(path.read_bytes())


def read(content: bytes) -> EmailMessage:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def new(text: str, *, sender: str, subject: str, files: dict[str, bytes] | None = None) -> EmailMessage:
    """A mail to the desk out of nothing."""
    mail = addressed(sender=sender, to=DESK, subject=subject)
    mail.set_content(text)
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail


def reply_to(notice: EmailMessage, text: str, *, sender: str) -> EmailMessage:
    """An answer as a mail program with a web page writes it: new words above, the notice quoted beneath."""
    subject = str(notice["Subject"])
    mail = addressed(sender=sender, to=str(notice["Reply-To"]), subject=f"Re: {subject}")
    mail["In-Reply-To"] = str(notice["Message-ID"])
    mail["References"] = f"{notice['References'] or ''} {notice['Message-ID']}".strip()
    quoted = "\n".join(f"> {line}".rstrip() for line in plain(notice).splitlines())
    mail.set_content(f"{text}\n\nOn Mon, Jun 1, 2026 at 9:00 AM Partner Desk <{DESK}> wrote:\n\n{quoted}\n")
    return mail


def addressed(*, sender: str, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid(domain="partner.example.org")
    return mail
