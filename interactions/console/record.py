"""What the record of an interaction proves, and the history of one of its fields."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from interactions.console import loaders
from interactions.domain import field_history, surroundings
from partners.domain import seals
from partners.middleware import ActorRequest


@require_safe
def proof(request: ActorRequest, number: int) -> HttpResponse:
    """Every entry is looked at now; what is found is said."""
    interaction = loaders.seen(request, number)
    context = {"interaction": interaction, "seal": seals.check(interaction.stream), "at": timezone.now()}
    return sheet(request, "proof", context)


@require_safe
def download(request: ActorRequest, number: int) -> HttpResponseBase:
    """The record as lines of JSON, which anybody can check without us."""
    interaction = loaders.seen(request, number)
    response = StreamingHttpResponse(seals.proof(interaction.stream), content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="{interaction.number}-record.jsonl"'
    return response


@require_safe
def history(request: ActorRequest, number: int, field: str) -> HttpResponse:
    interaction = loaders.seen(request, number)
    if field not in field_history.EVENTS:
        raise Http404
    around = surroundings.of(interaction, actor=request.actor, at=timezone.now())
    happened = field_history.of(interaction, field, around.names(), actor=request.actor)
    context = {"interaction": interaction, "title": field_history.TITLES[field], "happened": happened}
    return sheet(request, "history", context)


def sheet(request: ActorRequest, part: str, context: Mapping[str, object]) -> HttpResponse:
    """A part over the page one comes from, or the page of it."""
    name = f"console/interactions/{part}.html"
    response = render(request, f"{name}#sheet" if request.htmx else name, dict(context))
    patch_vary_headers(response, ["HX-Request"])
    return response
