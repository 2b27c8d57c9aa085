"""One matter: how it stands, what was said, who takes part, and its files."""

import re
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from interactions import rules
from interactions.domain import (
    agenda,
    catalogue,
    changes,
    completeness,
    fields,
    order_lines,
    search,
    stages,
    standing,
    surroundings,
    thread,
    unanswered,
)
from interactions.enums import ChangeKind, Move, Status
from interactions.models import Interaction
from interactions.models.clock import ONCE
from interactions.portal.forms import MessageForm, MoveForm
from interactions.portal.wishes import WishForm
from partners.domain.translations import translated
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
WISHES = 10
UNTYPED = "application/octet-stream"


@require_safe
@for_partners
def page(request: ActorRequest, number: str) -> HttpResponse:
    """The page of an interaction; what was merged or passed on leads to where it goes on, `?earlier` to itself."""
    interaction = load(request, number)
    following = continued_in(request, interaction)
    if following is not None and "earlier" not in request.GET:
        told = {"number": interaction.number, "following": following.number}
        messages.info(request, _("%(number)s goes on here, as %(following)s.") % told)
        return redirect("portal-interactions:page", following.number)
    return show(request, interaction, following=following)


def continued_in(request: ActorRequest, interaction: Interaction) -> Interaction | None:
    """Where a matter goes on that was merged or passed on, if the actor may know of that."""
    if interaction.status != Status.CLOSED:
        return None
    newest = completeness.newest_of(interaction)
    if newest.pk == interaction.pk:
        return None
    return Interaction.objects.visible_to(request.actor).filter(pk=newest.pk).first()


@require_safe
@for_partners
def file(request: ActorRequest, number: str, file_id: int) -> HttpResponseBase:
    """A file of the conversation, always as a download and never shown as a page of ours."""
    attachment = thread.readable_files(load(request, number)).filter(pk=file_id).first()
    if attachment is None:
        raise Http404
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    told = attachment.content_type.lower()
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=told if MEDIA_TYPE.fullmatch(told) else UNTYPED,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def load(request: ActorRequest, number: str) -> Interaction:
    """The interaction with this number, or 404 when the actor may not know of it.

    Raises StepUpNeeded where its type asks for a stronger sign-in than this one.
    """
    seen = agenda.with_steps(Interaction.objects.visible_to(request.actor)).select_related("assignee", "team")
    interaction = seen.filter(pk=search.number_in(number) or 0).first()
    if interaction is None:
        raise Http404
    rules.require_level(request.actor, interaction.type)
    return interaction


def show(
    request: ActorRequest,
    interaction: Interaction,
    *,
    message_form: MessageForm | None = None,
    move_forms: dict[Move, MoveForm] | None = None,
    wish_form: WishForm | None = None,
    following: Interaction | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with what can be done now; forms that were refused keep their input."""
    at = timezone.now()
    moves = possible_moves(request, interaction)
    can_answer = rules.can_say(request.actor, interaction) and is_under_way(interaction)
    reopening = (move_forms or {}).get(Move.REOPEN)
    if reopening is None and message_form is not None and not can_answer:
        reopening = MoveForm(initial={"reason": message_form.data.get("text", "")})
    context: dict[str, Any] = {
        "interaction": interaction,
        "following": following,
        "standing": standing.of(interaction, at=at),
        "closes_at": unanswered.closes_at(interaction),
        "stages": stages.of(interaction),
        "thread": thread.of(interaction, before=earlier_than(request)),
        "people": thread.people(interaction),
        "ties": surroundings.ties_seen_by(request.actor, interaction),
        "clocks": interaction.clocks.filter(kind__in=ONCE).order_by("kind"),
        "values": fields.labelled(catalogue.version_of(interaction).fields, interaction.values),
        "resolution_label": completeness.label_of(interaction),
        "lines": (lines := order_lines.of(interaction)),
        "sum": order_lines.sum_of(lines),
        "can_answer": can_answer,
        "can_confirm": Move.CONFIRM in moves,
        "can_reopen": Move.REOPEN in moves,
        "can_cancel": Move.CANCEL in moves,
        "can_share": rules.can_share(request.actor, interaction),
        "readers": interaction.readers.select_related("user").order_by("user__name"),
        "reopen_until": standing.reopen_until(interaction),
        "message_form": message_form or MessageForm(),
        "reopen_form": reopening or MoveForm(),
        "cancel_form": (move_forms or {}).get(Move.CANCEL) or MoveForm(auto_id="cancel_%s"),
        **wishing(interaction, can_answer=can_answer, form=wish_form),
        "problem": problem,
        "has_lost_files": status != 200 and bool(request.FILES),
        "was_sent": "sent" in request.GET,
    }
    return render(request, "portal/interactions/page.html", context, status=status)


def wishing(interaction: Interaction, *, can_answer: bool, form: WishForm | None) -> dict[str, Any]:
    """What the partner asked to be changed, and whether it can ask; what nobody works on yet is simply cancelled."""
    is_begun = changes.is_begun(interaction)
    return {
        "wishes": interaction.change_requests.order_by("-id")[:WISHES],
        "is_begun": is_begun,
        "can_wish": is_begun and can_answer,
        "wish_form": form or WishForm(initial={"kind": ChangeKind.DATE}, auto_id="wish_%s"),
        "cancel_consequence": translated(catalogue.version_of(interaction).cancel_consequence),
    }


def possible_moves(request: ActorRequest, interaction: Interaction) -> list[Move]:
    """What the actor may do now; reopening only until its period is over."""
    until = standing.reopen_until(interaction)
    moves = rules.moves_for(request.actor, interaction)
    return [move for move in moves if move != Move.REOPEN or until is None or timezone.now() <= until]


def is_under_way(interaction: Interaction) -> bool:
    """What is solved is confirmed or reopened, so that no message is left in a matter nobody works on."""
    return interaction.is_open and interaction.status != Status.RESOLVED


def earlier_than(request: ActorRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
