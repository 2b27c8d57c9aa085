"""Doing one thing to many interactions: what was chosen in the list, asked once more, then worked off and told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interactions.console import arranging, day, loaders, shelf, shown
from interactions.console.forms import choices_of, long_text
from interactions.console.problems import UNPROCESSABLE
from interactions.domain import batch_progress, batches, queues
from interactions.domain.batch_progress import Look
from interactions.domain.batches import Wanted
from interactions.errors import NotAccepted
from interactions.models import Batch, BatchAction, BatchRow, Interaction, Outcome, Team
from interactions.models.interaction import InteractionQuerySet
from partners.enums import Priority
from partners.forms.fields import ConfiguredField
from partners.middleware import ActorRequest
from partners.models import User
from partners.payloads import Actor

MOST_VERSION = 2**31 - 1
MOST_TOLD = 100  # rows of each outcome on the page
ALL = "all"
BUTTONS = {
    BatchAction.ASSIGN: gettext_lazy("Assign %(count)d"),
    BatchAction.HAND_OVER: gettext_lazy("Hand over %(count)d"),
    BatchAction.PRIORITY: gettext_lazy("Change %(count)d"),
    BatchAction.WATCH: gettext_lazy("Watch %(count)d"),
    BatchAction.RESOLVE: gettext_lazy("Resolve %(count)d"),
    BatchAction.CLOSE: gettext_lazy("Close %(count)d"),
}
Versions = Mapping[int, int]


def colleague(label: Any, **more: Any) -> "forms.ModelChoiceField[User]":
    staff = User.objects.at_work().order_by("name")
    return forms.ModelChoiceField(label=label, queryset=staff, **more)


class WantedForm(forms.Form):
    """What one action needs; the other fields are left out."""

    user = colleague(gettext_lazy("Who"), required=False, empty_label=gettext_lazy("Nobody: back to the team's queue"))
    team = ConfiguredField(
        label=gettext_lazy("Team"), queryset=Team.objects.order_by("name"), empty_label=gettext_lazy("Choose a team")
    )
    priority = forms.TypedChoiceField(label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int)
    resolution_code = forms.ChoiceField(label=gettext_lazy("How they were resolved"), required=False)
    words = long_text(gettext_lazy("Reason"))

    NEEDS = {
        BatchAction.ASSIGN: ("user",),
        BatchAction.HAND_OVER: ("team", "words"),
        BatchAction.PRIORITY: ("priority",),
        BatchAction.WATCH: ("user",),
        BatchAction.RESOLVE: ("resolution_code", "words"),
        BatchAction.CLOSE: (),
    }

    def __init__(self, action: BatchAction, versions: Versions, filled: QueryDict | None, *, me: int | None) -> None:
        super().__init__(filled, auto_id="bulk-%s", initial={"user": me})
        for name in set(self.fields) - set(self.NEEDS[action]):
            del self.fields[name]
        if action == BatchAction.WATCH:
            self.fields["user"] = colleague(gettext_lazy("Who is told what happens"), empty_label=None)
        if action == BatchAction.RESOLVE:
            self.fields["words"].label = gettext_lazy("Resolution")
            self.fields["words"].help_text = gettext_lazy("The partners read it.")
            self.offer_codes(versions)

    def offer_codes(self, versions: Versions) -> None:
        """The kinds of resolution of any of their types; a matter whose type does not know the one is refused."""
        found = Interaction.objects.filter(pk__in=versions).values_list("type_version__resolution_codes", flat=True)
        codes = {code["code"]: code for known in found.distinct() for code in known}
        if not codes:
            del self.fields["resolution_code"]
            return
        self.fields["resolution_code"].choices = choices_of(list(codes.values()))  # type: ignore[attr-defined]
        self.fields["resolution_code"].required = True

    def wanted(self, action: BatchAction) -> Wanted:
        filled = dict(self.cleaned_data)
        priority = filled.pop("priority", None)
        return Wanted(action=action, priority=Priority(priority) if priority else None, **filled)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: ActorRequest) -> HttpResponse:
    """Ask what exactly is to be done to so many; then note it, and go back to the list, which tells how it goes."""
    actor = loaders.worker(request)
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    action = action_in(asked)
    versions = versions_in(request, asked)
    form = WantedForm(action, versions, asked if is_sent else None, me=actor.user_id)
    if is_sent and form.is_valid():
        wanted, came_from = form.wanted(action), back_in(asked)
        try:
            batch = batches.ask(wanted, versions, came_from=came_from, actor=actor, at=timezone.now())
        except NotAccepted as error:
            form.add_error(None, str(error))
        else:
            return arranging.done(request, f"?{batch.came_from}")
    context = {
        "form": form,
        "action": action,
        "title": action.label,
        "button": BUTTONS[action] % {"count": len(versions)},
        "door": request.path,
        "field": ("action", action.value),
        **chosen_in(asked, versions),
    }
    template = "console/interactions/bulk.html"
    name = f"{template}#sheet" if request.htmx else template
    response = render(request, name, context, status=UNPROCESSABLE if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def chosen_in(asked: QueryDict, versions: Versions) -> dict[str, Any]:
    """What the page that asks says of what was chosen, and sends along."""
    return {
        "count": len(versions),
        "most": batches.MOST,
        "rows": [] if ALL in asked else [f"{number}.{version}" for number, version in versions.items()],
        "is_all": ALL in asked,
        "query": asked.get("query", ""),
    }


def action_in(asked: QueryDict) -> BatchAction:
    action = asked.get("action", "")
    if action not in BatchAction.values:
        raise BadRequest("no such action")
    return BatchAction(action)


def versions_in(request: ActorRequest, asked: QueryDict) -> Versions:
    """The chosen interactions by the versions that were on the page; or all of a view, as they are at this moment."""
    if ALL in asked:
        found = all_of(request, QueryDict(asked.get("query", "")))
        return dict(found.order_by("pk").values_list("pk", "version")[: batches.MOST])
    chosen: dict[int, int] = {}
    for text in asked.getlist("row")[: batches.MOST + 1]:
        number, _dot, version = text.partition(".")
        if (id_ := loaders.id_in(number)) and (seen := loaders.id_in(version)):
            chosen[id_] = min(seen, MOST_VERSION)
    visible = set(Interaction.objects.visible_to(request.actor).filter(pk__in=chosen).values_list("pk", flat=True))
    return {number: version for number, version in chosen.items() if number in visible}


def all_of(request: ActorRequest, query: QueryDict) -> InteractionQuerySet:
    """Everything that an address of the queue shows, on all of its pages."""
    at = timezone.now()
    reader = queues.reader(request.actor, arranging.arrangement_of(request), at=at, today=day.begin(at))
    return shelf.interactions_of(query, reader)


@require_safe
def batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """How far it is, and what came of each."""
    found = own(request, batch_id)
    progress = batch_progress.of([found])
    context = {
        "progress": progress[0],
        "look": batch_progress.look(progress, last_look(request), at=timezone.now()),
        "refused": rows_of(found, Outcome.REFUSED),
        "done": rows_of(found, Outcome.DONE),
        "list_url": f"{reverse('console-interactions:queue')}?{found.came_from}",
    }
    template = "console/interactions/batch.html"
    is_part = bool(request.htmx and not request.htmx.history_restore_request)
    response = render(request, f"{template}#progress" if is_part else template, context)
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def rows_of(found: Batch, outcome: Outcome) -> list[BatchRow]:
    rows = found.rows.filter(outcome=outcome).select_related("interaction__partner")
    return list(rows.order_by("pk")[:MOST_TOLD])


@require_safe
def lines(request: ActorRequest) -> HttpResponse:
    """How far everything is that was begun in the queue, to be put above its list."""
    actor = loaders.worker(request)
    context = {**lines_of(actor, last_look(request), at=timezone.now()), "address": back_in(request.GET)}
    return render(request, "console/interactions/batch_lines.html", context)


def lines_of(actor: Actor, last: Look | None = None, *, at: datetime) -> dict[str, Any]:
    """The batches that somebody has not seen the end of; the page asks again while there is a `look`."""
    told = batch_progress.to_be_told(actor, at=at)
    return {"batches": told, "look": batch_progress.look(told, last, at=at)}


def last_look(request: ActorRequest) -> Look | None:
    """What the page saw last, by its own account."""
    over, still = (loaders.id_in(request.GET.get(name, "")) for name in ("over", "still"))
    return None if over is None or still is None else Look(over=over, still=still)


@require_POST
def seen(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Note that what came of it was seen: the queue tells it no more."""
    batch_progress.see(own(request, batch_id), at=timezone.now())
    if request.htmx or "X-Background" in request.headers:
        return HttpResponse()
    return arranging.done(request, f"?{back_in(request.POST)}")


@require_POST
def take_back(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Go back with what was done, as another batch; from a list one stays there."""
    found = own(request, batch_id)
    try:
        found = batches.take_back(found, actor=request.actor, at=timezone.now())
    except NotAccepted as error:
        messages.error(request, str(error))
    if "query" in request.POST:
        return arranging.done(request, f"?{back_in(request.POST)}")
    return redirect("console-interactions:batch", found.pk)


def back_in(asked: QueryDict) -> str:
    """The list that one came from."""
    return arranging.told(QueryDict(asked.get("query", "")))[: shown.MOST_QUERY]


def own(request: ActorRequest, batch_id: int) -> Batch:
    """What oneself asked for."""
    actor = loaders.worker(request)
    batches_of = Batch.objects.filter(actor=actor.user_id).select_related("user", "team")
    return get_object_or_404(batches_of, pk=batch_id)
