"""The small forms of an interaction, each asked for when it is wanted: over its page, or on a page without script."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from interactions import rules
from interactions.console import loaders, wishes
from interactions.console.forms import AssignForm, DateForm, FinishForm, HandOverForm, MoveForm
from interactions.domain import catalogue, lifecycle, surroundings
from interactions.domain.approvals import Terms
from interactions.enums import ClockKind, Move, StepKind, StepStatus
from interactions.models import ChangeRequest, Clock, Interaction, Step
from partners.domain.translations import translated
from partners.middleware import ActorRequest
from partners.payloads import Actor

RARE = (Move.REOPEN, Move.CANCEL, Move.ANNUL)  # in the menu, not as buttons
ENDING = {Move.CANCEL: gettext_lazy("Cancel the interaction"), Move.ANNUL: gettext_lazy("Annul the interaction")}
MOVE, FINISH, DECIDE, ASSIGN, HAND_OVER = "move-", "finish-", "decide-", "assign", "hand-over"
DATE = "move-date"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One form, where it is sent and what its button says; `warning`, `hint` and `terms` stand above it."""

    title: str
    action: str
    button: str
    form: forms.Form
    is_dangerous: bool = False
    warning: str = ""
    hint: str = ""
    instructions: str = ""
    terms: Terms | None = None


@require_safe
def sheet(request: ActorRequest, number: int, name: str) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    proof = surroundings.proof_of(interaction)
    context = {
        "interaction": interaction,
        "sheet": wanted(request.actor, interaction, name),
        "seen": proof.length if proof else 0,
    }
    template = "console/interactions/sheet.html"
    response = render(request, f"{template}#sheet" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wanted(actor: Actor, interaction: Interaction, name: str) -> Sheet:
    """The sheet of a name; raises Http404 for what there is not, or not now."""
    if name == ASSIGN:
        form = AssignForm(auto_id="assign-%s", initial={"assignee": interaction.assignee_id})
        return Sheet(title=_("Assign"), action=at(interaction, "assign"), button=_("Assign"), form=form)
    if name == HAND_OVER:
        action = at(interaction, "hand_over")
        form_ = HandOverForm(auto_id="hand-over-%s")
        return Sheet(title=_("Hand over to a team"), action=action, button=_("Hand over"), form=form_)
    if name == DATE:
        return of_date(interaction)
    if name.startswith(MOVE) and name.removeprefix(MOVE) in rules.REPRESENTATIVE_MOVES:
        return of_move(actor, interaction, Move(name.removeprefix(MOVE)))
    if name.startswith(DECIDE):
        return of_wish(interaction, loaders.id_in(name.removeprefix(DECIDE)))
    position = loaders.id_in(name.removeprefix(FINISH)) if name.startswith(FINISH) else None
    if position is None or position > loaders.MOST_POSITION:
        raise Http404
    return of_step(interaction, loaders.step(interaction, position))


def of_move(actor: Actor, interaction: Interaction, move: Move) -> Sheet:
    if move not in rules.moves_for(actor, interaction):
        raise Http404
    version = catalogue.version_of(interaction)
    unfinished = Step.objects.unfinished().filter(interaction=interaction)
    is_early = lifecycle.MOVES[move].needs_all_ended and unfinished.exists()
    return Sheet(
        title=str(ENDING.get(move, move.label)),
        action=at(interaction, "move", move),
        button=str(ENDING.get(move, move.label)),
        form=MoveForm(move, codes=version.resolution_codes),
        is_dangerous=move in ENDING,
        warning=_("Steps are still open; it will be refused until they end.") if is_early else "",
        hint=translated(version.cancel_consequence) if move == Move.CANCEL else "",
    )


def of_date(interaction: Interaction) -> Sheet:
    promised = Clock.objects.filter(interaction=interaction, kind=ClockKind.RESOLUTION, stopped_at=None)
    clock = get_object_or_404(promised)
    hint = _("The promise stands still while we wait. The date holds if the waiting ends now, and moves on with it.")
    return Sheet(
        title=_("Promise another date"),
        action=at(interaction, "move_date"),
        button=_("Move the date"),
        form=DateForm(auto_id="date-%s", initial={"to": clock.due_at}),
        hint=hint if clock.is_paused else "",
    )


def of_step(interaction: Interaction, step: Step) -> Sheet:
    if step.status != StepStatus.OPEN:
        raise Http404
    form = FinishForm(step)
    return Sheet(
        title=_("Finish “%(step)s”") % {"step": translated(step.name)},
        action=at(interaction, "finish_step", step.position),
        button=_("Decide") if step.kind == StepKind.APPROVAL else _("Finish the step"),
        form=form,
        instructions=translated(step.instructions),
        terms=form.terms,
    )


def of_wish(interaction: Interaction, wish_id: int | None) -> Sheet:
    wish = get_object_or_404(ChangeRequest.objects.open().filter(interaction=interaction), pk=wish_id or 0)
    return Sheet(
        title=str(wish.get_kind_display()),
        action=at(interaction, "decide_change", wish.pk),
        button=_("Decide"),
        form=wishes.form_for(wish, usual=translated(catalogue.version_of(interaction).cancel_consequence)),
        instructions=wish.reason,
    )


def at(interaction: Interaction, page: str, *more: object) -> str:
    return reverse(f"console-interactions:{page}", args=[interaction.number, *more])
