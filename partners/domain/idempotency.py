"""One request sent twice has one effect: its key and answer are kept together with what it did."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from partners.errors import KeyInFlight, KeyReused
from partners.models import IdempotencyKey

KEPT_FOR = timedelta(days=7)


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
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(caller, key)])
        if not cursor.fetchone()[0]:
            raise KeyInFlight
    # a second statement: only one begun after the lock sees what its last holder committed
    kept = IdempotencyKey.objects.filter(caller=caller, key=key).first()
    if kept is None:
        return None
    if bytes(kept.fingerprint) != fingerprint:
        raise KeyReused
    return Answer(status=kept.status, body=str(kept.body), headers=kept.headers)


def keep(caller: str, key: str, fingerprint: bytes, answer: Answer) -> None:
    """Keep the answer to a claimed key; raises KeyInFlight when somebody else was first after all."""
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                caller=caller,
                key=key,
                fingerprint=fingerprint,
                status=answer.status,
                headers=dict(answer.headers),
                body=answer.body,
            )
    except IntegrityError as error:
        raise KeyInFlight from error


def forget(*, before: datetime) -> int:
    """Remove answers given before a moment; how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=before).delete()[0]


def lock_number(caller: str, key: str) -> int:
    """The caller's key as a signed 64-bit number, which is what PostgreSQL's advisory locks take."""
    digest = hashlib.sha256(f"idempotency\n{caller}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
