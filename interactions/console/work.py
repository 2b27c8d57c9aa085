"""My work, my day, and the work of a team: what needs me, what waits for others, who carries how much."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interactions.console import arranging, day, loaders
from interactions.console.queue import ACTIONS
from interactions.domain import my_day, team_work, workload
from interactions.domain.desks import Arrangement
from interactions.domain.team_work import BY_MEMBER, BY_STATUS
from interactions.domain.workload import Bundle
from interactions.models import Team
from partners.middleware import ActorRequest


@require_safe
def my_work(request: ActorRequest) -> HttpResponse:
    actor = loaders.worker(request)
    at = timezone.now()
    own = arranging.arrangement_of(request)
    work = workload.work_of(actor, people=own.people, teams=own.teams, at=at, today=day.begin(at))
    context = {
        "work": work,
        "at": at,
        "to_do": workload.counted(in_all(work.to_do) + len(work.my_steps), work.mine, work.my_steps),
        "waiting": workload.counted(in_all(work.waiting), work.mine),
        "for_team": workload.counted(len(work.team_steps) + len(work.unassigned), work.team_steps, work.unassigned),
        "part": "work",
    }
    return render(request, "console/interactions/my_work.html", context)


def in_all(bundles: Iterable[Bundle]) -> int:
    return sum(len(bundle.interactions) for bundle in bundles)


@require_safe
def today(request: ActorRequest) -> HttpResponse:
    """Due today, waiting for me, mentions, changes of what I watch."""
    actor = loaders.worker(request)
    at = timezone.now()
    found = my_day.of(actor, at=at, today=day.begin(at))
    reasons = [(interaction, workload.reason(interaction, at=at)) for interaction in found.waiting]
    return render(
        request, "console/interactions/my_day.html", {"day": found, "today": at, "waiting": reasons, "part": "day"}
    )


@require_safe
def board(request: ActorRequest) -> HttpResponse:
    """The matters of a team in columns, by status or by member."""
    actor = loaders.representative(request)
    teams = list(Team.objects.order_by("name"))
    own = arranging.arrangement_of(request).teams
    team = next((one for one in teams if one.code == request.GET.get("team")), None)
    team = team or next((one for one in teams if one.pk in own), None) or next(iter(teams), None)
    by = BY_MEMBER if request.GET.get("by") == BY_MEMBER else BY_STATUS
    context = {
        "team": team,
        "teams": sorted(teams, key=lambda one: one.pk not in own),
        "by": by,
        "columns": team_work.board(team, by, actor=actor) if team else [],
        "most": team_work.CARDS,
        "part": "board",
    }
    return render(request, "console/interactions/board.html", context)


@require_safe
def load(request: ActorRequest) -> HttpResponse:
    """Who of the teams that I lead carries how much, what is in jeopardy, and giving it to others."""
    actor = loaders.representative(request)
    teams = teams_led(arranging.arrangement_of(request))
    context: dict[str, Any] = {"teams": [], "risky": [], "actions": ACTIONS, "page": None, "part": "load"}
    if teams:
        context["teams"] = team_work.loads(teams, at=timezone.now())
        context["risky"] = team_work.in_jeopardy(teams, actor=actor)
    return render(request, "console/interactions/load.html", context)


def teams_led(arrangement: Arrangement) -> list[Team]:
    return list(Team.objects.filter(pk__in=arrangement.led).order_by("name")) if arrangement.led else []
