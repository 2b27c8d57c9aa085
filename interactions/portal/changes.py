"""A partner wants something changed that we work on already: it asks, we decide, and it may think again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions import rules
from interactions.domain import changes
from interactions.enums import Move
from interactions.errors import ChangeDecided, ChangedMeanwhile, MoveNotAllowed, NotAccepted
from interactions.models import ChangeRequest
from interactions.portal.page import load, show
from interactions.portal.wishes import WishForm
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners


@require_POST
@for_partners
def ask(request: ActorRequest, number: str) -> HttpResponse:
    """Put a wish to whoever owns the matter."""
    interaction = load(request, number)
    rules.require_move(request.actor, interaction, Move.ANSWER)
    if not rules.can_say(request.actor, interaction):
        raise PermissionDenied
    form = WishForm(request.POST, auto_id="wish_%s")
    if not form.is_valid():
        is_stale = "version" in form.errors
        problem = str(ChangedMeanwhile()) if is_stale else ""
        return show(request, interaction, wish_form=form, problem=problem, status=409 if is_stale else 422)
    version = form.cleaned_data["version"]
    try:
        changes.ask(interaction, form.wish(), actor=request.actor, at=timezone.now(), version=version)
    except NotAccepted as refusal:
        form.add_error(refusal.attribute if refusal.attribute in form.fields else "reason", refusal.reason)
        return show(request, interaction, wish_form=form, status=422)
    except (ChangedMeanwhile, MoveNotAllowed) as reason:
        return show(request, load(request, number), wish_form=form, problem=str(reason), status=409)
    messages.success(request, _("We have your wish. We decide on it and tell you here."))
    return redirect("portal-interactions:page", interaction.number)


@require_POST
@for_partners
def withdraw(request: ActorRequest, number: str, change_id: int) -> HttpResponse:
    """Think again, while nobody has decided."""
    interaction = load(request, number)
    rules.require_move(request.actor, interaction, Move.ANSWER)
    wish = get_object_or_404(ChangeRequest, pk=change_id, interaction=interaction)
    try:
        changes.withdraw(wish, actor=request.actor, at=timezone.now())
    except ChangeDecided as reason:
        return show(request, load(request, number), problem=str(reason), status=409)
    messages.success(request, _("Your wish is withdrawn; everything stays as it was."))
    return redirect("portal-interactions:page", interaction.number)
