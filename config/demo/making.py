"""The demo world as a whole: made once, in one transaction, from real verbs, and without a word to anybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from config.demo import accounts, delegation, history, sign_on, staff, strays, world
from partners.models import OutboxMessage, RecordEntry, User

STORIES = 400
ONE_AT_A_TIME = 0x42504D02  # the advisory lock of making it


def is_there() -> bool:
    email = f"{world.ADMINISTRATOR.lower().replace(' ', '.')}@{world.OWN_DOMAIN}"
    return User.objects.filter(email=email).exists()


def make(*, stories: int, now: datetime) -> bool:
    """Make the demo world; False when it was there already. Half of it is never seen, whatever happens."""
    with transaction.atomic(), without_savepoints():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if is_there():
            return False
        everybody = world.make(now=now)
        history.unfold(everybody, count=stories, now=now)
        strays.arrive(now=now)
        delegation.arrange(everybody, now=now)
        history.look_after_promises(now)
        staff.organise(everybody, now=now)
        sign_on.set_up(everybody, now=now)
        keep_quiet()
    return True


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Verbs inside verbs set savepoints, half of all statements; all or nothing needs none of them."""
    before = connection.features.uses_savepoints
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = before


def keep_quiet() -> int:
    """Take back what this transaction put into the outbox: nobody is to get mail about a past that was made up.

    The record entries stay, as of every other fact; only the queue to the relay is emptied, before anybody saw it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (this_transaction,) = cursor.fetchone()
    mine = RecordEntry.objects.filter(transaction_id=this_transaction)
    return OutboxMessage.objects.filter(entry__in=mine).delete()[0]


def tell_how_to_get_in(*, at: datetime) -> None:
    """Write demo.json if it is missing; machine secrets are known only when issued, so new ones are issued then."""
    if not accounts.file().exists():
        with transaction.atomic():
            description = accounts.describe(at=at)
        accounts.write(description)
