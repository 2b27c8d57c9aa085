"""What an address asks the queue to show. The address is the truth: a saved view is nothing but a link."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from interactions.console import columns, loaders
from interactions.console.columns import Column
from interactions.console.filters import QueueFilter
from interactions.domain.desks import Arrangement, Saved
from interactions.domain.paging import Order
from interactions.domain.queues import BY_CODE, VIEWS, View
from interactions.models import SavedView

DENSITIES = ("comfortable", "compact")
LOOK = ("sort", "column", "density")  # how it is shown; the rest says what
NAMES = ("view", *QueueFilter.base_filters, *LOOK)
MOST_QUERY = SavedView._meta.get_field("query").max_length or 0
MOST_VALUE = 200


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The view, its order and columns (none: the usual row), the density (empty: that of the browser).

    `saved` is the view that the address comes from; what is shown may be something else by now.
    """

    view: View
    order: Order
    columns: Sequence[Column]
    density: str
    saved: Saved | None
    query: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the columns."""
        return tuple(column.code for column in self.columns)

    @property
    def name(self) -> str:
        return self.saved.name if self.saved else str(self.view.name)

    @property
    def is_another(self) -> bool:
        """Whether it is no longer what was saved."""
        return self.saved is not None and self.saved.query != self.query


def of(query: QueryDict, arrangement: Arrangement) -> Shown:
    view = BY_CODE.get(query.get("view", ""), VIEWS[0])
    density = query.get("density", "")
    return Shown(
        view=view,
        order=order_of(query, view),
        columns=columns.chosen(query.getlist("column") or arrangement.columns.split(",")),
        density=density if density in DENSITIES else "",
        saved=arrangement.view(loaders.id_in(query.get("saved", ""))),
        query=told(query),
    )


def order_of(query: QueryDict, view: View) -> Order:
    """A view that holds everything that ever was is sorted only by what an index carries."""
    wanted = query.get("sort", "")
    if wanted not in set(Order) or (wanted == Order.PRIORITY and not view.is_counted):
        return view.order
    return Order(wanted)


def told(query: QueryDict) -> str:
    """What an address asks for, told in one way only: without the place in the list and what nobody knows."""
    return urlencode(list(pairs(query)))


def pairs(query: QueryDict) -> Iterator[tuple[str, str]]:
    for name in NAMES:
        values = query.getlist(name) if name == "column" else query.getlist(name)[-1:]
        yield from ((name, value[:MOST_VALUE]) for value in values if value and "\x00" not in value)


def address(saved: Saved | SavedView) -> str:
    return f"?{saved.query}&saved={saved.id}"
