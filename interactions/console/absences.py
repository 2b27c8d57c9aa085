"""Who is away and who stands in: the own absences, and those of the teams that somebody leads."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from interactions.console import loaders
from interactions.console.forms import AbsenceForm
from interactions.domain import workload
from partners.domain import absences as verbs
from partners.errors import SubstituteUnfit
from partners.middleware import ActorRequest
from partners.models import Absence

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: ActorRequest) -> HttpResponse:
    """The list, and the form for one more."""
    actor = loaders.worker(request)
    people = workload.people_led_by(actor)
    form = AbsenceForm(people, request.POST or None, initial={"user": actor.user_id})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.announce(**form.cleaned_data, actor=actor, at=timezone.now())
        except SubstituteUnfit as error:
            form.add_error("substitute", str(error))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The absence is noted."))
            return redirect("console-interactions:absences")
    today = timezone.localdate()
    known = Absence.objects.filter(user__in=people, last_date__gte=today).select_related("user", "substitute")
    context = {"form": form, "absences": known.order_by("first_date", "pk")[:MOST], "today": today}
    return render(request, "console/interactions/absences.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: ActorRequest, absence_id: int) -> HttpResponse:
    actor = loaders.representative(request)
    if absence_id > loaders.MOST_ID:
        raise Http404
    absence = get_object_or_404(Absence.objects.filter(user__in=workload.people_led_by(actor)), pk=absence_id)
    verbs.withdraw(absence, actor=actor, at=timezone.now())
    messages.success(request, _("The absence is withdrawn."))
    return redirect("console-interactions:absences")
