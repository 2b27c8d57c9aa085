"""Is the record of one matter complete and unchanged? Answered while one looks, with a proof to take along."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from partners.domain import chain, exports, record
from partners.errors import RecordBroken
from partners.models import RecordStream


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What was found: `fault` is empty when every entry is there and as it was written.

    Up to `signed` entries are confirmed by a signed statement that lies outside of the database.
    """

    stream: str
    length: int
    digest: str
    signed: int
    fault: str = ""


def check(stream: str) -> Seal | None:
    """Look at every entry of a stream and at its end; None for one without entries."""
    head = RecordStream.objects.filter(name=stream).first()
    if head is None:
        return None
    fault = ""
    try:
        found = list(chain.check(record.entries_in_order(stream)))
        if [(one.length, one.digest) for one in found] != [(head.length, bytes(head.digest))]:
            fault = str(RecordBroken(stream, head.length, "is not the last entry that is there"))
    except RecordBroken as broken:
        fault = str(broken)
    return Seal(
        stream=stream,
        length=head.length,
        digest=bytes(head.digest).hex(),
        signed=min(head.checkpointed_length, head.length),
        fault=fault,
    )


def proof(stream: str) -> Iterator[str]:
    """The entries of a stream as lines of JSON: each with its digest, the one before it, and the salts of its texts."""
    for entry in record.entries_in_order(stream):
        yield json.dumps(exports.as_json(entry), ensure_ascii=False) + "\n"
