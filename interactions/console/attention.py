"""Watching an interaction, and the list of where one was called by name."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from interactions.console import loaders
from interactions.domain import mentions, watching
from partners.middleware import ActorRequest


@require_POST
def watch(request: ActorRequest, number: int) -> HttpResponse:
    """Begin or end to watch, as the button says."""
    interaction = loaders.interaction(request, number)
    if request.POST.get("watch") == "yes":
        watching.begin(interaction, actor=request.actor, at=timezone.now())
    else:
        watching.end(interaction, actor=request.actor)
    return redirect("console-interactions:page", interaction.number)


@require_POST
def seen(request: ActorRequest, number: int) -> HttpResponse:
    """Whoever was called has looked."""
    interaction = loaders.interaction(request, number)
    mentions.look(interaction, actor=request.actor, at=timezone.now())
    return redirect("console-interactions:page", interaction.number)


@require_safe
def mentioned(request: ActorRequest) -> HttpResponse:
    actor = loaders.worker(request)
    return render(request, "console/interactions/mentions.html", {"mentions": mentions.unread(actor)})


@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """Names that can be called in a note."""
    loaders.worker(request)
    return JsonResponse({"names": [one.name for one in mentions.colleagues()]})
