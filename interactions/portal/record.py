"""Is the record of a matter complete and unchanged? The answer, and a proof to take along."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interactions.domain import own_record
from interactions.portal.page import load
from partners.domain import seals
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners


@require_safe
@for_partners
def proof(request: ActorRequest, number: str) -> HttpResponse:
    """Every entry is looked at now; what is found is said."""
    interaction = load(request, number)
    context = {"interaction": interaction, "seal": seals.check(interaction.stream), "at": timezone.now()}
    return render(request, "portal/interactions/proof.html", context)


@require_safe
@for_partners
def download(request: ActorRequest, number: str) -> HttpResponse:
    """The record as lines of JSON, which the partner can check without us (docs/checking-a-record.md)."""
    interaction = load(request, number)
    lines = seals.own_proof(interaction.stream, own_record.DISCLOSED)
    response = HttpResponse(lines, content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="{interaction.number}-record.jsonl"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
