"""How a due time comes about: a page, and the same as a dialog over the page one comes from."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from interactions.console import loaders
from interactions.domain import explanations
from interactions.models import Clock, Interaction
from partners.middleware import ActorRequest


@require_safe
def promises(request: ActorRequest, number: int) -> HttpResponse:
    """The promise that a list shows of an interaction: the nearest one."""
    interaction = loaders.seen(request, number)
    clocks = explanations.clocks_of(interaction)
    return explain(request, interaction, clocks, clocks[0] if clocks else None)


@require_safe
def promise(request: ActorRequest, number: int, clock_id: int) -> HttpResponse:
    interaction = loaders.seen(request, number)
    clocks = explanations.clocks_of(interaction)
    clock = next((clock for clock in clocks if clock.pk == clock_id), None)
    if clock is None:
        raise Http404
    return explain(request, interaction, clocks, clock)


def explain(
    request: ActorRequest, interaction: Interaction, clocks: Sequence[Clock], clock: Clock | None
) -> HttpResponse:
    at = timezone.now()
    context = {
        "interaction": interaction,
        "clocks": clocks,
        "explained": explanations.of(clock, at=at) if clock is not None else None,
        "at": at,
    }
    name = "console/interactions/promise.html"
    is_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{name}#explanation" if is_part else name, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response
