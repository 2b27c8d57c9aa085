"""What the queue shows, saved under a name for oneself or for a team: changed, opened first, removed, brought back.

The queue opens with the view that somebody chose, else with that of their team, else with all that is open.
"""

from collections.abc import Callable, Mapping, Sequence

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from interactions import rules
from interactions.console import arranging, filters, loaders, shown
from interactions.console.filters import QueueFilter
from interactions.domain import desks
from interactions.domain.desks import Arrangement
from interactions.errors import NotAccepted
from interactions.models import Interaction, SavedView, Team
from interactions.models.saved_view import SavedViewQuerySet
from partners.domain.translations import translated
from partners.forms.fields import ConfiguredField
from partners.middleware import ActorRequest
from partners.payloads import Actor


class ViewForm(forms.Form):
    """The name, and who else sees it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    team = ConfiguredField(
        label=gettext_lazy("Who sees it"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("Only me"),
    )

    def __init__(self, user_id: int | None, filled: QueryDict | None = None, **more: object) -> None:
        super().__init__(filled, auto_id="view-%s", **more)  # type: ignore[arg-type]
        own = Team.objects.filter(places__user=user_id).order_by("name")
        self.fields["team"].queryset = own  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Name what an address of the queue shows."""
    actor = loaders.worker(request)
    is_sent = request.method == "POST"
    query = shown.told(QueryDict(request.POST.get("query", "")) if is_sent else request.GET)
    form = ViewForm(actor.user_id, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            refuse_unfit(query, actor)
            name, team = form.cleaned_data["name"], form.cleaned_data["team"]
            view = desks.save(name, query, team, actor=actor, at=timezone.now())
        except NotAccepted as error:
            form.add_error("name" if error.attribute == "name" else None, str(error))
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
            return arranging.done(request, shown.address(view))
    facts = words_of(query, actor)
    title, button = _("Save this view"), _("Save")
    return arranging.sheet(request, form, title=title, button=button, hidden={"query": query}, facts=facts)


def refuse_unfit(query: str, actor: Actor) -> None:
    """Raises NotAccepted for what could not be shown again."""
    if len(query) > shown.MOST_QUERY:
        raise NotAccepted("query", _("These are too many filters for one view."))
    if not QueueFilter(QueryDict(query), Interaction.objects.none(), actor=actor).form.is_valid():
        raise NotAccepted("query", _("One of the filters fits nothing; take it away first."))


def words_of(query: str, actor: Actor) -> Sequence[tuple[str, str]]:
    """What an address shows, in words."""
    parsed = QueryDict(query)
    form = QueueFilter(parsed, Interaction.objects.none(), actor=actor).form
    view = str(shown.of(parsed, Arrangement(people=(), teams=())).view.name)
    if not form.is_valid():
        return [(_("View"), view)]
    text = form.cleaned_data.get("text")
    chips = [(chip.label, chip.value) for chip in filters.chips(form, parsed)]
    return [(_("View"), view), *([(_("Text"), text)] if text else []), *chips]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, view_id: int) -> HttpResponse:
    """Another name, or other people who see it."""
    actor = loaders.worker(request)
    view = changeable(actor, view_id)
    filled = request.POST if request.method == "POST" else None
    form = ViewForm(actor.user_id, filled, initial={"name": view.name, "team": view.team_id})
    if request.method == "POST" and form.is_valid():
        desks.change(view, name=form.cleaned_data["name"], team=form.cleaned_data["team"])
        messages.success(request, _("“%(name)s” is changed.") % {"name": view.name})
        return arranging.done(request, shown.address(view))
    title, button = _("Rename or share"), _("Change")
    return arranging.sheet(request, form, title=title, button=button, facts=words_of(view.query, actor))


@require_POST
def act(request: ActorRequest, view_id: int, verb: str) -> HttpResponse:
    """Open it first or no longer, also for a team, let it show what is shown now, remove it, or take that back."""
    actor = loaders.worker(request)
    if verb not in VERBS:
        raise Http404
    return VERBS[verb](request, actor, view_id)


def open_first(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    """The view that a team opens first is followed: where another one becomes that, so it does here."""
    view = get_object_or_404(seen_by(actor), pk=view_id)
    desks.begin_with(None if is_of_team(request, view) else view, actor=actor)
    messages.success(request, _("The queue opens with “%(name)s” now.") % {"name": view.name})
    return arranging.done(request, shown.address(view))


def open_as_usual(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    """Without a choice of one's own it is the team's view; whoever does not want that either wants all that is open."""
    view = get_object_or_404(seen_by(actor), pk=view_id)
    desks.begin_with(None, actor=actor, with_all=is_of_team(request, view))
    response = arranging.done(request, shown.address(view))
    if (first := arranging.arrangement_of(request).first) is not None:
        known = {"name": first.name, "team": translated(first.team)}
        messages.success(request, _("The queue opens with “%(name)s”, as for all of %(team)s.") % known)
    else:
        messages.success(request, _("The queue opens with all that is open."))
    return response


def is_of_team(request: ActorRequest, view: SavedView) -> bool:
    """Whether the view is what the queue opens with for somebody who has chosen nothing."""
    of_team = arranging.arrangement_of(request).of_team
    return of_team is not None and of_team.id == view.pk


def open_first_for_team(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    view = of_led_team(actor, view_id)
    desks.begin_team_with(view, is_first=True)
    known = {"name": view.name, "team": translated(str(view.team))}
    messages.success(request, _("The queue of %(team)s opens with “%(name)s” now.") % known)
    return arranging.done(request, shown.address(view))


def open_as_usual_for_team(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    view = of_led_team(actor, view_id)
    desks.begin_team_with(view, is_first=False)
    messages.success(
        request, _("The queue of %(team)s opens with all that is open.") % {"team": translated(str(view.team))}
    )
    return arranging.done(request, shown.address(view))


def replace(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    view = changeable(actor, view_id)
    query = shown.told(QueryDict(request.POST.get("query", "")))
    try:
        refuse_unfit(query, actor)
    except NotAccepted as error:
        messages.error(request, str(error))
    else:
        desks.show_instead(view, query)
        messages.success(request, _("“%(name)s” shows this from now on.") % {"name": view.name})
    return arranging.done(request, shown.address(view))


def remove(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    view = changeable(actor, view_id)
    desks.remove(view, at=timezone.now())
    return arranging.done(request, f"?view=open&removed={view.pk}")


def restore(request: ActorRequest, actor: Actor, view_id: int) -> HttpResponse:
    view = changeable(actor, view_id, is_removed=True)
    desks.restore(view)
    return arranging.done(request, shown.address(view))


VERBS: Mapping[str, Callable[[ActorRequest, Actor, int], HttpResponse]] = {
    "first": open_first,
    "usual": open_as_usual,
    "team-first": open_first_for_team,
    "team-usual": open_as_usual_for_team,
    "replace": replace,
    "remove": remove,
    "restore": restore,
}


def seen_by(actor: Actor, *, is_removed: bool = False) -> SavedViewQuerySet:
    return SavedView.objects.filter(removed_at__isnull=not is_removed).seen_by(actor.user_id or 0)


def changeable(actor: Actor, view_id: int, *, is_removed: bool = False) -> SavedView:
    """A view that is one's own, or of a team that one leads."""
    view = get_object_or_404(seen_by(actor, is_removed=is_removed), pk=view_id)
    if not rules.can_change_view(actor, view.owner_id, view.team_id, desks.led_by(actor)):
        raise PermissionDenied
    return view


def of_led_team(actor: Actor, view_id: int) -> SavedView:
    """A view that is shared with a team that one leads."""
    view = get_object_or_404(seen_by(actor).select_related("team"), pk=view_id)
    if not rules.can_arrange_for_team(view.team_id, desks.led_by(actor)):
        raise PermissionDenied
    return view
