"""Search indexes that take many rows at once: their words wait in a list and are sorted in together."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

INDEXES = ("interaction_words", "item_words")
WAITING_KB = 64 * 1024  # of words, before they are sorted in: in a portion of rows the same words come again and again


@contextmanager
def in_bulk() -> Iterator[None]:
    """As long as this lasts; then the indexes are as before, and the planner knows what is in the tables.

    Only the owner of the tables can do this; where nothing is known of him the rows go in one by one.
    """
    if "owner" not in settings.DATABASES:
        yield
        return
    with connections["owner"].cursor() as cursor:
        for index in INDEXES:
            cursor.execute(f"ALTER INDEX {index} SET (fastupdate = on, gin_pending_list_limit = {WAITING_KB})")
    try:
        yield
    finally:
        with connections["owner"].cursor() as cursor:
            for index in INDEXES:
                cursor.execute(f"ALTER INDEX {index} SET (fastupdate = off)")
                cursor.execute(f"ALTER INDEX {index} RESET (gin_pending_list_limit)")
                cursor.execute("SELECT gin_clean_pending_list(%s)", [index])
            cursor.execute("ANALYZE")
