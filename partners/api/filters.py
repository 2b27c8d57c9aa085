"""Filters of TM Forum's guidelines: `status=open,inProgress`, `creationDate.gt=…`, `reason.regex=…`, `channel.id=…`.

Criteria join with AND; a repeated name, a comma or a semicolon is OR. The literals >, >=, <, <=, ==, =~ and *= may
stand in place of .gt, .gte, .lt, .lte, .eq and .regex, encoded or not.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from partners.api.errors import query
from partners.api.parsers import is_storable

Row = TypeVar("Row", bound=Model)
Parameters = Mapping[str, Sequence[str]]

RESERVED = frozenset({"fields", "offset", "limit", "sort", "before", "after"})
MOST_CRITERIA = 20
MOST_VALUES = 50
MOST_VALUE = 500
MOST_REGEX = 100
MOST_DIGITS = 18
LITERALS = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "==": "eq", "=~": "regex", "~": "regex"}
LITERALS |= {"*=": "regex", "*": "regex"}
OR_EQUAL = {"gt": "gte", "lt": "lte"}
NAME = re.compile(r"(?P<name>@?[A-Za-z][A-Za-z0-9.@]*?)(?:\.(?P<word>gte?|lte?|eq|regex))?")
LITERAL = re.compile(r"(?P<name>@?[A-Za-z][A-Za-z0-9.@]*)(?P<sign>>=?|<=?|==|=~|~|\*=?)(?P<value>.*)", re.DOTALL)
LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # a + that a client forgot to encode


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


@dataclass(frozen=True)
class Criterion:
    """One comparison; its values are alternatives."""

    name: str
    operator: str
    values: Sequence[str]


def narrowed(rows: QuerySet[Row], parameters: Parameters, table: Mapping[str, Attribute]) -> QuerySet[Row]:
    """The rows that meet every criterion among the parameters; a Problem names what is wrong with one."""
    criteria = [
        list(alternatives(name, values)) for name, values in parameters.items() if name and name not in RESERVED
    ]
    if len(criteria) > MOST_CRITERIA:
        raise query("", f"Send at most {MOST_CRITERIA} criteria.")
    for one_of in criteria:
        wanted = Q()
        for criterion in one_of:
            wanted |= condition(rows, criterion, table)
        rows = rows.filter(wanted)
    return rows


def key_of(parameters: Parameters) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The criteria among the parameters, comparable whatever their order."""
    return tuple(sorted((name, tuple(values)) for name, values in parameters.items() if name not in RESERVED))


def uses_regex(parameters: Parameters) -> bool:
    return any(
        one.operator == "regex"
        for name, values in parameters.items()
        if name and name not in RESERVED
        for one in alternatives(name, values)
    )


def alternatives(name: str, values: Sequence[str]) -> Iterator[Criterion]:
    """The comparisons that one parameter offers as alternatives: `date<2013;date>2017` has two."""
    for text in [name, *values]:
        if not is_storable(text):
            raise query(name[:60].encode("ascii", "replace").decode().replace("\0", "?"), "This cannot be read.")
        if len(text) > MOST_VALUE:
            raise query(name[:60], f"Send at most {MOST_VALUE} characters.")
    parts = name.split(";")
    for part in parts[:-1]:
        yield criterion_in(part, [""])
    yield criterion_in(parts[-1], values)


def criterion_in(told: str, values: Sequence[str]) -> Criterion:
    if found := NAME.fullmatch(told):
        name, operator = found["name"], found["word"] or "eq"
        return Criterion(name, operator, [without_name(name, value) for value in values])
    if found := LITERAL.fullmatch(told):
        operator = LITERALS[found["sign"]]
        if found["value"]:
            return Criterion(found["name"], operator, [found["value"]])
        if any(values):  # the parser of query strings took the = of >= away
            return Criterion(found["name"], OR_EQUAL.get(operator, operator), values)
    raise query(told[:60], "This is no attribute with a comparison.")


def without_name(name: str, value: str) -> str:
    """`status=open;status=closed` reaches us as the value `open;status=closed`."""
    return value.replace(f";{name}=", ";")


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
        for value in split(criterion.values, ",;"):
            found |= ordered(criterion, attribute.column, value)
        return found
    if criterion.operator != "eq":
        raise query(criterion.name, f"“{criterion.operator}” does not go with this attribute.")
    values = split(criterion.values, ",;") if attribute.kind is Kind.CODE else list(criterion.values)
    stored = [one for value in values for one in (attribute.read(value) if attribute.read else [value])]
    return Q(**{f"{attribute.column}__in": stored})


def split(values: Sequence[str], separators: str) -> list[str]:
    found = [part.strip() for value in values for part in re.split(f"[{separators}]", value)]
    if len(found) > MOST_VALUES:
        raise query("", f"Send at most {MOST_VALUES} values for one attribute.")
    return found


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
    """A date stands for its whole day in UTC when compared for equality, else for the day's beginning."""
    moment = moment_in(criterion.name, value)
    if criterion.operator != "eq":
        return Q(**{f"{column}__{criterion.operator}": moment})
    if len(value) <= len("2026-05-31"):
        return Q(**{f"{column}__gte": moment, f"{column}__lt": moment + timedelta(days=1)})
    return Q(**{column: moment})


def moment_in(name: str, value: str) -> datetime:
    try:
        if len(value) <= len("2026-05-31"):
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = datetime.fromisoformat(LOST_PLUS.sub("+", value))
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
        if 1 < found.year < 9999:
            return found.astimezone(UTC)
    except ValueError:
        pass
    raise query(name, "Send a date such as 2026-05-31 or a time such as 2026-05-31T09:00:00Z.")


def of_number(criterion: Criterion, column: str, value: str) -> Q:
    if not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
        raise query(criterion.name, "Send a whole number, such as 3600.")
    return Q(**{column if criterion.operator == "eq" else f"{column}__{criterion.operator}": int(value)})


ORDERED = {Kind.MOMENT: at_moment, Kind.NUMBER: of_number}
