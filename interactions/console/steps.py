"""Back-office steps: take one, finish it with what came of it, or pass it on."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from interactions.console import approvals, loaders, page, problems
from interactions.console.forms import FinishForm, PassOnForm, TakeForm
from interactions.console.problems import REFUSALS, UNPROCESSABLE
from interactions.domain import custody, team_days
from interactions.models import Step
from partners.domain import absences
from partners.domain.translations import translated
from partners.middleware import ActorRequest
from partners.models import User
from partners.payloads import Actor


@require_POST
def take(request: ActorRequest, number: int, position: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    step = loaders.step(interaction, position)
    user = get_object_or_404(User, pk=request.actor.user_id)

    def act(version: int) -> None:
        custody.take(step, user, actor=request.actor, at=timezone.now(), version=version)

    done = _("“%(step)s” is yours.") % {"step": translated(step.name)}
    return page.attempt(request, interaction, TakeForm(request.POST), act, button=_("Take it"), done=done)


@require_POST
def finish(request: ActorRequest, number: int, position: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    step = loaders.step(interaction, position)
    form = FinishForm(step, request.POST)

    def act(_version: int) -> None:
        approvals.finish(
            step,
            outcome=form.cleaned_data["outcome"],
            actor=for_holder(request.actor, step),
            at=timezone.now(),
            values=form.stored,
            decision=form.cleaned_data.get("decision", ""),
            seen=form.cleaned_data.get("binding", ""),
        )

    done = _("“%(step)s” is finished.") % {"step": translated(step.name)}
    return page.attempt(request, interaction, form, act, button=_("Finish the step"), done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: ActorRequest, number: int, position: int) -> HttpResponse:
    """Give a step to a colleague, back to the queue, to whoever leads, or to another team."""
    interaction = loaders.interaction(request, number)
    step = loaders.step(interaction, position)
    form = PassOnForm(step, request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                send_on(step, form, for_holder(request.actor, step))
            except REFUSALS as error:
                problem = problems.tell(form, error)
                form.add_error(None, problem) if problem else None
                status = problems.status_of(error)
            else:
                return redirect(reverse("console-interactions:page", args=[interaction.number]))
    context = {"interaction": interaction, "step": step, "form": form}
    return render(request, "console/interactions/pass_on.html", context, status=status)


def send_on(step: Step, form: PassOnForm, actor: Actor) -> None:
    filled, at = form.cleaned_data, timezone.now()
    reason = filled["reason"]
    if filled["to"] == PassOnForm.COLLEAGUE:
        custody.give(step, filled["colleague"], of=form.holder, reason=reason, actor=actor, at=at)
    elif filled["to"] == PassOnForm.TEAM:
        custody.hand_over(step, filled["team"], reason=reason, actor=actor, at=at)
    elif filled["to"] == PassOnForm.LEAD:
        custody.escalate(step, reason=reason, actor=actor, at=at)
    else:
        custody.give_back(step, reason=reason, actor=actor, at=at)


def for_holder(actor: Actor, step: Step) -> Actor:
    """Who works on the step of somebody absent does so for that one."""
    return absences.on_behalf(actor, step.assignee_id, on=team_days.today(step.team, at=timezone.now()))
