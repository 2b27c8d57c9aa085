"""What the command menu finds while somebody types: the first few interactions, partners and people."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interactions.channels import text as texts
from interactions.console import arranging, loaders
from interactions.console.highlights import mark
from interactions.console.search import named
from interactions.domain import matching, search
from interactions.models import Interaction
from partners.domain import lookup
from partners.middleware import ActorRequest
from partners.payloads import Actor

FIRST = 5


@require_safe
def menu(request: ActorRequest) -> HttpResponse:
    """Options to choose from; before anything is typed, what was opened lately."""
    actor = loaders.representative(request)
    wanted = texts.flatten(request.GET.get("q", ""), most=search.MOST_QUERY).strip()
    found = hits(wanted, actor) if wanted else lately(request, actor)
    return render(request, "console/interactions/menu.html", {"wanted": wanted, **found})


def lately(request: ActorRequest, actor: Actor) -> dict[str, Any]:
    ids = [search.number_in(opened.number) or 0 for opened in arranging.arrangement_of(request).recent]
    return {"interactions": rows(ids[:FIRST], "", actor)}


def hits(wanted: str, actor: Actor) -> dict[str, Any]:
    """Somebody who types a number means that interaction first."""
    number = search.number_in(wanted)
    ids = matching.interactions(wanted, named=search.named(wanted, actor=actor), actor=actor, enough=FIRST).ids
    partners = lookup.partners(wanted, actor=actor, most=FIRST)
    people = lookup.people(wanted, actor=actor, most=FIRST)
    return {
        "interactions": rows(list(dict.fromkeys([*filter(None, [number]), *ids]))[:FIRST], wanted, actor),
        "partners": [(partner, mark(partner.name, wanted)) for partner in partners],
        "people": [named(person, wanted, actor) for person in people],
    }


def rows(ids: Sequence[int], wanted: str, actor: Actor) -> list[tuple[Interaction, str]]:
    """Interactions in the order of their ids, as far as they are seen."""
    seen = Interaction.objects.visible_to(actor).select_related("partner")
    found = seen.only("status", "subject", "partner__name").in_bulk(list(ids))
    return [(found[one], mark(found[one].subject, wanted)) for one in ids if one in found]
