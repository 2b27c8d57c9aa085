"""One request sent twice has one effect: its key and answer are kept together with what it did."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from partners.errors import KeyInFlight, KeyReused
from partners.models import IdempotencyKey

KEPT_FOR = timedelta(days=7)

# plain statements, since two of them belong to every write over the API
CLAIM = """
    SELECT pg_try_advisory_xact_lock(%s), kept.fingerprint, kept.status, kept.headers, kept.body
    FROM (SELECT) AS always LEFT JOIN partners_idempotencykey AS kept ON kept.caller = %s AND kept.key = %s
"""
KEEP = """
    INSERT INTO partners_idempotencykey (caller, key, fingerprint, status, headers, body, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, now()) ON CONFLICT (caller, key) DO NOTHING
"""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it was given; `body` is its exact text."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def claim(caller: str, key: str, fingerprint: bytes) -> Answer | None:
    """The answer given before, or None when the caller is to act now, in the same transaction.

    A claim needs no row: it is a lock that ends with the transaction, so a crash frees the key by itself.
    Raises KeyInFlight and KeyReused.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [lock_number(caller, key), caller, key])
        is_ours, *kept = cursor.fetchone()
    if kept[0] is None:
        # what its last holder committed a moment before we got the lock may be missed here: `keep` will find it
        if not is_ours:
            raise KeyInFlight
        return None
    given, status, headers, body = kept
    if bytes(given) != fingerprint:
        raise KeyReused
    return Answer(status=status, body=json.loads(body), headers=json.loads(headers))


def keep(caller: str, key: str, fingerprint: bytes, answer: Answer) -> None:
    """Keep the answer to a claimed key; raises KeyInFlight when somebody else was first after all."""
    headers, body = json.dumps(dict(answer.headers)), json.dumps(answer.body)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [caller, key, fingerprint, answer.status, headers, body])
        if not cursor.rowcount:
            raise KeyInFlight


def forget(*, before: datetime) -> int:
    """Remove answers given before a moment; how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=before).delete()[0]


def lock_number(caller: str, key: str) -> int:
    """The caller's key as a signed 64-bit number, which is what PostgreSQL's advisory locks take."""
    digest = hashlib.sha256(f"idempotency\n{caller}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
