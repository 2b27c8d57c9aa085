"""Holding a row: nobody else changes it until the transaction ends."""

from functools import cache
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def hold(rows: QuerySet[Row], pk: int) -> Row:
    """The row with what `rows` joins, locked and then read; raises DoesNotExist.

    In one statement PostgreSQL would check the join again with the rows it had joined before it waited: a row whose
    foreign key another transaction changed meanwhile would seem to be gone, or to point at nothing. The lock leaves the
    key alone, since foreign keys of others are checked at their commit and would wait for us while we wait for them.
    """
    with connection.cursor() as cursor:
        cursor.execute(lock_of(rows.model), [pk])
    return rows.get(pk=pk)


@cache
def lock_of(model: type[Model]) -> str:
    """The statement, written once: every change begins with it."""
    table, key = (connection.ops.quote_name(str(name)) for name in (model._meta.db_table, model._meta.pk.column))
    return f"SELECT FROM {table} WHERE {key} = %s FOR NO KEY UPDATE"
