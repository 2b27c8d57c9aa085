"""Which interactions hold all of these words, the newest first: at a bounded cost, however many there are.

What the planner expects is not trusted: words that often stand together are more than it thinks, and words that nobody
uses any more are further away. Words that are everywhere are found among the newest, rare ones by their index.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce
from psycopg.errors import QueryCanceled

from interactions.models import Interaction, Item
from interactions.models.interaction import InteractionQuerySet
from partners.payloads import Actor

MOST = 101  # one more than is counted
FEW = 1_000  # matches that are read from wherever they are
PATIENCE = 3_000  # milliseconds for each statement that looks everywhere
NEAR, FURTHER = 2_000, 20_000  # interactions that are looked through: some milliseconds, and some more
EVERYTHING = Q()


@dataclass(frozen=True, kw_only=True)
class Place:
    """From where on, and which way; without an id from the newest on."""

    id: int | None = None
    is_rising: bool = False

    def holds(self, found: int) -> bool:
        return self.id is None or (found > self.id if self.is_rising else found < self.id)

    def beyond(self, key: str) -> Q:
        return EVERYTHING if self.id is None else Q(**{f"{key}__{'gt' if self.is_rising else 'lt'}": self.id})

    def nearest(self, found: Iterable[int], *, is_all: bool = True) -> "Hits":
        ids = sorted({one for one in found if self.holds(one)}, reverse=not self.is_rising)[:MOST]
        return Hits(ids=ids, is_all=is_all and len(ids) < MOST)

    def end(self, count: int) -> "Place":
        """So many ids further on."""
        start = self.id
        if start is None:
            start = (Interaction.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
        return Place(id=start + count + 1 if self.is_rising else start - count - 1, is_rising=not self.is_rising)


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Ids in order; where they are not all, there are more beyond them, or `is_cut`: nobody knows."""

    ids: Sequence[int]
    is_all: bool
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look for words: in what, and from where on."""

    words: SearchQuery
    seen: InteractionQuerySet
    is_narrow: bool
    place: Place
    named: Sequence[int] = field(default_factory=list)

    def streams(self, *places: Place) -> list[tuple[QuerySet[Any], str]]:
        """Where words stand beyond some places, and what says of which interaction they are."""
        seen, items = self.seen, Item.objects.all()
        for place in places:
            seen, items = seen.filter(place.beyond("id")), items.filter(place.beyond("interaction_id"))
        return [(seen, "id"), (items.filter(interaction__in=seen) if self.is_narrow else items, "interaction_id")]

    def near(self, count: int) -> Hits:
        """The nearest of those within the next `count` interactions."""
        end = self.place.end(count)
        found = [one for one in self.named if end.holds(one)]
        # COALESCE keeps the index of words out of it, which would fetch all that are far away as well
        fits = Coalesce(ExpressionWrapper(Q(search=self.words), BooleanField()), False)
        for rows, key in self.streams(self.place, end):
            within = rows.alias(fits=fits).filter(fits=True)
            found += within.order_by(self.sign + key).values_list(key, flat=True).distinct()[:MOST]
        return self.place.nearest(found, is_all=not self.place.is_rising and (end.id or 0) <= 0)

    def few(self) -> Hits | None:
        """The nearest, where there are few in all; whoever sees them."""
        found: list[int] = []
        for rows, key in [(Interaction.objects.all(), "id"), (Item.objects.all(), "interaction_id")]:
            some = list(rows.filter(search=self.words).order_by().values_list(key, flat=True)[: FEW + 1])
            if len(some) > FEW:
                return None
            found += some
        if self.is_narrow and found:
            found = list(self.seen.filter(pk__in=set(found)).values_list("id", flat=True))
        return self.place.nearest([*self.named, *found])

    def anywhere(self) -> Hits:
        found = list(self.named)
        for rows, key in self.streams(self.place):
            # by a sum: what the index of words found is sorted; nobody walks through all rows for one that is far away
            hits = rows.filter(search=self.words).annotate(nearness=F(key) + 0)
            found += hits.order_by(f"{self.sign}nearness").values_list("nearness", flat=True).distinct()[:MOST]
        return self.place.nearest(found)

    @property
    def sign(self) -> str:
        return "" if self.place.is_rising else "-"


def interactions(
    text: str,
    *,
    named: Collection[int],
    actor: Actor,
    narrow: Q = EVERYTHING,
    place: Place | None = None,
    enough: int,
) -> Hits:
    """The nearest with all of these words in a subject or in what was said, and those that are `named` so.

    They are MOST, or all there are; or fewer, but `enough` of them, where more would take longer.
    """
    place = place or Place()
    seen = Interaction.objects.visible_to(actor).filter(narrow).order_by()
    bearers = seen.filter(place.beyond("id"), pk__in=named).values_list("id", flat=True)
    look = Look(
        words=SearchQuery(text, config="simple", search_type="websearch"),
        seen=seen,
        is_narrow=bool(narrow) or not actor.is_representative,
        place=place,
        named=list(bearers),
    )
    near = look.near(NEAR)
    if near.is_all or len(near.ids) >= enough:
        return near
    few = look.few()
    if few is not None:
        return few
    near = look.near(FURTHER)
    return near if near.is_all or len(near.ids) >= enough else patiently(look, instead=near)


def patiently(look: Look, *, instead: Hits) -> Hits:
    """All that there is, or what was found nearby where a common word and a filter that fits little take too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            found = look.anywhere()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return replace(instead, is_all=False, is_cut=True)
