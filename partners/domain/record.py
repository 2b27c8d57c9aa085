"""The track record: every fact is appended to a chain, together with the change it tells of, or not at all."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from partners.domain import chain
from partners.domain.chain import Head, Sealed
from partners.models import RecordEntry
from partners.payloads import Fact

INSTALLATION = "installation"

LOCK_HEADS = """
    INSERT INTO partners_recordstream (name, length, digest, checkpointed_length)
    SELECT name, 0, %s, 0 FROM unnest(%s::text[]) AS name
    ON CONFLICT (name) DO UPDATE SET length = partners_recordstream.length
    RETURNING name, length, digest
"""

COLUMNS = (
    *("stream", "sequence", "partner_id", "event", "at", "channel", "actor_kind", "actor_id", "actor_role"),
    *("actor_level", "actor_client", "behalf_of_id", "facts", "texts", "text_digests", "previous", "digest"),
)
# one statement instead of three, since every change of anything ends here
STORE = """
    WITH entry AS (
        INSERT INTO partners_recordentry ({columns}) VALUES {entries} RETURNING id, stream, sequence
    ), head AS (
        INSERT INTO partners_recordstream (name, length, digest, checkpointed_length) VALUES {heads}
        ON CONFLICT (name) DO UPDATE SET length = excluded.length, digest = excluded.digest
    ), told AS (
        INSERT INTO partners_outboxmessage (entry_id, attempts, error, is_dead)
        SELECT id, 0, '', false FROM entry WHERE {told} ORDER BY id
    )
    SELECT id, stream, sequence FROM entry
"""


def append(fact: Fact) -> RecordEntry:
    """Append one fact; see `append_all`."""
    return append_all([fact])[0]


def begin(fact: Fact) -> RecordEntry:
    """Append the first fact of a stream that nobody else can know of yet: its head needs no lock."""
    return append_after({fact.stream: Head(stream=fact.stream, length=0, digest=chain.GENESIS)}, [fact])[0]


@transaction.atomic(savepoint=False)
def append_all(facts: Sequence[Fact]) -> list[RecordEntry]:
    """Append facts to the ends of their streams, and queue those that are not quiet for the relay.

    The heads stay locked until the caller's transaction ends, and are locked in the order of their names, so that
    two writers never wait for each other in a circle.
    """
    return append_after(lock_heads(sorted({fact.stream for fact in facts})), facts)


@transaction.atomic(savepoint=False)
def append_after(heads: dict[str, Head], facts: Sequence[Fact]) -> list[RecordEntry]:
    """Append facts to streams whose heads are held; see `append_all`."""
    if not facts:
        return []
    entries = []
    for fact in facts:
        entry = follow(heads[fact.stream], fact)
        heads[fact.stream] = Head(stream=fact.stream, length=entry.sequence, digest=bytes(entry.digest))
        entries.append(entry)
    store(entries, heads.values(), told=[not fact.quiet for fact in facts])
    return entries


def lock_heads(streams: Sequence[str]) -> dict[str, Head]:
    """Lock the heads of streams, made first where they are new."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_HEADS, [chain.GENESIS, list(streams)])
        return {
            name: Head(stream=name, length=length, digest=bytes(digest)) for name, length, digest in cursor.fetchall()
        }


def store(entries: Sequence[RecordEntry], heads: Iterable[Head], *, told: Sequence[bool]) -> None:
    """Write entries, the heads of their streams, and the outbox rows of those that are `told`, in one statement."""
    rows = [entry_row(entry) for entry in entries]
    tips = [[head.stream, head.length, head.digest] for head in heads]
    outgoing = [[entry.stream, entry.sequence] for entry, is_told in zip(entries, told, strict=True) if is_told]
    statement = STORE.format(
        columns=", ".join(COLUMNS),
        entries=places(rows),
        heads=places([[*tip, 0] for tip in tips]),
        told=f"(stream, sequence) IN ({places(outgoing)})" if outgoing else "false",
    )
    given = [value for row in [*rows, *([*tip, 0] for tip in tips), *outgoing] for value in row]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        numbers = {(stream, sequence): number for number, stream, sequence in cursor.fetchall()}
    for entry in entries:
        entry.pk = numbers[entry.stream, entry.sequence]


def places(rows: Sequence[Sequence[Any]]) -> str:
    return ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)


def entry_row(entry: RecordEntry) -> list[Any]:
    """An entry's columns as COLUMNS names them; structures as JSON text."""
    values = [getattr(entry, column) for column in COLUMNS]
    return [json.dumps(value) if isinstance(value, dict) else value for value in values]


def follow(head: Head, fact: Fact) -> RecordEntry:
    """The entry that comes after `head`, sealed but not yet stored."""
    texts = {"actor": fact.actor.label, **fact.texts}
    entry = RecordEntry(
        stream=fact.stream,
        sequence=head.length + 1,
        partner_id=fact.partner_id,
        event=fact.event,
        at=fact.at,
        channel=fact.channel or "",
        actor_kind=fact.actor.kind,
        actor_id=fact.actor.user_id,
        actor_role=fact.actor.role,
        actor_level=fact.actor.level,
        actor_client=fact.actor.client_id,
        behalf_of_id=fact.actor.behalf_of_id,
        facts=dict(fact.facts),
        texts={name: {"salt": secrets.token_hex(16), "text": text} for name, text in texts.items() if text},
        previous=head.digest,
    )
    entry.text_digests = {name: chain.text_digest(**sealed) for name, sealed in entry.texts.items()}
    entry.digest = chain.digest_of(head.digest, document_of(entry))
    return entry


def document_of(entry: RecordEntry) -> dict[str, Any]:
    """What of an entry is hashed; every column but the texts themselves and the transaction that wrote it."""
    return {
        "stream": entry.stream,
        "sequence": entry.sequence,
        "partner": entry.partner_id,
        "event": entry.event,
        "at": chain.moment(entry.at),
        "channel": str(entry.channel),
        "actor": {
            "kind": str(entry.actor_kind),
            "id": entry.actor_id,
            "role": entry.actor_role,
            "level": int(entry.actor_level),
            "client": entry.actor_client,
            "behalf_of": entry.behalf_of_id,
        },
        "facts": entry.facts,
        "texts": entry.text_digests,
    }


def sealed(entry: RecordEntry) -> Sealed:
    """An entry as the checks of a chain read it."""
    return Sealed(
        document=document_of(entry), texts=entry.texts, previous=bytes(entry.previous), digest=bytes(entry.digest)
    )


def entries_in_order(stream: str | None = None) -> Iterator[Sealed]:
    """All entries, or one stream's, by stream and sequence, read in portions."""
    entries = RecordEntry.objects.order_by("stream", "sequence")
    if stream is not None:
        entries = entries.filter(stream=stream)
    return (sealed(entry) for entry in entries.iterator(chunk_size=2000))
