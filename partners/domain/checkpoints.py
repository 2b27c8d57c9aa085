"""A chain does not see its own cut tail: signed statements about all stream heads are kept outside the database."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import connection, transaction
from django.db.models import F

from partners.domain import chain
from partners.domain.chain import Head
from partners.errors import RecordBroken
from partners.models import Checkpoint, RecordStream

HEADS_AT_ONCE = 20_000
ONE_AT_A_TIME = 0x42504D01  # the advisory lock of checkpointing


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The installation's key; made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


@transaction.atomic
def take(key: Ed25519PrivateKey, *, at: datetime) -> Checkpoint | None:
    """Sign the heads that changed since the last checkpoint, at most HEADS_AT_ONCE of them; None when none did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    changed = list(RecordStream.objects.filter(length__gt=F("checkpointed_length")).order_by("name")[:HEADS_AT_ONCE])
    if not changed:
        return None
    last = Checkpoint.objects.order_by("-number").first()
    heads = [[stream.name, stream.length, bytes(stream.digest).hex()] for stream in changed]
    checkpoint = Checkpoint(
        number=last.number + 1 if last else 1,
        at=at,
        heads=heads,
        root=root_over(heads),
        previous=digest_of(last) if last else chain.GENESIS,
        public_key=key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
    )
    checkpoint.signature = key.sign(statement(checkpoint))
    checkpoint.save(force_insert=True)
    RecordStream.objects.bulk_create(
        [RecordStream(name=s.name, length=s.length, digest=s.digest, checkpointed_length=s.length) for s in changed],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["checkpointed_length"],
    )
    return checkpoint


def catch_up(key: Ed25519PrivateKey, folder: Path, *, at: datetime) -> int:
    """Take checkpoints until every head is signed, then export; returns the number of files written."""
    while take(key, at=at):
        pass
    return export(folder)


def root_over(heads: list[list[Any]]) -> bytes:
    return chain.merkle_root([rfc8785.dumps(head) for head in heads])


def statement(checkpoint: Checkpoint) -> bytes:
    """The signed bytes."""
    return rfc8785.dumps(
        {
            "number": checkpoint.number,
            "at": chain.moment(checkpoint.at),
            "heads": len(checkpoint.heads),
            "root": bytes(checkpoint.root).hex(),
            "previous": bytes(checkpoint.previous).hex(),
        }
    )


def digest_of(checkpoint: Checkpoint) -> bytes:
    return hashlib.sha256(statement(checkpoint)).digest()


def export(folder: Path) -> int:
    """Write every checkpoint that has no file yet; a file is never written twice. Returns how many were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {int(path.stem.split("-")[1]) for path in folder.glob("checkpoint-*.json")}
    missing = Checkpoint.objects.exclude(number__in=written).order_by("number")
    for checkpoint in missing.iterator(chunk_size=10):
        path = folder / f"checkpoint-{checkpoint.number:09d}.json"
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(rfc8785.dumps(as_json(checkpoint)))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    return len(missing)


def as_json(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "number": checkpoint.number,
        "at": chain.moment(checkpoint.at),
        "heads": checkpoint.heads,
        "root": bytes(checkpoint.root).hex(),
        "previous": bytes(checkpoint.previous).hex(),
        "signature": bytes(checkpoint.signature).hex(),
        "public_key": bytes(checkpoint.public_key).hex(),
    }


def from_json(document: Mapping[str, Any]) -> Checkpoint:
    """A checkpoint read back from its file; not stored."""
    return Checkpoint(
        number=document["number"],
        at=datetime.fromisoformat(document["at"]),
        heads=document["heads"],
        root=bytes.fromhex(document["root"]),
        previous=bytes.fromhex(document["previous"]),
        signature=bytes.fromhex(document["signature"]),
        public_key=bytes.fromhex(document["public_key"]),
    )


def exported(folder: Path) -> Iterator[Checkpoint]:
    """The checkpoints in a folder, in order; raises RecordBroken when a file cannot be read."""
    for path in sorted(folder.glob("checkpoint-*.json")):
        try:
            yield from_json(json.loads(path.read_bytes()))
        except (ValueError, KeyError, TypeError) as problem:
            raise RecordBroken(path.name, 0, f"cannot be read: {problem}") from problem


def promised_heads(checkpoints: Iterator[Checkpoint], public_key: bytes) -> dict[str, Head]:
    """The last head signed for each stream; raises RecordBroken at the first forged or missing checkpoint."""
    heads: dict[str, Head] = {}
    previous = chain.GENESIS
    for expected, checkpoint in enumerate(checkpoints, start=1):
        check(checkpoint, expected=expected, previous=previous, public_key=public_key)
        for name, length, digest in checkpoint.heads:
            heads[name] = Head(stream=name, length=length, digest=bytes.fromhex(digest))
        previous = digest_of(checkpoint)
    return heads


def check(checkpoint: Checkpoint, *, expected: int, previous: bytes, public_key: bytes) -> None:
    """Raise RecordBroken unless the checkpoint is the expected one, follows the one before and is signed by the key."""
    if checkpoint.number != expected:
        raise RecordBroken("checkpoint", expected, f"is missing; the next one found is {checkpoint.number}")
    if bytes(checkpoint.previous) != previous:
        raise RecordBroken("checkpoint", expected, "does not follow the checkpoint before it")
    if bytes(checkpoint.root) != root_over(checkpoint.heads):
        raise RecordBroken("checkpoint", expected, "has heads that its root does not cover")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes(checkpoint.signature), statement(checkpoint))
    except InvalidSignature as problem:
        raise RecordBroken("checkpoint", expected, "is not signed by the installation's key") from problem
