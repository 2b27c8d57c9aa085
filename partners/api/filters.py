"""Filters of TM Forum's guidelines: what `criteria` reads, looked for in our tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from partners.api.errors import query
from partners.api.parsers import is_storable
from partners.domain import criteria
from partners.domain.criteria import Criterion, is_day, moment_in, number_in, split
from partners.errors import CriterionNotAccepted

Row = TypeVar("Row", bound=Model)
Parameters = Mapping[str, Sequence[str]]

RESERVED = frozenset({"fields", "offset", "limit", "sort", "before", "after"})
MOST_CRITERIA = 20
MOST_VALUE = 500
MOST_REGEX = 100


class Kind(Enum):
    """What an attribute holds, and so how its values are read and compared."""

    CODE = "code"  # an id or one of few words: a comma separates values
    TEXT = "text"  # free text: a comma belongs to it
    MOMENT = "moment"
    NUMBER = "number"  # a whole one


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """How one outward attribute is looked for.

    `read` turns an outward value into the stored ones that it stands for, none when it stands for nothing.
    `is_many` marks a column of related rows; `takes_regex` is for short texts only.
    """

    column: str
    kind: Kind = Kind.CODE
    read: Callable[[str], Sequence[Any]] | None = None
    is_many: bool = False
    takes_regex: bool = False


def narrowed(rows: QuerySet[Row], parameters: Parameters, table: Mapping[str, Attribute]) -> QuerySet[Row]:
    """The rows that meet every criterion among the parameters; a Problem names what is wrong with one."""
    with as_problem():
        asked = [
            list(alternatives(name, values)) for name, values in parameters.items() if name and name not in RESERVED
        ]
        if len(asked) > MOST_CRITERIA:
            raise query("", f"Send at most {MOST_CRITERIA} criteria.")
        for one_of in asked:
            wanted = Q()
            for criterion in one_of:
                wanted |= condition(rows, criterion, table)
            rows = rows.filter(wanted)
    return rows


@contextmanager
def as_problem() -> Iterator[None]:
    """What cannot be read is the client's to mend."""
    try:
        yield
    except CriterionNotAccepted as refusal:
        raise query(refusal.name, refusal.why) from refusal


def key_of(parameters: Parameters) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The criteria among the parameters, comparable whatever their order."""
    return tuple(sorted((name, tuple(values)) for name, values in parameters.items() if name not in RESERVED))


def uses_regex(parameters: Parameters) -> bool:
    with as_problem():
        return any(
            one.operator == "regex"
            for name, values in parameters.items()
            if name and name not in RESERVED
            for one in alternatives(name, values)
        )


def alternatives(name: str, values: Sequence[str]) -> Iterator[Criterion]:
    """The comparisons that one parameter offers as alternatives, within bounds."""
    for text in [name, *values]:
        if not is_storable(text):
            raise query(name[:60].encode("ascii", "replace").decode().replace("\0", "?"), "This cannot be read.")
        if len(text) > MOST_VALUE:
            raise query(name[:60], f"Send at most {MOST_VALUE} characters.")
    yield from criteria.alternatives(name, values)


def condition(rows: QuerySet[Row], criterion: Criterion, table: Mapping[str, Attribute]) -> Q:
    attribute = table.get(criterion.name)
    if attribute is None:
        raise query(criterion.name[:60], "There is no such attribute to filter by.")
    found = compared(criterion, attribute)
    if attribute.is_many:
        return Q(pk__in=rows.model._default_manager.filter(found).values("pk"))
    return found


def compared(criterion: Criterion, attribute: Attribute) -> Q:
    if criterion.operator == "regex":
        return matching(criterion, attribute)
    if ordered := ORDERED.get(attribute.kind):
        found = Q()
        for value in split(criterion.name, criterion.values, ",;"):
            found |= ordered(criterion, attribute.column, value)
        return found
    if criterion.operator != "eq":
        raise query(criterion.name, f"“{criterion.operator}” does not go with this attribute.")
    values = split(criterion.name, criterion.values, ",;") if attribute.kind is Kind.CODE else list(criterion.values)
    stored = [one for value in values for one in (attribute.read(value) if attribute.read else [value])]
    return Q(**{f"{attribute.column}__in": stored})


def matching(criterion: Criterion, attribute: Attribute) -> Q:
    """A regular expression as PostgreSQL reads it."""
    found = Q()
    for value in criterion.values:
        if not attribute.takes_regex:
            raise query(criterion.name, "“regex” does not go with this attribute.")
        if not value or len(value) > MOST_REGEX:
            raise query(criterion.name, f"Send a regular expression of 1 to {MOST_REGEX} characters.")
        found |= Q(**{f"{attribute.column}__regex": value})
    return found


def at_moment(criterion: Criterion, column: str, value: str) -> Q:
    moment = moment_in(criterion.name, value)
    if criterion.operator != "eq":
        return Q(**{f"{column}__{criterion.operator}": moment})
    if is_day(value):
        return Q(**{f"{column}__gte": moment, f"{column}__lt": moment + timedelta(days=1)})
    return Q(**{column: moment})


def of_number(criterion: Criterion, column: str, value: str) -> Q:
    number = number_in(criterion.name, value)
    return Q(**{column if criterion.operator == "eq" else f"{column}__{criterion.operator}": number})


ORDERED = {Kind.MOMENT: at_moment, Kind.NUMBER: of_number}
