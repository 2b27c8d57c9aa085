"""While somebody fills in a request: it is kept, by a button or as they type, and found again later."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions.domain import draft_files, request_drafts
from interactions.domain.offers import Offer
from interactions.errors import DraftChanged, NotAccepted
from interactions.models import RequestDraft
from interactions.portal.forms import RequestForm
from interactions.portal.order_lines import Lines
from interactions.portal.typed_fields import received_one
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

MOST_VALUES = 200
PART = "portal/interactions/drafted.html"
SEVERAL = {"readers"}
AS_BEGUN = {"priority", "visibility"}
Files: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"


@dataclass(kw_only=True)
class Begun:
    """A request that is being filled in."""

    offer: Offer
    form: RequestForm
    lines: Lines | None
    draft: RequestDraft | None


def id_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def of(request: ActorRequest, offer: Offer) -> RequestDraft | None:
    """The draft that a form belongs to: the one of its key, or the one that is asked for; 404 for somebody else's."""
    mine = RequestDraft.objects.visible_to(request.actor).filter(type=offer.type)
    if request.method == "POST":
        return mine.filter(key=request.POST.get("key", "")[:64]).first()
    asked = request.GET.get("draft", "")
    if not asked:
        return None
    draft = mine.filter(pk=id_in(asked)).first()
    if draft is None:
        raise Http404
    return draft


def with_kept(files: Files, draft: RequestDraft | None) -> Files:
    """The files of a request with those that the draft has kept, as if all were chosen now."""
    together: Files = MultiValueDict()
    for kept in draft.files.order_by("pk") if draft else ():
        content = draft_files.content(kept)
        together.appendlist(kept.field, SimpleUploadedFile(kept.name, content, kept.content_type))
    for name in files:  # last, since of several files the last one counts where one is asked for
        together.setlist(name, [*together.getlist(name), *files.getlist(name)])
    return together


def initial_of(filled: Mapping[str, list[str]]) -> dict[str, Any]:
    """What a form begins with that was filled in so."""
    return {name: values if name in SEVERAL else values[0] for name, values in filled.items() if values}


def keep(request: ActorRequest, begun: Begun) -> RequestDraft | None:
    """Save what stands in a form, with the files that were chosen now. Raises DraftChanged and NotAccepted."""
    form, lines = begun.form, begun.lines
    names = [name for name in form.fields if name != "key"]
    names += [row[name].html_name for row in lines.rows for name in row.fields] if lines is not None else []
    filled = {name: request.POST.getlist(name)[:MOST_VALUES] for name in names if name in request.POST}
    chosen = {name: request.FILES.getlist(name) for name in request.FILES if name in form.fields}
    version = id_in(request.POST.get("draft_version", ""))
    return request_drafts.keep(
        begun.offer.type,
        request.POST.get("key", "")[:64] or uuid.uuid4().hex,
        filled if version or has_words(filled) else {},
        {name: [received_one(one) for one in files] for name, files in chosen.items()},
        version=version,
        actor=request.actor,
        at=timezone.now(),
    )


def keep_files(request: ActorRequest, begun: Begun) -> bool:
    """Keep what a refused form brought along, because a browser does not; whether files are lost all the same."""
    refused = any(name in begun.form.errors for name in request.FILES)
    if not request.FILES:
        return False
    try:
        begun.draft = None if refused else keep(request, begun)
    except (DraftChanged, NotAccepted):
        return True
    return begun.draft is None


def has_words(filled: Mapping[str, list[str]]) -> bool:
    """Whether anything was filled in beside what a form begins with."""
    return any(
        value.strip()
        for name, values in filled.items()
        if name not in AS_BEGUN and not name.endswith("-quantity")
        for value in values
    )


def kept(request: ActorRequest, begun: Begun, *, problem: str = "", status: int = 200) -> HttpResponse:
    """What a page that saves while one types puts in place of what it had."""
    context = {"draft": begun.draft, "problem": problem, "was_kept": begun.draft is not None}
    return render(request, PART, context, status=status)


def words_of(problem: DraftChanged | NotAccepted) -> str:
    return str(problem.reason) if isinstance(problem, NotAccepted) else str(problem)


def saved(request: ActorRequest, begun: Begun) -> HttpResponse | str:
    """The answer to the button that saves, or takes a file away; a text says why it could not."""
    try:
        draft = keep(request, begun)
    except (DraftChanged, NotAccepted) as problem:
        return words_of(problem)
    if draft is None:
        return _("There is nothing to save yet.")
    if removed := id_in(request.POST.get("remove", "")):
        request_drafts.detach(draft, removed)
        messages.success(request, _("The file is taken away."))
    else:
        messages.success(request, _("Saved. You find it under “New request” and on your first page."))
    return redirect(f"{request.path}?draft={draft.pk}")


@require_POST
@for_partners
def discard(request: ActorRequest, draft_id: int) -> HttpResponse:
    draft = RequestDraft.objects.visible_to(request.actor).filter(pk=id_in(str(draft_id))).first()
    if draft is None:
        raise Http404
    request_drafts.drop(draft.key, actor=request.actor)
    messages.success(request, _("The draft is discarded."))
    return redirect("portal-interactions:types" if "types" in request.POST else "portal-interactions:home")
