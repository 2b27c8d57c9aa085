"""One page of all files between the partner and us."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interactions.domain import documents
from partners.domain import keyset
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

ROWS = 25


@require_safe
@for_partners
def document_list(request: ActorRequest) -> HttpResponse:
    """The newest first; by name where one is looked for."""
    text = request.GET.get("q", "").strip()[: documents.MOST_QUERY]
    page = keyset.page(
        documents.readable(request.actor, name=text),
        ("-id",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=ROWS,
    )
    context = {"page": page, "text": text, "are_kept_back": documents.are_kept_back(request.actor)}
    return render(request, "portal/interactions/documents.html", context)
