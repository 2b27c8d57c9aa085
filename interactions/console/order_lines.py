"""The lines of an order: what became of each, and further ones."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from interactions.console import loaders, page, problems
from interactions.console.order_line_forms import ChangedLines, NewLines
from interactions.console.problems import CONFLICT, REFUSALS, UNPROCESSABLE
from interactions.domain import order_lines
from interactions.models import Interaction
from partners.middleware import ActorRequest


@require_safe
def lines(request: ActorRequest, number: int) -> HttpResponse:
    """All lines with what can become of each."""
    return show(request, loaders.interaction(request, number))


@require_POST
def change(request: ActorRequest, number: int) -> HttpResponse:
    """Tell what became of lines; all that was said, or nothing."""
    interaction = loaders.interaction(request, number)
    changed = ChangedLines(order_lines.of(interaction), request.POST)
    if not changed.is_valid():
        return show(request, interaction, changed=changed, status=UNPROCESSABLE)
    try:
        version = page.refuse_stale(request, interaction)
        told = order_lines.change(
            interaction, changed.changes(), actor=request.actor, at=timezone.now(), version=version
        )
    except REFUSALS as error:
        changed.refuse(error)
        status = problems.status_of(error)
        shown = loaders.interaction(request, number) if status == CONFLICT else interaction
        return show(request, shown, changed=changed, status=status)
    done = ngettext("%(count)d line was changed.", "%(count)d lines were changed.", len(told)) % {"count": len(told)}
    messages.success(request, done)
    return redirect("console-interactions:page", interaction.number)


@require_POST
def add(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    new = NewLines(request.POST)
    if not new.is_valid():
        return show(request, interaction, new=new, status=UNPROCESSABLE)
    try:
        page.refuse_stale(request, interaction)
        order_lines.add(interaction, new.lines(), actor=request.actor, at=timezone.now())
    except REFUSALS as error:
        new.refuse(error)
        status = problems.status_of(error)
        shown = loaders.interaction(request, number) if status == CONFLICT else interaction
        return show(request, shown, new=new, status=status)
    messages.success(request, _("The lines are on the order."))
    return redirect("console-interactions:lines", interaction.number)


def show(
    request: ActorRequest,
    interaction: Interaction,
    *,
    changed: ChangedLines | None = None,
    new: NewLines | None = None,
    status: int = 200,
) -> HttpResponse:
    there = order_lines.of(interaction)
    context = {
        "interaction": interaction,
        "can_change": order_lines.can_change(interaction),
        "sum": order_lines.sum_of(there),
        "changed": changed or ChangedLines(there),
        "new": new or NewLines(),
    }
    return render(request, "console/interactions/lines.html", context, status=status)
