"""Deliveries: what was sent to whom, what could not be, and the way to send it again."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from interactions.domain import search
from notifications import rules
from notifications.domain import deliveries
from notifications.enums import DeliveryState, Medium
from notifications.models import Delivery, Subscription
from partners.domain import keyset
from partners.middleware import ActorRequest

ROWS = 50
MOST_DIGITS = 18


@require_safe
def delivery_list(request: ActorRequest) -> HttpResponse:
    """What was sent, the newest first, by state, medium and interaction."""
    if not rules.can_see_deliveries(request.actor):
        raise Http404
    asked = {name: request.GET.get(name, "").strip()[:40] for name in ("state", "medium", "number", "endpoint")}
    rows = Delivery.objects.select_related("interaction", "entry")
    if asked["state"] in DeliveryState.values:
        rows = rows.filter(state=asked["state"])
    if asked["medium"] in Medium.values:
        rows = rows.filter(medium=asked["medium"])
    if asked["number"]:
        rows = rows.filter(interaction=search.number_in(asked["number"]))
    endpoint = endpoint_in(asked["endpoint"])
    if asked["endpoint"]:
        rows = rows.filter(subscription=endpoint) if endpoint else rows.none()
    page = keyset.page(
        rows, ["-id"], after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=ROWS
    )
    context = {
        "page": page,
        "asked": asked,
        "endpoint": endpoint,
        "states": DeliveryState.choices,
        "media": Medium.choices,
        "failed": DeliveryState.FAILED,
    }
    return render(request, "console/notifications/deliveries.html", context)


@require_safe
def delivery_page(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """One message as it was written, and how it fared."""
    delivery = load(request, delivery_id)
    body = json.dumps(json.loads(delivery.text), indent=2, ensure_ascii=False) if delivery.subscription else ""
    return render(request, "console/notifications/delivery.html", {"delivery": delivery, "body": body})


@require_POST
def redrive(request: ActorRequest, delivery_id: int) -> HttpResponse:
    delivery = load(request, delivery_id)
    if not rules.can_redrive(request.actor):
        raise PermissionDenied
    if deliveries.redrive(delivery, actor=request.actor, at=timezone.now()):
        messages.success(request, _("It is being sent again to %(address)s.") % {"address": delivery.address})
    else:
        messages.info(request, _("It does not need to be sent again; somebody may have done so already."))
    return redirect("console-notifications:delivery", delivery_id=delivery.pk)


def endpoint_in(asked: str) -> Subscription | None:
    """The endpoint that a link of a task names; none where there is no such."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS else 0
    return Subscription.objects.select_related("role__partner", "task").filter(pk=number).first() if number else None


def load(request: ActorRequest, delivery_id: int) -> Delivery:
    """The delivery, or 404; the console is for representatives."""
    if not rules.can_see_deliveries(request.actor):
        raise Http404
    return get_object_or_404(
        Delivery.objects.select_related("interaction", "entry", "user", "subscription__role__partner"), pk=delivery_id
    )
