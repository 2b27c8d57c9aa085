"""The first page of the portal, and the list of everything between the partner and us."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from interactions.domain import agenda, queues, request_drafts, search, standing
from interactions.domain.standing import Standing
from interactions.models import Interaction
from interactions.models.interaction import InteractionQuerySet
from partners.domain import keyset
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

WAITING = 20
DOING = 10
NEWS = 6
NEWS_FROM = timedelta(days=14)
ROWS = 25
TABS = {"open": lazy("Open"), "closed": lazy("Closed"), "all": lazy("All")}


@require_safe
@for_partners
def home(request: ActorRequest) -> HttpResponse:
    """What waits for me, what are you doing, what is new?"""
    now = timezone.now()
    waiting, doing = agenda.waiting(request.actor), agenda.doing(request.actor)
    counts = queues.count({"waiting": waiting, "doing": doing})
    context = {
        "waiting": standings(waiting[:WAITING]),
        "waiting_count": queues.told(counts["waiting"]),
        "waits_for_more": counts["waiting"] > WAITING,
        "doing": standings(doing[:DOING]),
        "doing_count": queues.told(counts["doing"]),
        "does_more": counts["doing"] > DOING,
        "news": agenda.news(request.actor, since=now - NEWS_FROM, most=NEWS),
        "drafts": request_drafts.mine(request.actor),
        "has_any": Interaction.objects.visible_to(request.actor).exists(),
    }
    return render(request, "portal/interactions/home.html", context)


@require_safe
@for_partners
def interaction_list(request: ActorRequest) -> HttpResponse:
    """Open, closed or all; a number that is one of ours opens it at once."""
    text = request.GET.get("q", "").strip()
    if text and (named := by_number(request, text)):
        return redirect("portal-interactions:page", named.number)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else ("all" if text else "open")
    found = search.find(text, actor=request.actor) if text else Interaction.objects.visible_to(request.actor)
    page = keyset.page(
        agenda.with_steps(in_tab(found, tab)),
        ("-id",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=ROWS,
    )
    context = {
        "page": page,
        "rows": [standing.of(one, at=timezone.now()) for one in page.rows],
        "tabs": [{"name": name, "label": label, "is_current": name == tab} for name, label in TABS.items()],
        "tab": tab,
        "text": text[:200],
    }
    return render(request, "portal/interactions/list.html", context)


def standings(interactions: InteractionQuerySet) -> list[Standing]:
    return [standing.of(one, at=timezone.now()) for one in agenda.with_steps(interactions)]


def in_tab(interactions: InteractionQuerySet, tab: str) -> InteractionQuerySet:
    if tab == "open":
        return interactions.open()
    return interactions.ended() if tab == "closed" else interactions


def by_number(request: ActorRequest, text: str) -> Interaction | None:
    """The interaction that a whole number such as BPI-0000042 names; bare figures may be somebody else's number."""
    number = search.number_in(text) if text.upper().startswith("BPI") else None
    if number is None:
        return None
    return Interaction.objects.visible_to(request.actor).filter(pk=number).first()
