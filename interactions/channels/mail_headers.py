"""The headers of a mail, each bounded and decoded; a header that breaks the parser is read as plain text."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime
from typing import Any

from interactions.channels import charsets, text

MOST_SUBJECT = 500
MOST_NAME = 200
MOST_ADDRESS = 254
MOST_ADDRESSES = 500

_MOST_VALUE = 20_000
# the standard library's parser of structured headers takes time with the square of their length
_MOST_STRUCTURED = 5_000
_MOST_CONTENT = 2_000  # each part has these, and each is read several times
_MOST_REPEATED = 3
_UNSTRUCTURED = ("references", "in-reply-to", "subject", "received", "dkim-signature")

_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\W_](?:[\w.-]{0,250}[^\W_])?")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
_BARE_MESSAGE_ID = re.compile(r"[^<>\s@]{1,120}@[^<>\s@]{1,120}")


class BoundedPolicy(EmailPolicy):
    """The default policy of the standard library, made safe for hostile headers."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value as they came, cut, with raw 8-bit text decoded."""
        name, value = super().header_source_parse(sourcelines)
        if name.lower() == "references":
            return name, value[-_MOST_VALUE:]  # the newest message is named last
        if name.lower().startswith("content-"):
            return name, value[:_MOST_CONTENT]
        return name, _decode_raw(value[: _MOST_VALUE if name.lower() in _UNSTRUCTURED else _MOST_STRUCTURED])

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The parsed header, or its plain text where the parser gives up."""
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # noqa: BLE001  the parser raises whatever it stumbles over, RecursionError included
            return text.flatten(str(value), most=_MOST_STRUCTURED)


def _decode_raw(value: str) -> str:
    """Bytes beyond ASCII are kept by the parser as lone surrogates."""
    try:
        value.encode("ascii")
    except UnicodeEncodeError:
        return charsets.decode(value.encode("utf-8", "surrogateescape"))
    return value


def raw(message: EmailMessage, name: str) -> list[str]:
    """Every value of a header as it came."""
    return [str(value) for key, value in message.raw_items() if key.lower() == name]


def first(message: EmailMessage, name: str) -> str:
    """The first value of a header on one line, or nothing."""
    return text.flatten(next(iter(raw(message, name)), ""), most=_MOST_STRUCTURED)


def subject(message: EmailMessage) -> str:
    """The subject on one line, at most 500 characters."""
    return text.flatten(decode_words(next(iter(raw(message, "subject")), "")), most=MOST_SUBJECT)


def decode_words(value: str) -> str:
    """Encoded words to text; a character split between two words is put together again."""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", value)
    try:
        chunks = decode_header(unfolded)
    except (HeaderParseError, ValueError):
        return unfolded
    return "".join(
        chunk if isinstance(chunk, str) else charsets.decode(_as_bytes(chunk, charset), charset or "")
        for chunk, charset in chunks
    )


def _as_bytes(chunk: bytes, charset: str | None) -> bytes:
    """Text between encoded words comes escaped by the standard library, and may be beyond ASCII already."""
    if charset is None:
        return chunk.decode("raw-unicode-escape", "replace").encode("utf-8", "replace")
    return chunk


def addresses(message: EmailMessage, name: str) -> list[tuple[str, str]]:
    """(address in lower case, display name) of every valid address in a header."""
    found = []
    for value in _values(message, name):
        for mailbox in _attempt(lambda value=value: value.addresses, ()):  # type: ignore[misc]
            address = clean_address(_attempt(lambda mailbox=mailbox: mailbox.addr_spec, ""))  # type: ignore[misc]
            if address:
                found.append((address, _display_name(str(mailbox.display_name or ""), address)))
    return found[:MOST_ADDRESSES]


def _values(message: EmailMessage, name: str) -> list[Any]:
    """The first few parsed headers of a name; one is allowed, and parsing hundreds would take minutes."""
    return [message.policy.header_fetch_parse(name, value) for value in raw(message, name)[:_MOST_REPEATED]]


def _attempt(read: Callable[[], Any], otherwise: Any) -> Any:
    """Parsed headers compute some of their attributes late, and raise then."""
    try:
        return read()
    except Exception:  # noqa: BLE001  as in header_fetch_parse: whatever the parser stumbles over
        return otherwise


def clean_address(address: str) -> str:
    """The address in lower case, or nothing when it is none."""
    address = text.flatten(address, most=MOST_ADDRESS + 1).strip("<> ").lower().rstrip(".")
    return address if len(address) <= MOST_ADDRESS and _ADDRESS.fullmatch(address) else ""


def _display_name(name: str, address: str) -> str:
    """A name that shows another address than the real one is not a name but a disguise: it is dropped."""
    name = text.flatten(decode_words(name), most=MOST_NAME).strip("\"' ")
    return "" if "@" in name and name.lower() != address else name


def sent_at(message: EmailMessage, received_at: datetime) -> datetime | None:
    """When the sender says it was sent, where that can be true: after 1990 and not a day in the future."""
    try:
        moment = parsedate_to_datetime(first(message, "date"))
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.year < 1990 or moment > received_at + timedelta(days=1):
        return None
    return moment


def message_id(message: EmailMessage) -> str:
    """The first message id without its brackets, or nothing."""
    value = first(message, "message-id")
    found = _MESSAGE_ID.search(value)
    if found:
        return found.group(1)
    return value if _BARE_MESSAGE_ID.fullmatch(value) else ""


def references(message: EmailMessage) -> list[str]:
    """The messages that this one answers, the nearest first, at most 100, without brackets."""
    answered = [found for value in raw(message, "in-reply-to") for found in _MESSAGE_ID.findall(value)]
    earlier = [found for value in raw(message, "references") for found in _MESSAGE_ID.findall(value)]
    return unique(text.flatten(found, most=250) for found in [*answered, *reversed(earlier)])[:100]


def unique(names: Iterable[str]) -> list[str]:
    """Each non-empty one once, in order."""
    return [name for name in dict.fromkeys(names) if name]


def recipients(message: EmailMessage, envelope: Sequence[str]) -> list[str]:
    """Whom the envelope names, then whom the headers name, at most 500."""
    named = [address for name in ("to", "cc") for address, _ in addresses(message, name)]
    return unique([*(clean_address(address) for address in envelope), *named])[:MOST_ADDRESSES]
