"""How an entry of the record is hashed and a chain is checked; without a database, so a proof can be read anywhere."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from partners.domain import canonical
from partners.errors import RecordBroken

GENESIS = bytes(32)


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """An entry as it stands in a chain: what was hashed, with the personal texts beside it.

    `document` is the hashed JSON; its "texts" are {name: hex digest}. `texts` are {name: {"salt", "text"}}, and lack
    what has been erased.
    """

    document: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, str]]
    previous: bytes
    digest: bytes

    @property
    def stream(self) -> str:
        return str(self.document["stream"])

    @property
    def sequence(self) -> int:
        return int(self.document["sequence"])


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of one chain."""

    stream: str
    length: int
    digest: bytes


def moment(at: datetime) -> str:
    """The one spelling of a time in hashed documents: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def text_digest(salt: str, text: str) -> str:
    """What of a personal text enters the hash; without the salt nobody can guess the text from it."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def digest_of(previous: bytes, document: Mapping[str, Any]) -> bytes:
    """SHA-256 over the previous digest and the canonical JSON (RFC 8785) of the document."""
    return hashlib.sha256(previous + canonical.dumps(document)).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root of a Merkle tree as in RFC 6962: leaves and nodes are hashed with different prefixes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def check(entries: Iterable[Sealed]) -> Iterable[Head]:
    """Walk entries sorted by stream and sequence; yield each stream's head; raise RecordBroken at a fault."""
    head: Head | None = None
    for entry in entries:
        if head is not None and entry.stream != head.stream:
            yield head
            head = None
        length, last = (head.length, head.digest) if head else (0, GENESIS)
        check_entry(entry, length=length, last=last)
        head = Head(stream=entry.stream, length=entry.sequence, digest=entry.digest)
    if head is not None:
        yield head


def check_entry(entry: Sealed, *, length: int, last: bytes) -> None:
    """Raise RecordBroken unless the entry follows a chain of `length` entries that ends in `last`."""
    if entry.sequence != length + 1:
        raise RecordBroken(entry.stream, length + 1, f"is missing; the next entry found is {entry.sequence}")
    if entry.previous != last:
        raise RecordBroken(entry.stream, entry.sequence, "does not follow the entry before it")
    if entry.digest != digest_of(entry.previous, entry.document):
        raise RecordBroken(entry.stream, entry.sequence, "was changed: its digest does not match its content")
    for name, sealed in entry.texts.items():
        if entry.document["texts"].get(name) != text_digest(sealed["salt"], sealed["text"]):
            raise RecordBroken(entry.stream, entry.sequence, f"has a changed text “{name}”")
