"""Holding a row: nobody else changes it until the transaction ends."""

from collections.abc import Callable
from functools import cache
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import BigAutoField, Model, QuerySet

from partners.domain.written import Given, Written

Row = TypeVar("Row", bound=Model)

PK = Given("pk", BigAutoField())


class Lock(Generic[Row]):
    """Rows with what is joined to them, of which one is held at a time. Every change begins with it, so what it says is
    written once.
    """

    def __init__(self, compose: Callable[[], QuerySet[Row]]) -> None:
        self.rows = Written(lambda: compose().filter(pk=PK))

    def hold(self, pk: int) -> Row:
        """The row, locked and then read; raises DoesNotExist.

        In one statement PostgreSQL would check the join again with the rows it had joined before it waited: a row whose
        foreign key another transaction changed meanwhile would seem to be gone, or to point at nothing. The lock leaves
        the key alone, since foreign keys of others are checked at their commit and would wait for us while we wait for
        them.
        """
        model = self.rows.model
        with connection.cursor() as cursor:
            cursor.execute(lock_of(model), [pk])
        for row in self.rows.ask(pk=pk):
            return row
        raise model.DoesNotExist  # type: ignore[attr-defined]  # the stubs know it of models that they see


@cache
def lock_of(model: type[Model]) -> str:
    table, key = (connection.ops.quote_name(str(name)) for name in (model._meta.db_table, model._meta.pk.column))
    return f"SELECT FROM {table} WHERE {key} = %s FOR NO KEY UPDATE"
