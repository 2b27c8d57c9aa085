"""Pages of a long list by the place of their last row: a late page costs no more than the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from interactions.models import Interaction
from interactions.models.interaction import InteractionQuerySet

SIZE = 25  # more than a screen shows; the rest is a key away
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_MICROSECONDS = 4_000_000_000_000_000  # the year 2096; beyond the calendar's end a moment cannot be built
MOST_ID = 2**63 - 1


class Order(StrEnum):
    """What a list of interactions is sorted by."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    CHANGED = "changed"
    PRIORITY = "priority"


BY_ID = {Order.NEWEST: "-id", Order.OLDEST: "id"}
BY_COLUMN = {Order.CHANGED: ("updated_at", "-"), Order.PRIORITY: ("priority", "")}  # "-": the greatest first


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a row stands in a list: its id, and what the list is sorted by, as a number where it has that.

    A moment is told in microseconds since 1970.
    """

    id: int
    value: int | None = None

    def __str__(self) -> str:
        return f"{'' if self.value is None else self.value}.{self.id}"

    @classmethod
    def of(cls, interaction: Interaction, order: Order) -> "Place":
        if order in BY_ID:
            return cls(id=interaction.pk)
        if order == Order.PRIORITY:
            return cls(id=interaction.pk, value=interaction.priority)
        moment = interaction.due_at if order == Order.DUE else interaction.updated_at
        return cls(id=interaction.pk, value=None if moment is None else (moment - EPOCH) // MICROSECOND)

    @property
    def moment(self) -> datetime | None:
        return None if self.value is None else EPOCH + self.value * MICROSECOND


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows of a list, and the places from which the pages before and after it are read."""

    rows: Sequence[Interaction]
    before: Place | None = None
    after: Place | None = None


def place_in(text: str) -> Place | None:
    """The place that `str(place)` wrote; anything else is no place."""
    value, dot, number = text[:60].partition(".")
    if not (dot and number.isascii() and number.isdigit() and int(number) <= MOST_ID):
        return None
    if not value:
        return Place(id=int(number))
    if not (value.isascii() and value.isdigit() and int(value) <= MOST_MICROSECONDS):
        return None
    return Place(id=int(number), value=int(value))


def page(
    interactions: InteractionQuerySet,
    order: Order,
    *,
    after: Place | None = None,
    before: Place | None = None,
    size: int = SIZE,
) -> Page:
    """The rows that follow `after`, or that lead up to `before`, or the first ones."""
    is_back = before is not None
    found = read(interactions, order, before or after, is_back=is_back, most=size + 1)
    has_more = len(found) > size
    rows = found[:size][::-1] if is_back else found[:size]
    if not rows:
        return Page(rows=rows)
    has_before = has_more if is_back else after is not None
    has_after = True if is_back else has_more
    return Page(
        rows=rows,
        before=Place.of(rows[0], order) if has_before else None,
        after=Place.of(rows[-1], order) if has_after else None,
    )


def read(
    interactions: InteractionQuerySet, order: Order, place: Place | None, *, is_back: bool, most: int
) -> list[Interaction]:
    """At most so many rows beyond a place, the nearest first."""
    if order in BY_ID:
        return list(beyond_id(interactions, place, is_rising=(order == Order.NEWEST) == is_back)[:most])
    if order in BY_COLUMN:
        return list(beyond(interactions, order, place, is_back=is_back)[:most])
    # two reads instead of one with OR: each walks the index from its place, however far down the list that is
    parts = [undated, dated] if is_back else [dated, undated]
    if place is not None and (place.value is None) != is_back:
        parts = parts[1:]
    found: list[Interaction] = []
    for part in parts:
        if len(found) < most:
            found += part(interactions, None if found else place, is_back=is_back)[: most - len(found)]
    return found


def dated(interactions: InteractionQuerySet, place: Place | None, *, is_back: bool) -> InteractionQuerySet:
    """Rows with a deadline, the nearest deadline first."""
    rows = interactions.filter(due_at__isnull=False)
    if place is not None and place.moment is not None:
        if is_back:
            rows = rows.filter(due_at__lte=place.moment).exclude(due_at=place.moment, id__gte=place.id)
        else:
            rows = rows.filter(due_at__gte=place.moment).exclude(due_at=place.moment, id__lte=place.id)
    return rows.order_by("-due_at", "-id") if is_back else rows.order_by("due_at", "id")


def undated(interactions: InteractionQuerySet, place: Place | None, *, is_back: bool) -> InteractionQuerySet:
    """Rows without a running promise; they stand behind all others."""
    rows = interactions.filter(due_at=None)
    if place is not None and place.value is None:
        rows = rows.filter(id__lt=place.id) if is_back else rows.filter(id__gt=place.id)
    # by due_at too, though it is always null: so the order is that of the index
    return rows.order_by("-due_at", "-id") if is_back else rows.order_by("due_at", "id")


def beyond_id(interactions: InteractionQuerySet, place: Place | None, *, is_rising: bool) -> InteractionQuerySet:
    if place is not None:
        interactions = interactions.filter(id__gt=place.id) if is_rising else interactions.filter(id__lt=place.id)
    return interactions.order_by("id") if is_rising else interactions.order_by("-id")


def beyond(
    interactions: InteractionQuerySet, order: Order, place: Place | None, *, is_back: bool
) -> InteractionQuerySet:
    """Rows in the order of a column that every row has; equals by their ids in the same direction."""
    column, sign = BY_COLUMN[order]
    is_rising = (sign == "-") == is_back
    if place is not None and place.value is not None:
        value = place.moment if column.endswith("_at") else place.value
        rest, same = ("gte", "lte") if is_rising else ("lte", "gte")
        interactions = interactions.filter(**{f"{column}__{rest}": value})
        interactions = interactions.exclude(**{column: value, f"id__{same}": place.id})
    return interactions.order_by(column, "id") if is_rising else interactions.order_by(f"-{column}", "-id")
