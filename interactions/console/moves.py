"""Moves of an interaction, and whose it is."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions import rules
from interactions.console import loaders, page
from interactions.console.forms import AssignForm, HandOverForm, MoveForm, PriorityForm
from interactions.domain import catalogue, lifecycle, ownership
from interactions.enums import Event, Move
from partners.enums import Priority
from partners.middleware import ActorRequest


@require_POST
def move(request: ActorRequest, number: int, code: str) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    if code not in rules.REPRESENTATIVE_MOVES:
        raise BadRequest("no such move")
    wanted = Move(code)
    form = MoveForm(wanted, request.POST, codes=catalogue.version_of(interaction).resolution_codes)

    def act(version: int) -> None:
        lifecycle.make_move(
            interaction, wanted, actor=request.actor, at=timezone.now(), words=form.words(), version=version
        )

    done = _("%(number)s: “%(move)s” is done.") % {"number": interaction.number, "move": wanted.label}
    return page.attempt(request, interaction, form, act, button=str(wanted.label), done=done)


@require_POST
def assign(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    form = AssignForm(request.POST)

    def act(version: int) -> None:
        user = form.cleaned_data["assignee"]
        ownership.assign(interaction, user, actor=request.actor, at=timezone.now(), version=version)

    done, beside = _("The assignee was changed."), page.BESIDE - {Event.ASSIGNED}
    return page.attempt(request, interaction, form, act, button=_("Assign"), done=done, beside=beside)


@require_POST
def hand_over(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    form = HandOverForm(request.POST)

    def act(version: int) -> None:
        filled = form.cleaned_data
        team, reason = filled["team"], filled["reason"]
        ownership.hand_over(interaction, team, reason=reason, actor=request.actor, at=timezone.now(), version=version)

    done, beside = _("Handed over to another team."), page.BESIDE - {Event.ASSIGNED}
    return page.attempt(request, interaction, form, act, button=_("Hand over"), done=done, beside=beside)


@require_POST
def priority(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    form = PriorityForm(request.POST)

    def act(version: int) -> None:
        wanted = Priority(form.cleaned_data["priority"])
        ownership.set_priority(interaction, wanted, actor=request.actor, at=timezone.now(), version=version)

    is_so = form.is_valid() and form.cleaned_data["priority"] == interaction.priority
    done = _("The priority stays as it is.") if is_so else _("The priority was changed.")
    beside = page.BESIDE - {Event.CHANGED}
    return page.attempt(request, interaction, form, act, button=_("Change"), done=done, beside=beside)
