"""A quick look over the list: where something stands, and the newest of what was said."""

import time

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from interactions.console import loaders
from interactions.domain import presence, workload
from interactions.models import Interaction, Item, Note
from partners.middleware import ActorRequest

NEWEST = 3


@require_safe
def peek(request: ActorRequest, number: int) -> HttpResponse:
    loaders.seen(request, number)
    interaction = workload.rows(Interaction.objects.visible_to(request.actor), "type__name", "team__name").get(
        pk=number
    )
    context = {
        "interaction": interaction,
        "ball": interaction.ball if interaction.is_open else "nobody",
        "reason": workload.reason(interaction, at=timezone.now()),
        "said": newest(interaction),
        "present": presence.others(number, request.actor, now=time.time()),
    }
    template = "console/interactions/peek.html"
    response = render(request, f"{template}#peek" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def newest(interaction: Interaction) -> list[Item | Note]:
    """The newest of what was said and noted, oldest first."""
    items = Item.objects.filter(interaction=interaction).select_related("author").order_by("-sequence")[:NEWEST]
    notes = Note.objects.filter(interaction=interaction).select_related("author").order_by("-at", "-id")[:NEWEST]
    found: list[Item | Note] = [*items, *notes]
    return sorted(found, key=lambda one: one.at)[-NEWEST:]
