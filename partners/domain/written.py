"""A question that every request or change asks: its statement is written once for a process, and asked with new values.

To compose it anew and have its SQL written takes longer than all the rest of asking.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """Stands in a queryset for what is told with each question; `field` says how it is told to the database."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]

    def among(self, values: Mapping[str, object]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Written(Generic[Row]):
    """The rows of a queryset that may hold a Given; what it would fetch beforehand is not fetched."""

    def __init__(self, compose: Callable[[], QuerySet[Row]]) -> None:
        self.compose = compose

    def ask(self, **values: object) -> list[Row]:
        model, writer = self.written
        asked = copy(writer)  # threads ask at once, each by its own connection
        asked.connection, asked.values = connections[DEFAULT_DB_ALIAS], values
        return list(QuerySet(model, query=Asked(asked)))  # type: ignore[arg-type]

    @property
    def model(self) -> type[Row]:
        return self.written[0]

    @cached_property
    def written(self) -> "tuple[type[Row], Writer]":
        rows = self.compose()
        writer = Writer(rows.query, connection, DEFAULT_DB_ALIAS)
        writer.write()
        return rows.model, writer


class Writer(SQLCompiler):
    """Has the statement, and knows from writing it what its columns are."""

    values: Mapping[str, object]
    text: str
    parameters: Sequence[Any]

    def write(self) -> None:
        self.text, self.parameters = super().as_sql()

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        told = (one.among(self.values) if isinstance(one, Given) else one for one in self.parameters)
        return self.text, tuple(told)


@dataclass(frozen=True)
class Asked:
    """What a queryset needs of a query to be read."""

    writer: Writer

    def get_compiler(self, *_: Any, **__: Any) -> Writer:
        return self.writer
