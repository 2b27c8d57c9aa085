"""One box: a number opens its interaction, anything else finds what was said, who is meant and what was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from interactions.channels import text as texts
from interactions.console import facets, highlights, loaders
from interactions.console.highlights import mark
from interactions.domain import matching, paging, search, workload
from interactions.domain.matching import EVERYTHING, MOST, Hits, Place
from interactions.domain.paging import Order
from interactions.models import Attachment, Interaction
from partners.domain import access, keyset, lookup
from partners.domain.lookup import Person
from partners.enums import Permission
from partners.middleware import ActorRequest
from partners.payloads import Actor

SIZE = 25
FIRST = 3  # of what is shown beside interactions


class Kind(StrEnum):
    """What can be looked for."""

    ALL = "all"
    INTERACTIONS = "interactions"
    PARTNERS = "partners"
    PEOPLE = "people"
    DOCUMENTS = "documents"


TABS = {
    Kind.ALL: _("All"),
    Kind.INTERACTIONS: _("Interactions"),
    Kind.PARTNERS: _("Partners"),
    Kind.PEOPLE: _("People"),
    Kind.DOCUMENTS: _("Documents"),
}
NARROWED = (Kind.ALL, Kind.INTERACTIONS, Kind.DOCUMENTS)  # what the facets speak of


@require_safe
def find(request: ActorRequest) -> HttpResponse:
    actor = loaders.representative(request)
    wanted = texts.flatten(request.GET.get("q", ""), most=search.MOST_QUERY).strip()
    if not wanted:
        return render(request, "console/interactions/search.html", {"wanted": ""})
    bearers = search.named(wanted, actor=actor)
    leads = jump(wanted, bearers, actor)
    if leads is not None:
        return leads
    at = timezone.now()
    told = request.GET.get("kind", "")
    kind = Kind(told) if told in TABS else Kind.ALL
    chosen = facets.chosen(request.GET, at=at) if kind in NARROWED else {}
    context = {
        "wanted": wanted,
        "kind": kind,
        "tabs": [(each, words, each == kind) for each, words in TABS.items()],
        "chips": facets.chips(request.GET, chosen, actor=actor),
        "is_first": not ("after" in request.GET or "before" in request.GET),
        "at": at,
    }
    if kind in {Kind.ALL, Kind.INTERACTIONS}:
        context |= interactions(request, wanted, bearers, chosen, at=at)
    if kind != Kind.INTERACTIONS and (kind != Kind.ALL or context["is_first"]):
        context |= others(request, wanted, kind, facets.all_of(chosen.values()))
    return render(request, "console/interactions/search.html", context)


def jump(wanted: str, bearers: set[int], actor: Actor) -> HttpResponseRedirect | None:
    """Where a number leads: one of ours, or one that somebody else gave to a single interaction."""
    seen = Interaction.objects.visible_to(actor)
    number = search.number_in(wanted)
    if number is None or not seen.filter(pk=number).exists():
        if len(bearers) != 1 or not seen.filter(pk__in=bearers).exists():
            return None
        (number,) = bearers
    return redirect("console-interactions:page", f"BPI-{number:07d}")


def interactions(
    request: ActorRequest, wanted: str, bearers: set[int], chosen: Mapping[str, Q], *, at: datetime
) -> dict[str, Any]:
    """A page of interactions, the newest first, and what they can be narrowed to."""
    after, before = (paging.place_in(request.GET.get(name, "")) for name in ("after", "before"))
    start = before or after
    hits = matching.interactions(
        wanted,
        named=bearers,
        actor=request.actor,
        narrow=facets.all_of(chosen.values()),
        place=Place(id=start.id, is_rising=before is not None) if start else None,
        enough=SIZE + 1,
    )
    seen = Interaction.objects.visible_to(request.actor)
    rows = workload.rows(seen.filter(pk__in=hits.ids) if hits.ids else seen.none())
    page = paging.page(rows, Order.NEWEST, after=after, before=before, size=SIZE)
    lines = highlights.lines(page.rows, wanted)
    return {
        "page": page,
        "rows": [
            (row, workload.reason(row, at=at), mark(row.subject, wanted), lines.get(row.pk, "")) for row in page.rows
        ],
        "found": told(hits),
        "periods": {code: words for code, (words, _days) in facets.PERIODS.items()},
        "facets": facets.offered(hits.ids[: MOST - 1], request.GET, chosen, at=at) if page.rows else [],
    }


def told(hits: Hits) -> dict[str, Any]:
    """How many there are, or how many at least."""
    return {"count": min(len(hits.ids), MOST - 1), "is_all": hits.is_all, "is_cut": hits.is_cut}


def others(request: ActorRequest, wanted: str, kind: Kind, narrow: Q) -> dict[str, Any]:
    """Partners, people and documents: the first of each beside interactions, or all of one kind."""
    found: dict[str, Any] = {}
    actor, is_wide = request.actor, narrow == EVERYTHING
    if kind == Kind.PARTNERS or (kind == Kind.ALL and is_wide):
        partners = cut(list(lookup.partners(wanted, actor=actor, most=MOST)), kind)
        found["partners"] = partners | {"rows": [(one, mark(one.name, wanted)) for one in partners["rows"]]}
    if kind == Kind.PEOPLE or (kind == Kind.ALL and is_wide):
        people = cut(lookup.people(wanted, actor=actor, most=MOST), kind)
        found["people"] = people | {"rows": [named(one, wanted, actor) for one in people["rows"]]}
    if kind in {Kind.DOCUMENTS, Kind.ALL}:
        found |= sent(request, wanted, kind, narrow)
    return found


def named(person: Person, wanted: str, actor: Actor) -> tuple[Person, str, str, str]:
    """Somebody, with name and address marked, and where one reads more."""
    return person, mark(person.name, wanted), mark(person.reached, wanted), page_of(person, actor)


def page_of(person: Person, actor: Actor) -> str:
    """Who may look at the person itself does; others find it among the partner's people, or read of the partner."""
    if person.membership_id is None:
        return reverse("console-partners:page", args=[person.partner.pk])
    if access.may_look(actor, Permission.MANAGE_PEOPLE):
        return reverse("console-partners:person", args=[person.partner.pk, person.membership_id])
    return f"{reverse('console-partners:people', args=[person.partner.pk])}?{urlencode({'q': person.name})}"


def sent(request: ActorRequest, wanted: str, kind: Kind, narrow: Q) -> dict[str, Any]:
    """Documents, the newest first."""
    rows = documents(wanted, actor=request.actor, narrow=narrow)
    if kind == Kind.ALL:
        found, page = cut(list(rows.order_by("-id")[:MOST]), kind), None
    else:
        places = {name: request.GET.get(name, "") for name in ("after", "before")}
        page = keyset.page(rows, ("-id",), **places, size=SIZE)
        found = {"rows": page.rows}
    marked = [(one, mark(one.name, wanted)) for one in found["rows"]]
    return {"documents": found | {"rows": marked}, "files": page}


def cut(rows: Sequence[Any], kind: Kind) -> dict[str, Any]:
    """The rows that are shown, and how many there are."""
    shown = rows[:FIRST] if kind == Kind.ALL else rows[: MOST - 1]
    told = {"count": min(len(rows), MOST - 1), "is_all": len(rows) < MOST}
    return {"rows": shown, "has_more": kind == Kind.ALL and len(rows) > FIRST, **told}


def documents(wanted: str, *, actor: Actor, narrow: Q) -> QuerySet[Attachment]:
    """Files with these words in their names, of interactions that somebody sees."""
    files = Attachment.objects.filter(lookup.containing(lookup.words_in(wanted), "name"))
    if narrow != EVERYTHING or not actor.is_representative:
        files = files.filter(interaction__in=Interaction.objects.visible_to(actor).filter(narrow))
    columns = ("name", "size", "created_at", "interaction__subject", "interaction__partner__name")
    return files.select_related("interaction__partner").only(*columns)
