"""My work: what needs me, what waits for others, what I did today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interactions.console import day, loaders
from interactions.domain import workload
from partners.middleware import ActorRequest


@require_safe
def my_work(request: ActorRequest) -> HttpResponse:
    actor = loaders.representative(request)
    at = timezone.now()
    work = workload.work_of(actor, at=at, today=day.begin(at))
    context = {
        "work": work,
        "at": at,
        "to_do": sum(len(bundle.interactions) for bundle in work.to_do) + len(work.my_steps),
        "waiting": sum(len(bundle.interactions) for bundle in work.waiting),
        "for_team": len(work.team_steps) + len(work.unassigned),
        "most": workload.SHOWN,
    }
    return render(request, "console/interactions/my_work.html", context)
