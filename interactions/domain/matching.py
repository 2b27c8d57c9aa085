"""Which interactions hold all of these words, the newest first: at a bounded cost, however many there are.

What the planner expects is not trusted: words that often stand together are more than it thinks, and words that nobody
uses any more are further away. Words that are everywhere are found among the newest, rare ones by their index, and
all others by their index too, one slice of the interactions after the other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from psycopg.errors import QueryCanceled

from interactions.models import Interaction, Item
from interactions.models.interaction import InteractionQuerySet
from interactions.models.slices import Slice, slice_of
from partners.domain import fence
from partners.payloads import Actor

MOST = 101  # one more than is counted
FEW = 1_000  # matches that are read from wherever they are
PATIENCE = 3_000  # milliseconds for each statement that looks everywhere
NEAR, FURTHER = 2_000, 20_000  # interactions that are looked through; the latter where all the rest takes too long
OWN = 500  # interactions of a partner that are looked through first: each costs more below its fence
EVERYTHING = Q()

ONE_SLICE_AFTER_THE_OTHER = """
    SELECT found.id FROM generate_series(%s::bigint, %s::bigint, %s::bigint) AS walk (slice)
    CROSS JOIN LATERAL ({hits}) AS found (id) LIMIT %s
"""  # what is nearest comes first, so that the walk ends where there are enough


@dataclass(frozen=True, kw_only=True)
class Place:
    """From where on, and which way; without an id from the newest on."""

    id: int | None = None
    is_rising: bool = False

    def holds(self, found: int) -> bool:
        return self.id is None or (found > self.id if self.is_rising else found < self.id)

    def beyond(self, key: str) -> Q:
        return EVERYTHING if self.id is None else Q(**{f"{key}__{'gt' if self.is_rising else 'lt'}": self.id})

    def nearest(self, found: Iterable[int], most: int, *, is_all: bool = True) -> "Hits":
        ids = sorted({one for one in found if self.holds(one)}, reverse=not self.is_rising)[:most]
        return Hits(ids=ids, is_all=is_all and len(ids) < most)

    def end(self, count: int) -> "Place":
        """So many ids further on."""
        start = newest() + 1 if self.id is None else self.id
        return Place(id=start + count + 1 if self.is_rising else start - count - 1, is_rising=not self.is_rising)

    def slices(self) -> tuple[int, int, int]:
        """The first and the last slice from here on, and the step from one to the next."""
        last = newest()
        start = min(max(self.id or 0, 0), last) if self.is_rising or self.id is not None else last
        return (slice_of(start), slice_of(last), 1) if self.is_rising else (slice_of(start), 0, -1)


def newest() -> int:
    return Interaction.objects.order_by("-id").values_list("id", flat=True).first() or 0


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Ids in order; where they are not all, there are more beyond them, or `is_cut`: nobody knows."""

    ids: Sequence[int]
    is_all: bool
    is_cut: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look for words: in what, from where on, and for how many; `partner_id` is whose matters alone are seen.

    What tells words from each other is not leakproof, so below a partner's fence there is no index of them. There the
    partner's own matters are read one by one while they are few; the index is asked as the enterprise, in a statement
    that names everything the partner may see, and what it found is shown only as far as the fence lets it be read.
    """

    words: SearchQuery
    seen: InteractionQuerySet
    is_narrow: bool
    place: Place
    most: int
    partner_id: int | None = None
    named: Sequence[int] = field(default_factory=list)

    def streams(self, *places: Place) -> list[tuple[QuerySet[Any], str]]:
        """Where words stand beyond some places, and what says of which interaction they are."""
        seen, items = self.seen, Item.objects.all()
        for place in places:
            seen, items = seen.filter(place.beyond("id")), items.filter(place.beyond("interaction_id"))
        return [(seen, "id"), (items.filter(interaction__in=seen) if self.is_narrow else items, "interaction_id")]

    def end(self, count: int) -> Place:
        """So many interactions further on, of a partner so many of its own."""
        if self.partner_id is None:
            return self.place.end(count)
        own = Interaction.objects.filter(self.place.beyond("id"), partner_id=self.partner_id)
        beyond = own.order_by(f"{self.sign}id").values_list("id", flat=True)[count : count + 1]
        return Place(id=next(iter(beyond), None), is_rising=not self.place.is_rising)

    def near(self, count: int) -> Hits:
        """The nearest of those within the next `count` interactions."""
        end = self.end(count)
        found = [one for one in self.named if end.holds(one)]
        for rows, key in self.streams(self.place, end):
            within = rows.filter(holding(self.words))
            found += within.order_by(self.sign + key).values_list(key, flat=True).distinct()[: self.most]
        return self.place.nearest(found, self.most, is_all=not self.place.is_rising and (end.id or 0) <= 0)

    def few(self) -> Hits | None:
        """The nearest, where there are few in all; whoever sees them."""
        found: list[int] = []
        with fence.standing_for(fence.ENTERPRISE):
            for rows, key in [(Interaction.objects.all(), "id"), (Item.objects.all(), "interaction_id")]:
                some = list(rows.filter(search=self.words).order_by().values_list(key, flat=True)[: FEW + 1])
                if len(some) > FEW:
                    return None
                found += some
        if self.is_narrow and found:
            found = list(self.seen.filter(pk__in=set(found)).values_list("id", flat=True))
        return self.place.nearest([*self.named, *found], self.most)

    def anywhere(self) -> Hits:
        """The nearest, wherever they are."""
        walk = self.place.slices()
        found = [one for rows, key in self.streams(self.place) for one in self.walked(walk, rows, key)]
        return self.place.nearest([*self.named, *found], self.most)

    def walked(self, walk: tuple[int, int, int], rows: QuerySet[Any], key: str) -> list[int]:
        within = rows.alias(slice=Slice(key)).filter(search=self.words, slice=RawSQL("walk.slice", ()))
        # by a sum: what the index of words found in a slice is sorted; nobody walks through the rows by their ids
        hits = within.annotate(nearness=F(key) + 0).order_by(f"{self.sign}nearness")
        try:
            sql, values = hits.values_list("nearness").distinct()[: self.most].query.sql_with_params()
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(ONE_SLICE_AFTER_THE_OTHER.format(hits=sql), [*walk, *values, self.most])
            return [found for (found,) in cursor.fetchall()]

    @property
    def sign(self) -> str:
        return "" if self.place.is_rising else "-"


def holding(words: SearchQuery) -> Coalesce:
    """That a row holds the words, told by looking into it: no index fetches those that are far away as well."""
    return Coalesce(ExpressionWrapper(Q(search=words), BooleanField()), False)


def interactions(
    text: str,
    *,
    named: Collection[int],
    actor: Actor,
    narrow: Q = EVERYTHING,
    place: Place | None = None,
    most: int = MOST,
    enough: int,
) -> Hits:
    """The nearest with all of these words in a subject or in what was said, and those that are `named` so.

    They are as many as `most`, or all there are; or fewer, but `enough` of them, where more would take longer.
    """
    place = place or Place()
    seen = Interaction.objects.visible_to(actor).filter(narrow).order_by()
    bearers = seen.filter(place.beyond("id"), pk__in=named).values_list("id", flat=True)
    look = Look(
        words=SearchQuery(text, config="simple", search_type="websearch"),
        seen=seen,
        is_narrow=bool(narrow) or not actor.is_representative,
        place=place,
        most=most,
        partner_id=None if actor.is_representative else actor.partner_id,
        named=list(bearers),
    )
    near = look.near(NEAR if look.partner_id is None else OWN)
    if near.is_all or len(near.ids) >= enough:
        return near
    few = look.few()
    if few is not None:
        return few
    if look.partner_id is not None:
        near = look.near(NEAR)  # a partner that has few: most of what the index finds would be of others
        if near.is_all or len(near.ids) >= enough:
            return near
    return patiently(look)


def patiently(look: Look) -> Hits:
    """All that there is, or what is not far, where a common word and a filter that fits little take too long."""
    try:
        with fence.standing_for(fence.ENTERPRISE), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            found = look.anywhere()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            return found
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return replace(look.near(FURTHER), is_all=False, is_cut=True)
