"""Who else is here, and whether something is new: asked by a page that is open, and by one whose live line is down."""

import time

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from interactions.console import loaders
from interactions.domain import presence, surroundings, visits
from partners.middleware import ActorRequest

GONE, WRITING = "gone", "writing"


@require_POST
def beat(request: ActorRequest, number: int) -> HttpResponse:
    """Say that somebody reads or writes here, or has left; answers with who else does, and how long the record is."""
    interaction = loaders.interaction(request, number)
    state = request.POST.get("state", "")
    if request.POST.get("opened"):
        visits.note(interaction, actor=request.actor, at=timezone.now())
    if state == GONE:
        presence.leave(interaction.pk, request.actor)
        return HttpResponse(status=204)
    now = time.time()
    presence.beat(interaction.pk, request.actor, is_writing=state == WRITING, now=now)
    proof = surroundings.proof_of(interaction)
    context = {
        "present": presence.others(interaction.pk, request.actor, now=now),
        "seen": proof.length if proof else 0,
    }
    return render(request, "console/interactions/matter/presence.html", context)
