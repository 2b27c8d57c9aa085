"""Pages of a list: `offset` and `limit` for the first ten thousand rows, `after` and `before` cursors for any depth."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet

from partners.api import cursors
from partners.api.cursors import Order
from partners.api.errors import query
from partners.api.filters import Parameters, Row
from partners.domain.remembered import Remembered

DEFAULT_LIMIT = 20
MOST_LIMIT = 100
MOST_OFFSET = 10_000
MOST_COUNTED = 10_000
MOST_SORTS = 3
WHOLE_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which rows are asked for; `is_asked` is False when the server chooses the page."""

    order: Order
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None
    is_asked: bool = False

    @property
    def has_cursor(self) -> bool:
        return self.after is not None or self.before is not None


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """The rows of one window; `total` counts no further than MOST_COUNTED."""

    rows: list[Row]
    window: Window
    total: int
    is_total_capped: bool
    has_next: bool
    has_previous: bool

    @property
    def is_part(self) -> bool:
        return self.total > len(self.rows)


def window_in(parameters: Parameters, sortable: Mapping[str, str], model: type[Row]) -> Window:
    """What the parameters ask for; a Problem names the one that is wrong."""
    order = order_in(last(parameters, "sort"), sortable)
    after = cursor_in(parameters, "after", order, model)
    before = cursor_in(parameters, "before", order, model)
    offset = number_in(parameters, "offset", default=0)
    if (after is not None) + (before is not None) + (offset > 0) > 1:
        raise query("offset", "Send one of offset, after and before.")
    if offset > MOST_OFFSET:
        message = f"An offset ends at {MOST_OFFSET}. Go further with after=<the X-Next-Cursor of the page before>."
        raise query("offset", message)
    return Window(
        order=order,
        limit=min(number_in(parameters, "limit", default=DEFAULT_LIMIT), MOST_LIMIT),
        offset=offset,
        after=after,
        before=before,
        is_asked=any(name in parameters for name in ("offset", "limit", "after", "before")),
    )


def last(parameters: Parameters, name: str) -> str | None:
    values = parameters.get(name)
    return values[-1] if values else None


def number_in(parameters: Parameters, name: str, *, default: int) -> int:
    told = last(parameters, name)
    if told is None:
        return default
    if not WHOLE_NUMBER.fullmatch(told):
        raise query(name, "Send a whole number, zero or more.")
    return int(told)


def order_in(told: str | None, sortable: Mapping[str, str]) -> Order:
    """The order asked for, made unique by the id; without one the newest comes first."""
    order: list[tuple[str, bool]] = []
    for part in (told or "").split(","):
        name = part.strip().lstrip("+-").strip()  # an unencoded + reaches us as a space
        if not name:
            continue
        if name not in sortable:
            raise query("sort", f"There is no attribute “{name[:60]}” to sort by.")
        order.append((sortable[name], part.strip().startswith("-")))
    if len(order) > MOST_SORTS:
        raise query("sort", f"Send at most {MOST_SORTS} attributes.")
    return order if any(column == "id" for column, _ in order) else [*order, ("id", order[-1][1] if order else True)]


def page(rows: QuerySet[Row], window: Window, *, key: Hashable) -> Page[Row]:
    """The rows of the window: one query, and one that counts no further than the cap where it must.

    `key` names the list: whose it is and how it was narrowed.
    """
    backwards = window.before is not None
    order = [(column, descending != backwards) for column, descending in window.order]
    wanted = rows.order_by(*[f"-{column}" if descending else column for column, descending in order])
    cursor = window.before if backwards else window.after
    if cursor is not None:
        wanted = wanted.filter(beyond(order, cursor))
    found = list(wanted[window.offset : window.offset + window.limit + 1])
    has_more, found = len(found) > window.limit, found[: window.limit]
    total, is_capped = count(rows, window, found, has_more=has_more, key=key)
    return Page(
        rows=found[::-1] if backwards else found,
        window=window,
        total=total,
        is_total_capped=is_capped,
        has_next=backwards or has_more,
        has_previous=has_more if backwards else (window.after is not None or window.offset > 0),
    )


LONG_LISTS = Remembered[Hashable, bool](lambda _key: False)


def count(
    rows: QuerySet[Row], window: Window, found: Sequence[Row], *, has_more: bool, key: Hashable
) -> tuple[int, bool]:
    """How many rows match, and whether there are more than were counted.

    That a list is longer than the cap is remembered for a few seconds; a count below it is always fresh.
    """
    if not window.has_cursor and not has_more and (found or window.offset == 0) and window.limit > 0:
        return window.offset + len(found), False
    if LONG_LISTS.peek(key):
        return MOST_COUNTED, True
    counted = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    if counted > MOST_COUNTED:
        LONG_LISTS.keep(key, True)
    return min(counted, MOST_COUNTED), counted > MOST_COUNTED


def beyond(order: Order, cursor: Sequence[Any]) -> Q:
    """Rows that come after the cursor's in this order."""
    found = Q()
    for index, (column, descending) in enumerate(order):
        same = {order[i][0]: cursor[i] for i in range(index)}
        found |= Q(**same, **{f"{column}__{'lt' if descending else 'gt'}": cursor[index]})
    return found


def headers(page: Page[Row], path: str, parameters: Parameters) -> dict[str, str]:
    """X-Total-Count, X-Result-Count, X-Next-Cursor and Link as RFC 8288 has it."""
    told = {"X-Total-Count": str(page.total), "X-Result-Count": str(len(page.rows))}
    if page.is_total_capped:
        told["X-Total-Count-Is-Minimum"] = "true"
    if page.has_next and page.rows:
        told["X-Next-Cursor"] = cursor_of(page.rows[-1], page.window.order)
    keep = [(name, value) for name, values in parameters.items() if name not in PAGING for value in values]
    links = [
        f'<{settings.BASE_URL}{path}?{urlencode([*keep, *place.items(), ("limit", page.window.limit)])}>; rel="{rel}"'
        for rel, place in places(page).items()
    ]
    return told | {"Link": ", ".join(links)}


PAGING = frozenset({"offset", "limit", "after", "before"})


def places(page: Page[Row]) -> dict[str, dict[str, str]]:
    """Where the page itself and its neighbours are."""
    window, limit = page.window, page.window.limit
    found: dict[str, dict[str, str]] = {"self": {"offset": str(window.offset)}, "first": {"offset": "0"}}
    order = window.order
    if window.after is not None:
        found["self"] = {"after": cursors.encoded(window.after, order)}
    elif window.before is not None:
        found["self"] = {"before": cursors.encoded(window.before, order)}
    by_cursor = window.has_cursor or window.offset + limit > MOST_OFFSET
    if page.has_next and page.rows:
        after = {"after": cursor_of(page.rows[-1], order)}
        found["next"] = after if by_cursor else {"offset": str(window.offset + limit)}
    if page.has_previous and window.has_cursor and page.rows:
        found["prev"] = {"before": cursor_of(page.rows[0], order)}
    elif page.has_previous and not window.has_cursor:
        found["prev"] = {"offset": str(max(window.offset - limit, 0))}
    if not window.has_cursor and not page.is_total_capped and limit:
        found["last"] = {"offset": str(max(page.total - 1, 0) // limit * limit)}
    return found


def cursor_of(row: Row, order: Order) -> str:
    return cursors.encoded(tuple(getattr(row, column) for column, _ in order), order)


def cursor_in(parameters: Parameters, name: str, order: Order, model: type[Row]) -> tuple[Any, ...] | None:
    told = last(parameters, name)
    if not told:  # an empty cursor stands for the beginning
        return None
    try:
        return cursors.decoded(told, order, model)
    except ValueError as error:
        raise query(name, "This is no cursor of this list and this order.") from error
