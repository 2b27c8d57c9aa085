"""Is the record complete and unchanged? The whole of it, or one stream, in the database or in an export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from partners.domain import chain, checkpoints, record
from partners.domain.chain import Head, Sealed
from partners.domain.moment import one_moment
from partners.errors import RecordBroken
from partners.models import RecordStream


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was found whole; `promised` counts the streams whose heads a signed checkpoint confirms."""

    streams: int
    entries: int
    promised: int


def verify(*, stream: str | None = None, folder: Path, public_key: bytes | None) -> Verified:
    """Check chains against their heads, and all that was ever promised in checkpoints; raises RecordBroken.

    `folder` holds the exported checkpoints and `public_key` is the installation's; without it no checkpoint can be
    trusted, and finding one is a fault.
    """
    promised = promises(folder, public_key)  # before the rest: what is signed meanwhile is longer than what is read
    if stream is not None:
        promised = {name: head for name, head in promised.items() if name == stream}
    with one_moment():
        known = RecordStream.objects.filter(length__gt=0).values_list("name", "length", "digest")
        heads = {
            name: Head(stream=name, length=length, digest=bytes(digest))
            for name, length, digest in known
            if stream is None or name == stream
        }
        return verify_entries(record.entries_in_order(stream), heads=heads, promised=promised)


def verify_entries(entries: Iterable[Sealed], *, heads: dict[str, Head], promised: dict[str, Head]) -> Verified:
    """Check entries in order against `heads` (what each stream should end in) and what checkpoints `promised`."""
    seen: dict[str, Head] = {}
    counted = 0
    for head in chain.check(keep_promises(entries, promised)):
        expected = heads.get(head.stream)
        if expected is None:
            raise RecordBroken(head.stream, head.length, "belongs to a stream that has no head")
        if (expected.length, expected.digest) != (head.length, head.digest):
            raise RecordBroken(head.stream, head.length, f"is the last one found, but the head says {expected.length}")
        seen[head.stream] = head
        counted += head.length
    for name, expected in heads.items():
        if name not in seen:
            raise RecordBroken(name, 1, f"is missing; the head says {expected.length}")
    check_lengths(seen, promised)
    return Verified(streams=len(seen), entries=counted, promised=len(promised))


def promises(folder: Path, public_key: bytes | None) -> dict[str, Head]:
    if not any(folder.glob("checkpoint-*.json")):
        return {}
    if public_key is None:
        raise RecordBroken("checkpoint", 1, "cannot be trusted: the installation's public key is missing")
    return checkpoints.promised_heads(checkpoints.exported(folder), public_key)


def keep_promises(entries: Iterable[Sealed], promised: dict[str, Head]) -> Iterator[Sealed]:
    """Pass entries on; raises RecordBroken at one that differs from what a checkpoint signed at its place."""
    for entry in entries:
        head = promised.get(entry.stream)
        if head and head.length == entry.sequence and head.digest != entry.digest:
            raise RecordBroken(entry.stream, entry.sequence, "is not the entry that a checkpoint signed")
        yield entry


def check_lengths(seen: dict[str, Head], promised: dict[str, Head]) -> None:
    """Raise RecordBroken for a stream that is shorter than a checkpoint says: its tail was cut, or a backup is old."""
    for name, head in promised.items():
        length = seen[name].length if name in seen else 0
        if length < head.length:
            raise RecordBroken(name, length + 1, f"is missing; a checkpoint signed {head.length} entries")
