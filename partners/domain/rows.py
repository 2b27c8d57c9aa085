"""New rows in one plain statement: what is stored with every message must not have its SQL built anew each time."""

from collections.abc import Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def insert(rows: Sequence[Model]) -> None:
    """Store unsaved rows of one model and give them their keys; the database's defaults and no signals.

    What the rows refer to is stored before.
    """
    if not rows:
        return
    model = type(rows[0])
    columns, database = stored(model), connections[DEFAULT_DB_ALIAS]  # itself: its stand-in is asked for every field
    given = [field.get_db_prep_save(field.pre_save(row, add=True), database) for row in rows for field in columns]
    with database.cursor() as cursor:
        cursor.execute(statement(model, len(rows)), given)
        keys = [key for (key,) in cursor.fetchall()]
    for row, key in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS


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


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Store these fields of rows that are there, all in one plain statement; no arrays among them."""
    if not rows:
        return
    model = type(rows[0])
    fields, database = [model._meta.get_field(name) for name in names], connections[DEFAULT_DB_ALIAS]
    given = [[row.pk for row in rows]]
    given += [[field.get_db_prep_save(getattr(row, field.attname), database) for row in rows] for field in fields]  # type: ignore[union-attr]
    with database.cursor() as cursor:
        cursor.execute(update_statement(model, tuple(names)), given)


@lru_cache
def update_statement(model: type[Model], names: tuple[str, ...]) -> str:
    """One parameter a column, each a list: the same statement whatever the number of rows."""
    fields = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]  # type: ignore[union-attr]
    lists = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)  # type: ignore[union-attr]
    table = connection.ops.quote_name(model._meta.db_table)
    key, *others = columns
    assigned = ", ".join(f"{column} = given.{column}" for column in others)
    return (
        f"UPDATE {table} SET {assigned} FROM unnest({lists}) AS given ({', '.join(columns)}) "  # noqa: S608
        f"WHERE {table}.{key} = given.{key}"
    )
