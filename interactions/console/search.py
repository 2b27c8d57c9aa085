"""One box: a number opens its interaction, anything else finds what was said."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from interactions.channels import text as texts
from interactions.console import loaders
from interactions.domain import paging, search, workload
from interactions.domain.paging import Order
from interactions.enums import Direction
from interactions.models import ENDED, Interaction, Item
from interactions.models.interaction import InteractionQuerySet
from partners.enums import Channel
from partners.middleware import ActorRequest

BEGIN, END = "\ue000", "\ue001"  # no text holds these: they mark what was found until it is escaped
SIZE = 25
FACETS: Mapping[str, Any] = {"channel": Channel.choices, "direction": Direction.choices}


@require_safe
def find(request: ActorRequest) -> HttpResponse:
    actor = loaders.representative(request)
    wanted = texts.flatten(request.GET.get("q", ""), most=search.MOST_QUERY).strip()
    number = search.number_in(wanted)
    if number is not None and Interaction.objects.visible_to(actor).filter(pk=number).exists():
        return redirect("console-interactions:page", f"BPI-{number:07d}")
    found = search.find(wanted, actor=actor)
    narrowed = narrow(found, request)
    page = paging.page(
        workload.rows(narrowed),
        Order.NEWEST,
        after=paging.place_in(request.GET.get("after", "")),
        before=paging.place_in(request.GET.get("before", "")),
        size=SIZE,
    )
    at = timezone.now()
    lines = headlines(page.rows, wanted)
    context = {
        "wanted": wanted,
        "page": page,
        "rows": [(row, workload.reason(row, at=at), lines.get(row.pk, "")) for row in page.rows],
        "facets": facets(found, request) if page.rows or narrowed is not found else [],
        "at": at,
    }
    return render(request, "console/interactions/search.html", context)


def narrow(found: InteractionQuerySet, request: ActorRequest) -> InteractionQuerySet:
    """Only what the chosen facets hold; a value that is none counts for nothing."""
    for name, choices in FACETS.items():
        value = request.GET.get(name, "")
        if value in dict(choices):
            found = found.filter(**{name: value})
    if request.GET.get("state") == "open":
        found = found.open()
    elif request.GET.get("state") == "ended":
        found = found.ended()
    return found


def facets(found: InteractionQuerySet, request: ActorRequest) -> list[dict[str, Any]]:
    """What a search can be narrowed to: name, value, words, how many, and whether it is chosen."""
    counts = found.order_by().values("status", *FACETS).annotate(how_many=Count("pk"))
    totals: dict[tuple[str, str], int] = {}
    for row in counts:
        state = "ended" if row["status"] in ENDED else "open"
        for name, value in [("state", state), *((name, row[name]) for name in FACETS)]:
            totals[name, value] = totals.get((name, value), 0) + row["how_many"]
    words = {"state": {"open": "Open", "ended": "Ended"}, **{name: dict(choices) for name, choices in FACETS.items()}}
    return [
        {
            "words": words[name][value],
            "count": count,
            "is_chosen": request.GET.get(name) == value,
            "query": toggled(request, name, value),
        }
        for (name, value), count in sorted(totals.items(), reverse=True)
    ]


def toggled(request: ActorRequest, name: str, value: str) -> str:
    """The query of the page with a facet chosen, or given up when it is chosen."""
    query = request.GET.copy()
    for gone in (name, "after", "before"):
        query.pop(gone, None)
    if request.GET.get(name) != value:
        query[name] = value
    return query.urlencode()


def headlines(interactions: Iterable[Interaction], wanted: str) -> dict[int, SafeString]:
    """The place in what was said where the words stand, marked; the newest item of each interaction wins."""
    ids = [interaction.pk for interaction in interactions]
    if not ids or not wanted:
        return {}
    words = SearchQuery(wanted, config="simple", search_type="websearch")
    headline = SearchHeadline("text", words, config="simple", start_sel=BEGIN, stop_sel=END, max_words=28, min_words=12)
    items = Item.objects.filter(interaction__in=ids, search=words).annotate(headline=headline)
    return {
        interaction_id: marked(line)
        for interaction_id, line in items.order_by("id").values_list("interaction_id", "headline")[: SIZE * 20]
    }


def marked(line: str) -> SafeString:
    """A line with what was found between <mark> and </mark>, and everything else as text."""
    shown = escape(line).replace(BEGIN, "<mark>").replace(END, "</mark>")
    return mark_safe(shown)  # noqa: S308  escaped in the line above
