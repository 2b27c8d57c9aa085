"""Holding a row: nobody else changes it until the transaction ends."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def hold(rows: QuerySet[Row], pk: int) -> Row:
    """The row with what `rows` joins, locked and then read; raises DoesNotExist.

    In one statement PostgreSQL would check the join again with the rows it had joined before it waited: a row whose
    foreign key another transaction changed meanwhile would seem to be gone, or to point at nothing. The lock leaves the
    key alone, since foreign keys of others are checked at their commit and would wait for us while we wait for them.
    """
    rows.model._base_manager.select_for_update(no_key=True).only("pk").get(pk=pk)
    return rows.get(pk=pk)
