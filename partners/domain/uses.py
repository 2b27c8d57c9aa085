"""When a key was last used and from where: noted at most once a minute, and nobody waits for it."""

from datetime import datetime, timedelta

from django.db import connection

NOTED_EVERY = timedelta(minutes=1)

# skip_locked: of several requests at once one notes it, and the others do not wait for its transaction
NOTE = """
    UPDATE partners_credential SET last_used_at = %(at)s, last_used_from = %(address)s WHERE id = (
        SELECT id FROM partners_credential
        WHERE id = %(credential)s AND (last_used_at IS NULL OR last_used_at <= %(before)s)
        FOR NO KEY UPDATE SKIP LOCKED
    )
"""


def is_to_be_noted(last_used_at: datetime | None, *, at: datetime) -> bool:
    return last_used_at is None or last_used_at <= at - NOTED_EVERY


def note(credential_id: int, *, address: str | None, at: datetime) -> bool:
    """Whether it was noted here; somebody else may just have done so."""
    given = {"credential": credential_id, "address": address, "at": at, "before": at - NOTED_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, given)
        return bool(cursor.rowcount)
