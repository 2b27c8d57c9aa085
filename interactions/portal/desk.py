"""The first page of the portal, and the list of everything between the partner and us."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from interactions.domain import agenda, queues, request_drafts, search, standing
from interactions.domain.matching import EVERYTHING, Place
from interactions.domain.standing import Standing
from interactions.models import ENDED, Interaction
from interactions.models.interaction import InteractionQuerySet
from partners.domain import keyset
from partners.domain.keyset import Page
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

WAITING = 20
DOING = 10
NEWS = 6
NEWS_FROM = timedelta(days=14)
ROWS = 25
TABS = {"open": lazy("Open"), "closed": lazy("Closed"), "all": lazy("All")}
NARROWED = {"open": ~Q(status__in=ENDED), "closed": Q(status__in=ENDED), "all": EVERYTHING}


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
    page, is_cut = listed(request, text, tab)
    context = {
        "page": page,
        "is_cut": is_cut,
        "rows": [standing.of(one, at=timezone.now()) for one in page.rows],
        "tabs": [{"name": name, "label": label, "is_current": name == tab} for name, label in TABS.items()],
        "tab": tab,
        "text": text[:200],
    }
    return render(request, "portal/interactions/list.html", context)


def standings(interactions: InteractionQuerySet) -> list[Standing]:
    return [standing.of(one, at=timezone.now()) for one in agenda.with_steps(interactions)]


def listed(request: ActorRequest, text: str, tab: str) -> tuple[Page[Interaction], bool]:
    """A page of those that fit, and whether it was given up to look for more of them."""
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    found, is_cut = Interaction.objects.visible_to(request.actor).filter(NARROWED[tab]), False
    if text:
        place = place_of(**marks)
        hits = search.newest(text, actor=request.actor, narrow=NARROWED[tab], place=place, most=ROWS + 1)
        found, is_cut = found.filter(pk__in=hits.ids), hits.is_cut
    return keyset.page(agenda.with_steps(found), ("-id",), **marks, size=ROWS), is_cut


def place_of(after: str, before: str) -> Place | None:
    """Where the page with these marks begins."""
    marked = keyset.read(after or before, 1)
    return Place(id=marked[0], is_rising=not after) if marked and isinstance(marked[0], int) else None


def by_number(request: ActorRequest, text: str) -> Interaction | None:
    """The interaction that a whole number such as BPI-0000042 names; bare figures may be somebody else's number."""
    number = search.number_in(text) if text.upper().startswith("BPI") else None
    if number is None:
        return None
    return Interaction.objects.visible_to(request.actor).filter(pk=number).first()
