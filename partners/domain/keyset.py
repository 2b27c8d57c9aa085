"""Pages of a long list by the last row seen, so that the thousandth page is as quick as the first."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Rows in order, with the marks of the pages around them; an empty mark says there is none."""

    rows: Sequence[Row]
    before: str = ""
    after: str = ""


def page(rows: QuerySet[Row], order: Sequence[str], *, after: str = "", before: str = "", size: int = 50) -> Page[Row]:
    """The page after or before a mark. `order` are columns without nulls, "-" for descending, the last one unique.

    A mark that cannot be read gives the first page.
    """
    start = read(after or before, len(order))
    backwards = bool(before and not after and start)
    ordered = rows.order_by(*(reversed_(order) if backwards else order))
    if start:
        ordered = ordered.filter(beyond(reversed_(order) if backwards else order, start))
    found = list(ordered[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    return Page(
        rows=found,
        before=mark(found[0], order) if found and (has_more if backwards else start) else "",
        after=mark(found[-1], order) if found and (backwards or has_more) else "",
    )


def beyond(order: Sequence[str], start: Sequence[Any]) -> Q:
    """The condition for rows that come after `start`; its first part lets an index find the place."""
    condition = Q()
    for column, value in reversed(list(zip(order, start, strict=True))):
        name, word = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
        condition = Q(**{f"{name}__{word}": value}) | (Q(**{name: value}) & condition if condition else Q())
    first, word = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{word}": start[0]}) & condition


def reversed_(order: Sequence[str]) -> list[str]:
    return [column.removeprefix("-") if column.startswith("-") else f"-{column}" for column in order]


def mark(row: Model, order: Sequence[str]) -> str:
    """The place of a row, for an address."""
    values = [getattr(row, column.removeprefix("-")) for column in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read(told: str, length: int) -> list[Any]:
    """The values in a mark, or nothing when it is none of ours; only text and whole numbers can be in one."""
    try:
        values = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    except (ValueError, RecursionError):
        return []
    is_ours = isinstance(values, list) and len(values) == length
    return values if is_ours and all(is_plain(value) for value in values) else []


def is_plain(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and len(value) <= 1000
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
