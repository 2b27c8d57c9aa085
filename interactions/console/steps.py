"""Back-office steps: take one, finish it with what came of it, or hand it over."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions.console import loaders, page
from interactions.console.forms import FinishForm, HandOverForm, TakeForm
from interactions.domain import orchestration
from partners.middleware import ActorRequest
from partners.models import User


@require_POST
def take(request: ActorRequest, number: int, position: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    step = loaders.step(interaction, position)
    user = get_object_or_404(User, pk=request.actor.user_id)

    def act(_version: int) -> None:
        orchestration.take(step, user, actor=request.actor, at=timezone.now())

    done = _("“%(step)s” is yours.") % {"step": step.name}
    return page.attempt(request, interaction, TakeForm(request.POST), act, button=_("Take it"), done=done)


@require_POST
def finish(request: ActorRequest, number: int, position: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    step = loaders.step(interaction, position)
    form = FinishForm(request.POST)

    def act(_version: int) -> None:
        orchestration.finish(step, outcome=form.cleaned_data["outcome"], actor=request.actor, at=timezone.now())

    done = _("“%(step)s” is finished.") % {"step": step.name}
    return page.attempt(request, interaction, form, act, button=_("Finish the step"), done=done)


@require_POST
def hand_over(request: ActorRequest, number: int, position: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    step = loaders.step(interaction, position)
    form = HandOverForm(request.POST)

    def act(_version: int) -> None:
        filled = form.cleaned_data
        orchestration.hand_over(step, filled["team"], reason=filled["reason"], actor=request.actor, at=timezone.now())

    done = _("“%(step)s” was handed over.") % {"step": step.name}
    return page.attempt(request, interaction, form, act, button=_("Hand over"), done=done)
