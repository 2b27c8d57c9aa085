"""The page of an interaction: where it stands, what was said, what can be done."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from interactions import rules
from interactions.console import composer as composing
from interactions.console import loaders, problems, recipients
from interactions.console.composer import ComposerForm
from interactions.console.problems import CONFLICT, REFUSALS, UNPROCESSABLE, Problem
from interactions.console.sheets import FINISH, RARE
from interactions.domain import (
    catalogue,
    completeness,
    details,
    drafts,
    fields,
    flags,
    lifecycle,
    measures,
    order_lines,
    plans,
    references,
    surroundings,
    timeline,
    workload,
)
from interactions.domain.sentences import Happened
from interactions.domain.surroundings import Surroundings
from interactions.enums import ClockKind, Event, Move, Status, StepStatus
from interactions.errors import ChangedMeanwhile
from interactions.models import DraftMode, Following, Interaction, Step
from partners.domain.translations import country
from partners.enums import Priority
from partners.middleware import ActorRequest
from partners.payloads import Actor

FIRST = (Move.START, Move.RESOLVE, Move.RESUME, Move.CLOSE)
STATES = {
    StepStatus.DONE: "done",
    StepStatus.OPEN: "current",
    StepStatus.SKIPPED: "skipped",
    StepStatus.CANCELLED: "skipped",
}
DECISIONS = {plans.APPROVED: gettext_lazy("Approved"), plans.REFUSED: gettext_lazy("Refused")}
HISTORIES = [
    ("status", gettext_lazy("status")),
    ("assignee", gettext_lazy("assignee")),
    ("team", gettext_lazy("team")),
    ("priority", gettext_lazy("priority")),
    ("due", gettext_lazy("due time")),
]
TRIED = {Event.NOTICE_NOT_TAKEN, Event.NOTICE_RETRIED, Event.NOTICE_TAKEN, Event.NOTICE_FAILED, Event.NOTICE_REDRIVEN}
TOLD = {Event.NOTICE_SENT, *TRIED, Event.CLOCK_WARNED, Event.STEP_WARNED}
BESIDE = frozenset({Event.ASSIGNED, Event.CHANGED, Event.NOTE_ADDED, *TOLD})  # whose it is, how urgent, what we wrote
FOLLOWS = {Move.ASK: Following.WAIT, Move.RESOLVE: Following.RESOLVE}


@require_safe
def page(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.seen(request, number)
    if request.htmx and request.htmx.target == "earlier":
        return earlier(request, interaction)
    return show(request, interaction)


def earlier(request: ActorRequest, interaction: Interaction) -> HttpResponse:
    """What stands before the entries that are shown, to be put above them."""
    names = surroundings.names_in(interaction)
    found = timeline.build(interaction, names, actor=request.actor, before=place_of(request))
    context = {"interaction": interaction, "timeline": found}
    response = render(request, "console/interactions/matter/entries.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def place_of(request: ActorRequest) -> timeline.Place | None:
    """Before which entry the timeline is asked for; without one it is the newest."""
    return timeline.place_in(request.GET.get("before", ""))


def show(
    request: ActorRequest,
    interaction: Interaction,
    *,
    problem: Problem | None = None,
    composer: ComposerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx only the interaction; with `problem` or `composer` what was typed is still there."""
    at = timezone.now()
    around = surroundings.of(interaction, actor=request.actor, at=at)
    context = {
        "interaction": interaction,
        "around": around,
        "timeline": timeline.build(interaction, around.names(), actor=request.actor, before=place_of(request)),
        "problem": problem,
        "at": at,
        "steps": [step_line(step, around, request.actor) for step in around.steps],
        "filled_fields": filled_fields(interaction),
        "elsewhere": references.told(around.references, around.external_ids),
        **detailing(interaction),
        "resolution_label": completeness.label_of(interaction),
        "flags": flags.of(interaction, at=at),
        "measures": measures.of(interaction, at=at),
        "partner_line": partner_line(interaction, at=at),
        "has_lines": catalogue.version_of(interaction).has_lines and order_lines.can_change(interaction),
        "sum": order_lines.sum_of(around.lines),
        "live_url": settings.LIVE_URL,
        "histories": HISTORIES,
        "watches": any(user.pk == request.actor.user_id for user in around.watchers),
        "meanwhile": meanwhile(request, interaction, around) if status == CONFLICT else [],
        **standing(interaction, around, at=at),
        **choices(request.actor, interaction, around),
        **writing(request, around, composer, at=at),
    }
    context["has_done_steps"] = any(step["state"] == "done" for step in context["steps"])
    context["is_part"] = is_part = bool(request.htmx and not request.htmx.history_restore_request)
    name = "console/interactions/page.html"
    if is_part:
        name = "console/interactions/matter/live.html" if "live" in request.GET else f"{name}#matter"
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def meanwhile(request: ActorRequest, interaction: Interaction, around: Surroundings) -> list[Happened]:
    """What others did since the page was read: it stands beside what could not be done because of it."""
    seen = loaders.id_in(request.POST.get("seen", ""))
    return [] if seen is None else timeline.since(interaction, seen, around.names(), actor=request.actor)


def standing(interaction: Interaction, around: Surroundings, *, at: datetime) -> dict[str, Any]:
    """Whose turn it is and why."""
    interaction.has_steps, interaction.has_steps_left = bool(around.steps), bool(around.steps_left)  # type: ignore[attr-defined]
    interaction.has_wish = bool(around.wishes)  # type: ignore[attr-defined]
    reason = workload.reason(interaction, at=at)
    ball = "nobody" if not interaction.is_open else interaction.ball
    return {"reason": reason, "ball": ball, "is_paused": interaction.status == Status.WAITING}


def choices(actor: Actor, interaction: Interaction, around: Surroundings) -> dict[str, Any]:
    """What can be done with it; the forms are asked for when they are wanted."""
    moves = rules.moves_for(actor, interaction)
    offered = {Following.KEEP, *(FOLLOWS[move] for move in moves if move in FOLLOWS)}
    return {
        "moves": [(move, bool(lifecycle.MOVES[move].needs), lifecycle.MOVES[move].target) for move in moves],
        "rare_moves": RARE,
        "first_move": next((move for move in FIRST if move in moves), None),
        "following": [choice for choice in Following.choices if choice[0] in offered],
        "can_say": rules.can_say(actor, interaction),
        "has_date": date_is_promised(around),
        "priorities": Priority.choices,
        "my_teams": {place.team_id for place in around.places if place.user_id == actor.user_id},
        "colleagues": [place.user for place in around.places if place.team_id == interaction.team_id],
    }


def writing(
    request: ActorRequest, around: Surroundings, composer: ComposerForm | None, *, at: datetime
) -> dict[str, Any]:
    """What the reader is writing here and to whom, and the replies of all that have not left yet."""
    circle = around.circle
    interaction = circle.interaction
    written = drafts.of_interaction(interaction)
    mine = {one.mode: one for one in written if one.send_at is None and one.author_id == request.actor.user_id}
    if composer is None:
        composer = composing.resumed(mine, request.GET, catalogue.version_of(interaction).resolution_codes)
        if chosen := request.GET.get("snippet"):
            composing.with_snippet(composer, chosen, interaction, actor=request.actor)
    return {
        "composer": composer,
        "drafts": mine,
        "reply_draft": mine.get(DraftMode.REPLY),
        "chips": recipients.of(interaction, composer.recipients, at=at, circle=circle),
        "held": [
            (
                one,
                composing.seconds_left(one.send_at, at),
                recipients.of(interaction, one.recipients, at=at, circle=circle),
            )
            for one in written
            if one.send_at
        ],
    }


def step_line(step: Step, around: Surroundings, actor: Actor) -> dict[str, Any]:
    """One step of the stage line, and what can be done with one that is open."""
    is_member = any(place.team_id == step.team_id and place.user_id == actor.user_id for place in around.places)
    return {
        "row": step,
        "sheet": f"{FINISH}{step.position}",
        "state": STATES.get(StepStatus(step.status), "next"),
        "can_take": is_member and step.assignee_id is None,
        "decision": DECISIONS.get(step.values.get("decision", ""), ""),
        "answers": fields.labelled(step.form, step.values),
    }


def filled_fields(interaction: Interaction) -> list[tuple[str, str]]:
    """What was filled into the fields of the type, by their labels in their order; then what the type lost since."""
    asked = catalogue.version_of(interaction).fields
    names = {field["name"] for field in asked}
    lost = [(name, value) for name, value in interaction.values.items() if value and name not in names]
    return [*fields.labelled(asked, interaction.values), *lost]


def detailing(interaction: Interaction) -> dict[str, Any]:
    """Whether there is something to complete or correct, and what must be before it is solved."""
    if not details.can_fill(interaction):
        return {}
    return {
        "asks_details": bool(catalogue.version_of(interaction).fields),
        "missing": details.missing(interaction),
    }


def partner_line(interaction: Interaction, *, at: datetime) -> str:
    """Where the partner is and what time it is there."""
    local = at.astimezone(ZoneInfo(interaction.partner.time_zone))
    return " · ".join(filter(None, [country(interaction.partner.country), f"{local:%H:%M} {local.tzname()}"]))


def date_is_promised(around: Surroundings) -> bool:
    """Whether a solution is promised, so that its date can move."""
    return any(clock.kind == ClockKind.RESOLUTION and clock.stopped_at is None for clock in around.clocks)


def refuse_stale(request: ActorRequest, interaction: Interaction, *, beside: Collection[Event] = ()) -> int:
    """The version to change. Raises ChangedMeanwhile when it is another one than the page was read at.

    What is `beside` the matter clashes with nothing: where nothing else has happened since, it goes on.
    """
    version, seen = (loaders.id_in(request.POST.get(name, "")) for name in ("version", "seen"))
    if version == interaction.version:
        return version
    if version is None or seen is None or not beside:
        raise ChangedMeanwhile
    happened = timeline.events_since(interaction, seen, actor=request.actor)
    if not happened or not happened <= set(beside):
        raise ChangedMeanwhile
    return interaction.version


def attempt(
    request: ActorRequest,
    interaction: Interaction,
    form: forms.Form,
    act: Callable[[int], object],
    *,
    button: str,
    done: str,
    beside: Collection[Event] = BESIDE,
) -> HttpResponse:
    """Do what a small form asks for and go back to the page; if that is refused, the form is there again, filled in.

    `act` is given the version to change; what happened meanwhile `beside` what it does is no reason to refuse it.
    """
    title, text, status = _("Please look at this again"), "", UNPROCESSABLE
    if form.is_valid():
        try:
            act(refuse_stale(request, interaction, beside=beside))
        except REFUSALS as error:
            title = problems.nothing_happened()
            text, status = problems.tell(form, error), problems.status_of(error)
        else:
            messages.success(request, done)
            return redirect(reverse("console-interactions:page", args=[interaction.number]))
    if status == CONFLICT:
        interaction = loaders.interaction(request, interaction.pk)
    problem = Problem(title=title, text=text, form=form, action=request.path, button=button)
    return show(request, interaction, problem=problem, status=status)
