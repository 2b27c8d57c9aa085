"""Is the record of one matter complete and unchanged? Answered while one looks, with a proof to take along."""

import json
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from partners.domain import chain, exports, fence, record
from partners.domain.chain import Sealed
from partners.enums import ActorKind
from partners.errors import RecordBroken
from partners.models import Checkpoint, RecordStream

logger = logging.getLogger(__name__)

Disclosed = Mapping[str, Collection[str]]
THEIRS = {ActorKind.PARTNER, ActorKind.MACHINE}


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What was found: `fault` is empty when every entry is there and as it was written.

    Up to `signed` entries are confirmed by a signed statement that lies outside of the database; `signed_at` is when
    the last statement of all was made.
    """

    stream: str
    length: int
    digest: str
    signed: int
    signed_at: datetime | None = None
    fault: str = ""


@transaction.atomic
@fence.standing_for(fence.ENTERPRISE)  # what a partner may not read is a link of the chain all the same
def check(stream: str) -> Seal | None:
    """Look at every entry of a stream and at its end; None for one without entries."""
    # locked: nothing is appended between looking at the end and at what leads to it
    head = RecordStream.objects.select_for_update(no_key=True).filter(name=stream).first()
    if head is None:
        return None
    fault = ""
    try:
        found = list(chain.check(record.entries_in_order(stream)))
        if [(one.length, one.digest) for one in found] != [(head.length, bytes(head.digest))]:
            fault = str(RecordBroken(stream, head.length, "is not the last entry that is there"))
    except RecordBroken as broken:
        fault = str(broken)
    if fault:
        logger.error("The record of %s is broken: %s", stream, fault)
    last = Checkpoint.objects.order_by("-number").only("at").first()
    return Seal(
        stream=stream,
        length=head.length,
        digest=bytes(head.digest).hex(),
        signed=min(head.checkpointed_length, head.length),
        signed_at=last.at if last else None,
        fault=fault,
    )


def proof(stream: str) -> Iterator[str]:
    """The entries of a stream as lines of JSON: each with its digest, the one before it, and the salts of its texts."""
    for entry in record.entries_in_order(stream):
        yield json.dumps(exports.as_json(entry), ensure_ascii=False) + "\n"


@fence.standing_for(fence.ENTERPRISE)  # the same
def own_proof(stream: str, disclosed: Disclosed) -> list[str]:
    """The same lines for a partner; the last one is the end of the chain as we hold it.

    `disclosed` names the events that it may read, each with those of its texts. Of any other entry the line keeps the
    two digests alone: the chain can be followed through it, and nothing is told.
    """
    head = RecordStream.objects.get(name=stream)
    lines = [told(entry, disclosed) for entry in record.entries_in_order(stream)]
    end = {"end": {"stream": stream, "length": head.length, "digest": bytes(head.digest).hex()}}
    return [json.dumps(line, ensure_ascii=False) + "\n" for line in [*lines, end]]


def told(entry: Sealed, disclosed: Disclosed) -> dict[str, Any]:
    names = disclosed.get(entry.document["event"])
    if names is None:
        return {"withheld": entry.sequence, "previous": entry.previous.hex(), "digest": entry.digest.hex()}
    known = {*names, *(["actor"] if entry.document["actor"]["kind"] in THEIRS else [])}
    whole = exports.as_json(entry)
    return {**whole, "texts": {name: text for name, text in whole["texts"].items() if name in known}}
