"""Following the record as it grows: nothing is missed and nothing told twice, however many write at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# Below the oldest transaction that still runs everything is decided: "id > last" would pass over what commits later.
NEXT = """
    SELECT transaction_id, id, stream, event, partner_id, actor_id
    FROM partners_recordentry
    WHERE (transaction_id, id) > (%s, %s) AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY transaction_id, id LIMIT %s
"""
HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
MOST = 1000


@dataclass(frozen=True, order=True)
class Place:
    """How far somebody has read: everything up to this entry, by transaction and id."""

    transaction_id: int
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class Told:
    """That something was recorded, without what it says."""

    place: Place
    stream: str
    event: str
    partner_id: int | None
    actor_id: int | None


def here() -> Place:
    """The place from which everything that is still to be decided lies ahead."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        (horizon,) = cursor.fetchone()
    return Place(horizon, 0)


def after(place: Place, *, most: int = MOST) -> Sequence[Told]:
    """The next entries in the order in which they were decided."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [place.transaction_id, place.entry_id, most])
        return [
            Told(place=Place(transaction, pk), stream=stream, event=event, partner_id=partner, actor_id=actor)
            for transaction, pk, stream, event, partner, actor in cursor.fetchall()
        ]
