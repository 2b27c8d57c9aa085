"""The record as files: a proof that can be read and checked without this database."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from partners.domain import checkpoints, record
from partners.domain.chain import Head, Sealed
from partners.domain.moment import one_moment
from partners.domain.verification import Verified, promises, verify_entries
from partners.errors import RecordBroken
from partners.models import RecordStream

ENTRIES = "record.jsonl"
HEADS = "heads.json"


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def write(folder: Path, *, stream: str | None, checkpoint_folder: Path) -> int:
    """Write the record, or one stream of it, with its heads and all checkpoints; returns the number of entries."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(checkpoint_folder.glob("checkpoint-*.json")):  # first: later ones sign more than is read
        shutil.copy(path, folder / path.name)
    written = 0
    with one_moment(), (folder / ENTRIES).open("w", encoding="utf-8") as file:
        for entry in record.entries_in_order(stream):
            file.write(json.dumps(as_json(entry), ensure_ascii=False) + "\n")
            written += 1
        streams = RecordStream.objects.filter(length__gt=0).order_by("name")
        if stream is not None:
            streams = streams.filter(name=stream)
        heads = [[head.name, head.length, bytes(head.digest).hex()] for head in streams]
    (folder / HEADS).write_text(json.dumps({"stream": stream, "heads": heads}), encoding="utf-8")
    return written


def as_json(entry: Sealed) -> dict[str, Any]:
    return {
        "document": entry.document,
        "texts": entry.texts,
        "previous": entry.previous.hex(),
        "digest": entry.digest.hex(),
    }


def verify(folder: Path, *, public_key: bytes | None) -> Verified:
    """Check an export without any database; raises RecordBroken, also for a file that cannot be read."""
    try:
        told = json.loads((folder / HEADS).read_text(encoding="utf-8"))
        heads = {name: Head(stream=name, length=length, digest=bytes.fromhex(d)) for name, length, d in told["heads"]}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise RecordBroken(HEADS, 0, f"cannot be read: {problem}") from problem
    promised = promises(folder, public_key)
    if told["stream"] is not None:
        promised = {name: head for name, head in promised.items() if name == told["stream"]}
    return verify_entries(read(folder / ENTRIES), heads=heads, promised=promised)


def read(path: Path) -> Iterator[Sealed]:
    """The entries of an export, in order; raises RecordBroken at a line that cannot be read."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                told = json.loads(line)
                yield Sealed(
                    document=told["document"],
                    texts=told["texts"],
                    previous=bytes.fromhex(told["previous"]),
                    digest=bytes.fromhex(told["digest"]),
                )
            except (ValueError, KeyError, TypeError) as problem:
                raise RecordBroken(path.name, number, f"cannot be read: {problem}") from problem


def installation_key(path: Path) -> bytes | None:
    """The public half of the installation's key, or None where there is none yet."""
    return public_bytes(checkpoints.signing_key(path)) if path.exists() else None
