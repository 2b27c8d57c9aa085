"""Mails as other programs send them."""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from django.conf import settings

from interactions.channels import reply_address
from interactions.models import Interaction

DESK = "desk@mail.example.org"


def a_mail(
    text: str = "Our line is down since this morning.",
    *,
    sender: str = "Paul Acheson <paul.acheson@example.org>",
    to: str = DESK,
    subject: str = "Line down",
    message_id: str = "",
    files: list[tuple[str, bytes]] | None = None,
    **headers: str,
) -> bytes:
    """A mail as bytes; `headers` are written with underscores for hyphens."""
    mail = EmailMessage()
    given: dict[str, Any] = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": message_id or make_msgid(domain="example.org"),
        "Date": "Mon, 01 Jun 2026 09:00:00 +0000",
    }
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        mail[name] = value
    mail.set_content(text)
    for name, content in files or []:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def reply_address_of(interaction: Interaction) -> str:
    return reply_address.make(interaction.pk, settings.REPLY_SECRET.encode(), settings.MAIL_DOMAIN)


def notice_id_of(interaction: Interaction) -> str:
    """The Message-ID of a notice about the interaction, in angle brackets."""
    return reply_address.make_message_id(interaction.pk, 1, settings.REPLY_SECRET.encode(), settings.MAIL_DOMAIN)
