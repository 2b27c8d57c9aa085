"""What happens while somebody writes: the draft is kept, files are put to it, snippets are offered."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from interactions import rules
from interactions.console import loaders, page, recipients
from interactions.console.composer import ComposerForm, WrittenForm
from interactions.console.problems import CONFLICT, UNPROCESSABLE
from interactions.console.widgets import FilesField
from interactions.domain import addressing, catalogue, drafts, snippets
from interactions.errors import DraftChanged, NotAccepted
from interactions.models import DraftMode, Interaction
from partners.middleware import ActorRequest

PARTS = "console/interactions/matter/writing.html"


def writable(request: ActorRequest, number: int) -> Interaction:
    """An interaction that the representative may say something in."""
    interaction = loaders.interaction(request, number)
    if not rules.can_say(request.actor, interaction):
        raise PermissionDenied
    return interaction


@require_POST
def keep(request: ActorRequest, number: int) -> HttpResponse:
    """Save what is written so far; answers with the version that it has now."""
    interaction = writable(request, number)
    form = WrittenForm(request.POST, codes=catalogue.version_of(interaction).resolution_codes)
    if not form.is_valid():
        return JsonResponse({"problem": _("This cannot be kept as it is.")}, status=UNPROCESSABLE)
    version = loaders.id_in(request.POST.get("draft_version", "")) or 0
    mode, wording, at = DraftMode(form.cleaned_data["mode"]), form.wording(), timezone.now()
    answer: dict[str, object] = {}
    if wording.recipients is not None:
        wording = replace(wording, recipients=addressing.choose(interaction, wording.recipients, at=at))
        answer["send"] = recipients.of(interaction, wording.recipients, at=at).send_words
    try:
        kept = drafts.keep(interaction, mode, wording, actor=request.actor, at=at, version=version)
    except DraftChanged as error:
        return JsonResponse({"problem": str(error)}, status=CONFLICT)
    return JsonResponse({"version": kept, "words": _("Draft saved") if kept else "", **answer})


@require_POST
def attach(request: ActorRequest, number: int) -> HttpResponse:
    """Take files that were dropped, pasted or photographed."""
    interaction = writable(request, number)
    problem, at, begun = "", timezone.now(), 0
    try:
        uploads = FilesField().clean(request.FILES.getlist("attachments"))
        draft = drafts.attach(interaction, uploads, actor=request.actor, at=at)
        begun = draft.version if draft.saved_at == at else 0
    except (NotAccepted, DraftChanged) as error:
        problem = str(error)
    except ValidationError as error:
        problem = " ".join(error.messages)
    return files(request, interaction, problem=problem, begun=begun)


@require_POST
def detach(request: ActorRequest, number: int, file_id: int) -> HttpResponse:
    interaction = writable(request, number)
    if file_id <= loaders.MOST_ID:
        drafts.detach(interaction, file_id, actor=request.actor)
    if not request.htmx:
        written = ComposerForm(request.POST, codes=catalogue.version_of(interaction).resolution_codes)
        return page.show(request, interaction, composer=written)
    return files(request, interaction)


def files(request: ActorRequest, interaction: Interaction, *, problem: str = "", begun: int = 0) -> HttpResponse:
    """The files that go with the reply; `begun` is the version of a draft that was made for them."""
    reply = drafts.written_by(request.actor, interaction).get(DraftMode.REPLY)
    context = {"interaction": interaction, "reply_draft": reply, "problem": problem, "begun": begun}
    return render(request, f"{PARTS}#files", context, status=UNPROCESSABLE if problem else 200)


@require_safe
def offer(request: ActorRequest, number: int) -> HttpResponse:
    """The snippets, filled in for this interaction."""
    interaction = writable(request, number)
    context = {"interaction": interaction, "snippets": snippets.offered(interaction, actor=request.actor)}
    return render(request, f"{PARTS}#snippets" if request.htmx else "console/interactions/snippets.html", context)
