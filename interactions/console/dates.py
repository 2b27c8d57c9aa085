"""Another date for what was promised."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interactions.console import loaders, page
from interactions.console.forms import DateForm
from interactions.domain import dates
from interactions.domain.dates import NewDate
from partners.middleware import ActorRequest


@require_POST
def move(request: ActorRequest, number: int) -> HttpResponse:
    interaction = loaders.interaction(request, number)
    form = DateForm(request.POST)

    def act(version: int) -> None:
        new = NewDate(to=form.cleaned_data["to"], reason=form.cleaned_data["reason"])
        dates.move(interaction, new, actor=request.actor, at=timezone.now(), version=version)

    done = _("The date was moved; both sides are told.")
    return page.attempt(request, interaction, form, act, button=_("Move the date"), done=done)
