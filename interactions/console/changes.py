"""A partner's wish to change what is worked on: the owner decides, and says why and what follows."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions.console import loaders, page
from interactions.console.wishes import DecisionForm
from interactions.domain import changes
from interactions.models import ChangeRequest
from partners.middleware import ActorRequest


@require_POST
def decide(request: ActorRequest, number: int, change_id: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    wish = get_object_or_404(ChangeRequest, pk=change_id, interaction=interaction)
    form = DecisionForm(wish, request.POST)

    def act(version: int) -> None:
        changes.decide(wish, form.decided(), actor=request.actor, at=timezone.now(), version=version)

    done = _("“%(kind)s” is decided, and the partner is told.") % {"kind": wish.get_kind_display()}
    return page.attempt(request, interaction, form, act, button=_("Decide"), done=done)
