"""A mail as bytes becomes words we can work with: decoded, bounded, nothing yet believed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import Policy
from typing import cast

from interactions.channels import automatic, mail_headers, mail_parts, quotation
from interactions.channels.mail_headers import BoundedPolicy
from interactions.enums import Direction, ItemKind
from interactions.errors import Unreadable
from interactions.payloads import File, Intake, Mail
from partners.enums import Channel

SCOPE = "email"

# 25 MB of base64 are about 350,000 lines; each line costs the parser some hundred bytes of memory
MOST_LINES = 450_000
_MOST_SUBJECT_FROM_TEXT = 120
_TELLING = ("from", "sender", "to", "subject", "date", "message-id", "received", "mime-version", "content-type")


def read(raw: bytes, *, envelope_sender: str, envelope_recipients: Sequence[str], received_at: datetime) -> Mail:
    """Raises `Unreadable` when nothing in it looks like a mail or when its structure is hostile."""
    message = parse(raw)
    why_automatic = automatic.reason(message, envelope_sender)
    subject = mail_headers.subject(message)
    full_text = mail_parts.body(message)
    authors = mail_headers.addresses(message, "from")
    sender, name = _sender(message, authors, envelope_sender)
    return Mail(
        message_id=mail_headers.message_id(message) or f"sha256-{hashlib.sha256(raw).hexdigest()}",
        sender=sender,
        sender_name=name,
        authors=tuple(mail_headers.unique(address for address, _ in authors)),
        envelope_sender=mail_headers.clean_address(envelope_sender),
        recipients=tuple(mail_headers.recipients(message, envelope_recipients)),
        subject=subject,
        text=quotation.new_part(full_text, subject=subject),
        full_text=full_text,
        sent_at=mail_headers.sent_at(message, received_at),
        in_reply_to=tuple(mail_headers.references(message)),
        is_automatic=bool(why_automatic),
        automatic_reason=why_automatic,
        files=tuple(mail_parts.files(message)),
        original=File(name="original.eml", content=raw, content_type="message/rfc822"),
    )


def to_intake(mail: Mail, *, received_at: datetime, reply_to: int | None = None) -> Intake:
    """`reply_to` is what the domain made of the reply address and the references; the mail itself proves nothing."""
    first_line = mail.text.split("\n", 1)[0].strip()
    return Intake(
        channel=Channel.EMAIL,
        direction=Direction.INBOUND,
        kind=ItemKind.REQUEST if reply_to is None else ItemKind.RESPONSE,
        subject=mail.subject or first_line[:_MOST_SUBJECT_FROM_TEXT],
        text=mail.text,
        happened_at=received_at,  # ours, not the Date header: promises are counted from it
        external_id=mail.message_id,
        scope=SCOPE,
        sender=mail.sender,
        sender_name=mail.sender_name,
        recipients=mail.recipients,
        reply_to=reply_to,
        files=mail.files,
        original=mail.original,
    )


def parse(raw: bytes) -> EmailMessage:
    if raw.count(b"\n") + raw.count(b"\r") > MOST_LINES * 2 or raw.count(b"\n") > MOST_LINES:
        raise Unreadable("This mail has too many lines.")
    try:
        policy = BoundedPolicy(message_factory=_PartCounter())
        message = cast("EmailMessage", BytesParser(policy=policy).parsebytes(raw))
    except Unreadable:
        raise
    except Exception as error:  # the parser raises many kinds of errors on broken mails, RecursionError included
        raise Unreadable("This mail is broken.") from error
    if not any(name.lower() in _TELLING for name in message):
        raise Unreadable("This is not a mail: it has none of the headers of one.")
    mail_parts.check_bounds(message)
    return message


class _PartCounter:
    """Makes the parts while the parser finds them, and stops it before a bomb is unfolded."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, policy: Policy | None = None) -> EmailMessage:
        self.made += 1
        if self.made > mail_parts.MOST_PARTS:
            raise Unreadable("This mail has too many parts.")
        return EmailMessage(policy)


def _sender(message: EmailMessage, authors: Sequence[tuple[str, str]], envelope_sender: str) -> tuple[str, str]:
    """The author; of several the one who sent it, as the Sender header tells; else who handed the mail in."""
    senders = mail_headers.addresses(message, "sender")
    named = [author for author in authors if author[0] in {address for address, _ in senders}]
    for candidate in (*named, *authors, *senders):
        return candidate
    return mail_headers.clean_address(envelope_sender), ""
