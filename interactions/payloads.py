"""What any channel hands in, and what it gets back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from interactions.enums import Direction, ItemKind, Visibility
from partners.enums import Channel, Priority


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as received: its name as told (never trusted as a path), type as told, and bytes.

    `content_id` is what the text of a mail calls an image that it shows.
    """

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """One thing that is ordered; `reference` is what another system calls it."""

    what: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    reference: str = ""
    requested_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Intake:
    """One thing that came in or goes out over one channel, before we know what it becomes.

    `external_id` with `channel` and `scope` makes a second delivery of the same thing harmless.
    `reply_to` names the interaction that this continues, where the channel can prove it.
    `may_be_incomplete` lets somebody fill in later what the type needs, whatever the channel.
    `readers` are colleagues, by user id, with whom it is shared where `visibility` says so.
    `sender` is an address as the channel knows it: an e-mail address, a phone number, a device.
    """

    channel: Channel
    direction: Direction
    subject: str
    text: str
    happened_at: datetime
    ended_at: datetime | None = None
    kind: ItemKind = ItemKind.REQUEST
    external_id: str = ""
    scope: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: int | None = None
    type_code: str = ""
    partner_id: int | None = None
    role_id: int | None = None
    priority: Priority = Priority.NORMAL
    values: Mapping[str, Any] = field(default_factory=dict)
    quoted_text: str = ""
    lines: Sequence[NewLine] = ()
    files: Sequence[File] = ()
    original: File | None = None
    recipients: Sequence[str] = ()
    is_closed_at_once: bool = False
    resolution: str = ""
    may_be_incomplete: bool = False
    visibility: Visibility = Visibility.COMPANY
    readers: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail as read from its bytes: decoded, bounded, nothing yet believed.

    `message_id` is without angle brackets; when the mail has none it is `sha256-…` of the bytes.
    `sender` is the first author (the From header), or who handed the mail in when it names none; `authors` are all.
    `recipients` are the envelope's first, then To and Cc; `in_reply_to` is In-Reply-To, then References, nearest first.
    `text` is the new part only; `full_text` includes what was quoted.
    """

    message_id: str
    sender: str
    sender_name: str
    envelope_sender: str
    recipients: Sequence[str]
    subject: str
    text: str
    full_text: str
    sent_at: datetime | None
    in_reply_to: Sequence[str]
    is_automatic: bool
    automatic_reason: str
    files: Sequence[File]
    original: File
    authors: Sequence[str] = ()
