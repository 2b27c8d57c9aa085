"""The queue: views with counts, filters in the address, pages that never shift."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interactions.console import day, filters, loaders
from interactions.domain import paging, queues, workload
from interactions.domain.paging import Order
from interactions.domain.queues import BY_CODE, MOST_COUNTED, VIEWS, View
from partners.middleware import ActorRequest

MOST_PLACE = 60  # characters of a place in the list


@require_safe
def queue(request: ActorRequest) -> HttpResponse:
    actor = loaders.representative(request)
    at = timezone.now()
    view = BY_CODE.get(request.GET.get("view", ""), VIEWS[0])
    order = order_of(request, view)
    reader = queues.reader(actor, at=at, today=day.begin(at))
    found, form = filters.narrowed(queues.interactions_in(view, reader), request.GET, actor=actor)
    page = paging.page(
        workload.rows(found),
        order,
        after=paging.place_in(request.GET.get("after", "")),
        before=paging.place_in(request.GET.get("before", "")),
    )
    context = {
        "view": view,
        "views": counted_views(queues.counts(reader), shown=view),
        "order": order,
        "page": page,
        "rows": [(interaction, workload.reason(interaction, at=at)) for interaction in page.rows],
        "form": form,
        "shows_fields": "filters" in request.GET or bool(form is not None and form.errors),
        "in_force": filters.in_force(request.GET),
        "chips": filters.chips(form, request.GET) if form is not None else [],
        "is_filtered": filters.is_filtered(form),
        "at": at,
    }
    asks_for_fields = request.htmx and request.htmx.target == "queue-fields"
    name = "queue_filters.html#fields" if asks_for_fields else "queue.html"
    return render(request, f"console/interactions/{name}", context)


def order_of(request: ActorRequest, view: View) -> Order:
    wanted = request.GET.get("sort", "")
    return Order(wanted) if wanted in set(Order) else view.order


@dataclass(frozen=True, kw_only=True)
class Line:
    """One view in the list of views: its count in words, "999+" where there are more, or None if it is not counted."""

    view: View
    count: str | None
    is_shown: bool

    @property
    def address(self) -> str:
        return f"?view={self.view.code}"


def counted_views(counts: Mapping[str, int], *, shown: View) -> list[Line]:
    return [
        Line(view=view, count=words_of(counts[view.code]) if view.code in counts else None, is_shown=view == shown)
        for view in VIEWS
    ]


def words_of(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
