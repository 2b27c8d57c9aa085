"""Marking what was chosen as unread, or as read: what one has looked at is one's own, so it is done at once."""

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_http_methods

from interactions.console import bulk, loaders
from interactions.domain import visits
from partners.middleware import ActorRequest

UNREAD, READ = "unread", "read"
BUTTONS = {
    UNREAD: (_("Mark as unread"), ngettext_lazy("Mark %(count)d as unread", "Mark %(count)d as unread", "count")),
    READ: (_("Mark as read"), ngettext_lazy("Mark %(count)d as read", "Mark %(count)d as read", "count")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: ActorRequest) -> HttpResponse:
    """Without script the buttons of the list lead to a page that asks once more."""
    actor = loaders.worker(request)
    asked = request.POST if request.method == "POST" else request.GET
    wanted = asked.get("mark", "")
    if wanted not in BUTTONS:
        raise BadRequest("no such mark")
    chosen = bulk.versions_in(request, asked)
    if request.method == "POST":
        verb = visits.put_back if wanted == UNREAD else visits.look_at
        verb(chosen, actor=actor, at=timezone.now())
        return (
            HttpResponse(status=204)
            if request.htmx
            else redirect(f"{reverse('console-interactions:queue')}?{bulk.back_in(asked)}")
        )
    title, button = BUTTONS[wanted]
    context = {
        "form": forms.Form(),
        "title": title,
        "button": button % {"count": len(chosen)},
        "door": request.path,
        "field": ("mark", wanted),
        **bulk.chosen_in(asked, chosen),
    }
    return render(request, "console/interactions/bulk.html", context)
