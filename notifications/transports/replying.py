"""Playing the partner's part in development: an answer to a kept mail, handed to the real listener over SMTP."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.utils import timezone

from notifications.errors import TransportDown
from notifications.transports.mailbox import Kept

PATIENCE = 10  # seconds


def answer_to(kept: Kept, text: str) -> EmailMessage:
    """A reply as a mail program writes it: to the reply address, in the thread, with the mail quoted beneath."""
    original = kept.mail
    body = original.get_body(["plain"])
    quoted = "\n".join(f"> {line}".rstrip() for line in body.get_content().splitlines()) if body else ""
    answer = EmailMessage()
    answer["From"] = kept.recipient
    answer["To"] = str(original["Reply-To"] or original["From"])
    answer["Subject"] = kept.subject if kept.subject.lower().startswith("re:") else f"Re: {kept.subject}"
    answer["Date"] = format_datetime(timezone.now())
    answer["Message-ID"] = make_msgid(domain="partner.example.org")
    if original["Message-ID"]:
        answer["In-Reply-To"] = str(original["Message-ID"])
        answer["References"] = " ".join([*str(original["References"] or "").split(), str(original["Message-ID"])])
    answer.set_content(f"{text.strip()}\n\nOn {original['Date']}, {original['From']} wrote:\n{quoted}\n")
    return answer


def hand_in(mail: EmailMessage) -> None:
    """Give a mail to the listener as another mail server would; raises TransportDown with what it said."""
    try:
        with smtplib.SMTP(settings.MAIL_LISTEN_HOST, settings.MAIL_LISTEN_PORT, timeout=PATIENCE) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise TransportDown(f"{settings.MAIL_LISTEN_HOST}:{settings.MAIL_LISTEN_PORT} {error}") from error
