"""The queue: views with counts, filters in the address, pages that never shift."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from interactions import rules
from interactions.console import arranging, bulk, day, filters, loaders, saved_views, shelf, shown
from interactions.console.shown import Shown
from interactions.domain import paging, presence, queues, visits, workload
from interactions.domain.desks import Arrangement, Saved
from interactions.domain.paging import Order
from interactions.models import BatchAction, Interaction, SavedView
from partners.middleware import ActorRequest
from partners.payloads import Actor

SORTS = [
    (Order.DUE, _("Due")),
    (Order.NEWEST, _("Newest")),
    (Order.OLDEST, _("Oldest")),
    (Order.CHANGED, _("Last change")),
    (Order.PRIORITY, _("Priority")),
]
MOST_CHANGES = 99
ACTIONS = [
    (BatchAction.ASSIGN, _("Assign"), "user-check"),
    (BatchAction.HAND_OVER, _("Hand over"), "arrow-right-left"),
    (BatchAction.PRIORITY, _("Priority"), "signal-high"),
    (BatchAction.WATCH, _("Watch"), "eye"),
    (BatchAction.RESOLVE, _("Resolve"), "circle-check"),
    (BatchAction.CLOSE, pgettext_lazy("a matter", "Close"), "archive"),
]


@require_safe
def changes(request: ActorRequest) -> HttpResponse:
    """How many of the view, or of the rows that a page shows, changed since it was read, at most MOST_CHANGES;
    and who is in these rows now, as their places are drawn.
    """
    actor = loaders.representative(request)
    at = timezone.now()
    since = paging.place_in(f"{request.GET.get('since', '')}.0")
    moment = (since.moment if since else None) or at
    reader = queues.reader(actor, arranging.arrangement_of(request), at=at, today=day.begin(at))
    changed = shelf.interactions_of(request.GET, reader).filter(updated_at__gt=moment)
    shown_ids = [one for text in request.GET.get("shown", "").split(",")[:MOST_CHANGES] if (one := loaders.id_in(text))]
    rows = Interaction.objects.visible_to(actor).filter(pk__in=shown_ids, updated_at__gt=moment)
    found = {*changed.order_by().values_list("pk", flat=True)[:MOST_CHANGES], *rows.values_list("pk", flat=True)}
    there = presence.others_in(shown_ids, actor, now=at.timestamp())
    present = render_to_string("console/interactions/queue_present.html", {"there": list(there.items())})
    return JsonResponse({"count": min(len(found), MOST_CHANGES), "present": present})


@require_safe
def queue(request: ActorRequest) -> HttpResponse:
    actor = loaders.representative(request)
    arrangement = arranging.arrangement_of(request)
    if not request.GET and arrangement.first:
        return redirect(f"{request.path}{shown.address(arrangement.first)}")
    at = timezone.now()
    now = shown.of(request.GET, arrangement)
    reader = queues.reader(actor, arrangement, at=at, today=day.begin(at))
    found, form = filters.narrowed(queues.interactions_in(now.view, reader), request.GET, actor=actor)
    page = paging.page(
        workload.rows(found, *(field for column in now.columns for field in column.fields)),
        now.order,
        after=paging.place_in(request.GET.get("after", "")),
        before=paging.place_in(request.GET.get("before", "")),
    )
    if rules.can_work(actor):  # who only looks opens nothing as theirs
        visits.mark(page.rows, actor=actor, at=at)
    presence.mark(page.rows, actor, now=at.timestamp())
    context = {
        "now": now,
        "views": shelf.lines(reader, arrangement, now),
        "recent": arrangement.recent,
        **(bulk.lines_of(actor, at=at) if arrangement.has_batches else {}),
        "page": page,
        "rows": [(interaction, workload.reason(interaction, at=at)) for interaction in page.rows],
        "form": form,
        "shows_fields": "filters" in request.GET or bool(form is not None and form.errors),
        "in_force": filters.in_force(request.GET),
        "chips": filters.chips(form, request.GET) if form is not None else [],
        "is_filtered": filters.is_filtered(form),
        "reads_unread": filters.reads_unread(form),
        "at": at,
        "since": (at - paging.EPOCH) // paging.MICROSECOND,
        "live_url": settings.LIVE_URL,
        **tools(request, now, arrangement),
    }
    asks_for_fields = request.htmx and request.htmx.target == "queue-fields"
    name = "queue_filters.html#fields" if asks_for_fields else "queue.html"
    return render(request, f"console/interactions/{name}", context)


def tools(request: ActorRequest, now: Shown, arrangement: Arrangement) -> dict[str, Any]:
    """What can be done with the view that is shown, and what has to stay in the address."""
    kept = [(name, value) for name in ("sort", "column", "density", "saved") for value in request.GET.getlist(name)]
    return {
        "sorts": [(order, words, order == now.order) for order, words in SORTS if is_offered(order, now)],
        "actions": ACTIONS,
        "heads": heads(request.GET, now),
        "kept": [pair for pair in kept if pair[1]],
        "address": arranging.told(request.GET),
        "may_change": may_change(request.actor, now.saved, arrangement),
        "is_first": now.saved is not None and now.saved == arrangement.first,
        "is_chosen": now.saved is not None and now.saved == arrangement.chosen,
        "leads_team": now.saved is not None and rules.can_arrange_for_team(now.saved.team_id, arrangement.led),
        "removed": removed(request) if "removed" in request.GET else None,
    }


def may_change(actor: Actor, saved: Saved | None, arrangement: Arrangement) -> bool:
    return saved is not None and rules.can_change_view(actor, saved.owner_id, saved.team_id, arrangement.led)


def is_offered(order: Order, now: Shown) -> bool:
    return shown.order_of(QueryDict(f"sort={order}"), now.view) == order


def heads(query: QueryDict, now: Shown) -> list[dict[str, Any]]:
    """The columns with what a click sorts them by, the other way round where they are sorted by already."""
    found = []
    for column in now.columns:
        orders = [order for order in column.orders if is_offered(order, now)]
        following = next((order for order in orders if order != now.order), None) if now.order in orders else None
        wanted = following or (orders[0] if orders else None)
        address = f"{filters.without(query, ['sort', 'after', 'before'])}&sort={wanted}" if wanted else ""
        found.append({"column": column, "address": address, "is_sorted": now.order in orders})
    return found


def removed(request: ActorRequest) -> SavedView | None:
    """The view that was just removed, to be brought back."""
    view_id = loaders.id_in(request.GET["removed"]) or 0
    return saved_views.seen_by(request.actor, is_removed=True).filter(pk=view_id).first()
