"""What a system narrows by, as it writes it: `status=open,inProgress`, `creationDate.gt=…`, `channel.id=…`.

Criteria join with AND; a repeated name, a comma or a semicolon is OR. The literals >, >=, <, <=, ==, =~ and *= may
stand in place of .gt, .gte, .lt, .lte, .eq and .regex.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from partners.errors import CriterionNotAccepted

MOST_VALUES = 50
MOST_DIGITS = 18
LITERALS = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "==": "eq", "=~": "regex", "~": "regex"}
LITERALS |= {"*=": "regex", "*": "regex"}
OR_EQUAL = {"gt": "gte", "lt": "lte"}
NAME = re.compile(r"(?P<name>@?[A-Za-z][A-Za-z0-9.@]*?)(?:\.(?P<word>gte?|lte?|eq|regex))?")
LITERAL = re.compile(r"(?P<name>@?[A-Za-z][A-Za-z0-9.@]*)(?P<sign>>=?|<=?|==|=~|~|\*=?)(?P<value>.*)", re.DOTALL)
LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")  # a + that a client forgot to encode


@dataclass(frozen=True)
class Criterion:
    """One comparison; its values are alternatives."""

    name: str
    operator: str
    values: Sequence[str]


def alternatives(name: str, values: Sequence[str]) -> Iterator[Criterion]:
    """The comparisons that one parameter offers as alternatives: `date<2013;date>2017` has two.

    Raises CriterionNotAccepted.
    """
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
    raise CriterionNotAccepted(told[:60], "This is no attribute with a comparison.")


def without_name(name: str, value: str) -> str:
    """`status=open;status=closed` reaches us as the value `open;status=closed`."""
    return value.replace(f";{name}=", ";")


def split(name: str, values: Sequence[str], separators: str) -> list[str]:
    """The single values of an attribute, at most MOST_VALUES; raises CriterionNotAccepted."""
    found = [part.strip() for value in values for part in re.split(f"[{separators}]", value)]
    if len(found) > MOST_VALUES:
        raise CriterionNotAccepted(name, f"Send at most {MOST_VALUES} values for one attribute.")
    return found


def is_day(value: str) -> bool:
    """A date stands for its whole day in UTC when compared for equality, else for the day's beginning."""
    return len(value) <= len("2026-05-31")


def moment_in(name: str, value: str) -> datetime:
    try:
        if is_day(value):
            found = datetime.combine(date.fromisoformat(value), time(), tzinfo=UTC)
        else:
            found = datetime.fromisoformat(LOST_PLUS.sub("+", value))
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
        if 1 < found.year < 9999:
            return found.astimezone(UTC)
    except ValueError:
        pass
    raise CriterionNotAccepted(name, "Send a date such as 2026-05-31 or a time such as 2026-05-31T09:00:00Z.")


def number_in(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
        raise CriterionNotAccepted(name, "Send a whole number, such as 3600.")
    return int(value)
