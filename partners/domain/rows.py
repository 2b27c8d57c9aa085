"""New rows in one plain statement: what is stored with every message must not have its SQL built anew each time."""

from collections.abc import Sequence
from functools import lru_cache

from django.db import connection
from django.db.models import Field, Model


def insert(rows: Sequence[Model]) -> None:
    """Store unsaved rows of one model and give them their keys; the database's defaults and no signals.

    What the rows refer to is stored before.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = stored(model)
    given = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in columns]
    with connection.cursor() as cursor:
        cursor.execute(statement(model, len(rows)), given)
        keys = [key for (key,) in cursor.fetchall()]
    for row, key in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


@lru_cache
def stored(model: type[Model]) -> Sequence["Field[object, object]"]:
    """The fields that an INSERT names; the key and what the database computes are not among them."""
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated or field.has_db_default())
    ]


@lru_cache
def statement(model: type[Model], rows: int) -> str:
    names = [connection.ops.quote_name(field.column or "") for field in stored(model)]
    places = f"({', '.join(['%s'] * len(names))})"
    table = connection.ops.quote_name(model._meta.db_table)
    key = connection.ops.quote_name(model._meta.pk.column or "")
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([places] * rows)} RETURNING {key}"  # noqa: S608
