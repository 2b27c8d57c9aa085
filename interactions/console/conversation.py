"""What is said: a reply that leaves after a few seconds or at a chosen moment, or an internal note at once."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from interactions import rules
from interactions.console import loaders, page, problems
from interactions.console.composer import ComposerForm
from interactions.console.problems import CONFLICT, REFUSALS, UNPROCESSABLE
from interactions.domain import addressing, catalogue, outgoing
from interactions.errors import AlreadyLeft
from interactions.models import DraftMode, Following, Interaction
from partners.middleware import ActorRequest

DONE = {
    Following.KEEP: gettext_lazy("Sent to the partner."),
    Following.WAIT: gettext_lazy("Sent to the partner; now we wait for the answer."),
    Following.RESOLVE: gettext_lazy("Sent to the partner and resolved."),
}


@require_POST
def say(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    if not rules.can_say(request.actor, interaction):
        raise PermissionDenied
    codes = catalogue.version_of(interaction).resolution_codes
    form = ComposerForm(request.POST, request.FILES, codes=codes)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            done = enter(request, interaction, form)
        except REFUSALS as error:
            status = problems.status_of(error)
            if sentence := problems.tell(form, error):
                form.add_error(None, sentence)
        else:
            if done:
                messages.success(request, done)
            return redirect("console-interactions:page", interaction.number)
    if status == CONFLICT:
        interaction = loaders.interaction(request, number)
    return page.show(request, interaction, composer=form, status=status)


def enter(request: ActorRequest, interaction: Interaction, form: ComposerForm) -> str:
    """Make the one call that the form asks for; returns what was done, in words, where the page does not show it."""
    wording, at = form.wording(), timezone.now()
    if form.cleaned_data["mode"] == DraftMode.NOTE:
        outgoing.note(interaction, wording.text, actor=request.actor, at=at)
        return _("Note added; only we can read it.")
    version = page.refuse_stale(request, interaction, beside=page.BESIDE)
    recipients = addressing.choose(interaction, wording.recipients, form.cleaned_data["to_more"], at=at)
    send_at = form.cleaned_data["send_at"]
    outgoing.send(
        interaction,
        replace(wording, recipients=recipients),
        form.cleaned_data["attachments"],
        leaves_at=send_at or at + timedelta(seconds=settings.UNDO_SECONDS),
        actor=request.actor,
        at=at,
        version=version,
        stays_if_answered=bool(send_at),
    )
    if send_at:
        moment = date_format(localtime(send_at), _("j F, H:i"))
        return _("It leaves on %(moment)s, unless the partner says something before.") % {"moment": moment}
    return "" if settings.UNDO_SECONDS else str(DONE[wording.following])


@require_POST
def take_back(request: ActorRequest, number: int, draft_id: int) -> HttpResponse:
    """Have a reply that has not left yet as a draft again."""
    interaction = loaders.interaction(request, number)
    try:
        draft = outgoing.take_back(draft_id, interaction, actor=request.actor, at=timezone.now())
    except AlreadyLeft as error:
        messages.error(request, str(error))
        return redirect("console-interactions:page", interaction.number)
    mine = draft.author_id == request.actor.user_id
    done = _("Taken back: nothing was sent.") if mine else _("Taken back: it is a draft of its author again.")
    messages.success(request, done)
    return redirect("console-interactions:page", interaction.number)
