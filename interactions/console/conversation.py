"""The composer: a reply to the partner with what follows from it, or an internal note."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from interactions import rules
from interactions.console import loaders, page, problems
from interactions.console.forms import ComposerForm
from interactions.console.problems import CONFLICT, REFUSALS, UNPROCESSABLE
from interactions.domain import catalogue, conversation, outbound
from interactions.domain.conversation import Saying
from interactions.enums import Side
from interactions.models import Interaction
from partners.enums import Channel
from partners.middleware import ActorRequest
from partners.payloads import Actor

ANSWERED_BY: Mapping[str, Channel] = {Channel.WEB: Channel.WEB}  # everything else is answered by mail

DONE = {
    ComposerForm.KEEP: gettext_lazy("Sent to the partner."),
    ComposerForm.WAIT: gettext_lazy("Sent to the partner; now we wait for the answer."),
    ComposerForm.RESOLVE: gettext_lazy("Sent to the partner and resolved."),
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
            messages.success(request, done)
            return redirect("console-interactions:page", interaction.number)
    if status == CONFLICT:
        interaction = loaders.interaction(request, number)
    return page.show(request, interaction, composer=form, status=status)


def enter(request: ActorRequest, interaction: Interaction, form: ComposerForm) -> str:
    """Make the one call that the form asks for; returns what was done, in words."""
    filled = form.cleaned_data
    if filled["mode"] == ComposerForm.NOTE:
        conversation.note(interaction, filled["text"], actor=request.actor, at=timezone.now())
        return _("Note added; only we can read it.")
    version = page.refuse_stale(request, interaction)
    following = filled["following"] or ComposerForm.KEEP
    reply(interaction, form, following, actor=request.actor, version=version)
    return str(DONE[following])


def reply(interaction: Interaction, form: ComposerForm, following: str, *, actor: Actor, version: int) -> None:
    at = timezone.now()
    saying = Saying(
        text=form.cleaned_data["text"],
        side=Side.ENTERPRISE,
        channel=ANSWERED_BY.get(interaction.channel, Channel.EMAIL),
        files=form.cleaned_data["attachments"],
    )
    if following == ComposerForm.WAIT:
        conversation.ask(interaction, saying, form.words(), actor=actor, at=at, version=version)
    elif following == ComposerForm.RESOLVE:
        outbound.answer_and_resolve(interaction, saying, form.words(), actor=actor, at=at, version=version)
    else:
        conversation.say(interaction, saying, actor=actor, at=at, version=version)
