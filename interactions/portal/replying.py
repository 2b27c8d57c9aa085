"""What a partner does in a matter: write, answer, confirm, reopen, cancel. What was written survives every refusal."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from interactions import rules
from interactions.domain import changes, conversation, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Side
from interactions.errors import (
    ChangedMeanwhile,
    ContinuedElsewhere,
    MoveNotAllowed,
    NotAccepted,
    NotFinished,
    ReasonMissing,
    ReopenTooLate,
)
from interactions.models import Interaction
from interactions.portal.forms import MessageForm, MoveForm, received
from interactions.portal.page import load, show
from partners.enums import Channel
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

DONE = {
    Move.CONFIRM: lazy("Thank you. This is closed now."),
    Move.REOPEN: lazy("It is open again, and we go on with it."),
    Move.CANCEL: lazy("It is cancelled."),
}
ASKED = lazy("We work on it already: we decide whether it can still be cancelled, and tell you here.")
NEEDED = {
    Move.REOPEN: lazy("Say what is still missing or wrong."),
    Move.CANCEL: lazy("Say in a few words why it is no longer needed."),
}


@require_POST
@for_partners
def answer(request: ActorRequest, number: str) -> HttpResponse:
    """Say something in the conversation; while we wait for the partner it is the answer."""
    interaction = load(request, number)
    rules.require_move(request.actor, interaction, Move.ANSWER)
    if not rules.can_say(request.actor, interaction):
        raise PermissionDenied
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        is_stale = "version" in form.errors
        problem = str(ChangedMeanwhile()) if is_stale else ""
        return show(request, interaction, message_form=form, problem=problem, status=409 if is_stale else 422)
    given = form.cleaned_data
    saying = Saying(text=form.words, side=Side.PARTNER, channel=Channel.WEB, files=received(given["attachment"]))
    try:
        item = conversation.say(interaction, saying, actor=request.actor, at=timezone.now(), version=given["version"])
    except ChangedMeanwhile as changed:
        return show(request, load(request, number), message_form=form, problem=str(changed), status=409)
    except NotAccepted as refusal:
        form.add_error("attachment" if refusal.attribute == "attachment" else "text", refusal.reason)
        return show(request, interaction, message_form=form, status=422)
    messages.success(request, _("Sent. We have your message."))
    return redirect(f"{reverse('portal-interactions:page', args=[interaction.number])}#item-{item.sequence}")


@require_POST
@for_partners
def move(request: ActorRequest, number: str) -> HttpResponse:
    """Confirm the solution, reopen or cancel."""
    interaction = load(request, number)
    wanted = next((one for one in DONE if one == request.POST.get("move", "")), None)
    if wanted is None:
        raise PermissionDenied
    rules.require_move(request.actor, interaction, wanted)
    if not rules.may_move(request.actor, interaction, wanted):
        raise PermissionDenied
    form = MoveForm(request.POST, auto_id="cancel_%s" if wanted == Move.CANCEL else "id_%s")
    if not form.is_valid():
        is_stale = "version" in form.errors
        problem = str(ChangedMeanwhile()) if is_stale else ""
        return show(request, interaction, move_forms={wanted: form}, problem=problem, status=409 if is_stale else 422)
    try:
        done = make(request, interaction, wanted, form)
    except ReasonMissing:
        form.add_error("reason", NEEDED[wanted])
        return show(request, interaction, move_forms={wanted: form}, status=422)
    except NotAccepted as refusal:
        form.add_error("reason", refusal.reason)
        return show(request, interaction, move_forms={wanted: form}, status=422)
    except (ChangedMeanwhile, ContinuedElsewhere, MoveNotAllowed, NotFinished, ReopenTooLate) as reason:
        return show(request, load(request, number), move_forms={wanted: form}, problem=str(reason), status=409)
    messages.success(request, done)
    return redirect("portal-interactions:page", interaction.number)


def make(request: ActorRequest, interaction: Interaction, wanted: Move, form: MoveForm) -> str:
    """Make the move; whether what is worked on can still be cancelled, we decide. Returns what was done, in words."""
    at, version, reason = timezone.now(), form.cleaned_data["version"], form.cleaned_data["reason"]
    if wanted == Move.CANCEL:
        if not reason.strip():
            raise ReasonMissing(wanted, "reason")
        asked = changes.cancel(interaction, reason=reason, actor=request.actor, at=at, version=version)
        return str(ASKED if asked else DONE[wanted])
    words = Words(reason=reason)
    lifecycle.make_move(
        interaction, wanted, actor=request.actor, at=at, words=words, channel=Channel.WEB, version=version
    )
    return str(DONE[wanted])
