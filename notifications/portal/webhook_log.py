"""One webhook endpoint with the log of what was sent to it, and what became of each event."""

import json
from collections.abc import Collection, Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from interactions.domain.outward.representation import number_of
from interactions.models import Interaction
from notifications.domain import deliveries, hub_events, posting, queries
from notifications.enums import DeliveryState, HubEvent
from notifications.forms import NewSecretForm
from notifications.models import Delivery, Subscription
from notifications.portal import webhooks
from partners.domain import access, keyset
from partners.enums import Permission
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners

ROWS = 15
OUTCOMES: Mapping[str, tuple[str | Promise, Sequence[DeliveryState]]] = {
    "arrived": (lazy("Arrived"), [DeliveryState.COMPLETED]),
    "waiting": (lazy("On its way"), [DeliveryState.INITIAL, DeliveryState.IN_PROGRESS]),
    "given-up": (lazy("Given up"), [DeliveryState.FAILED]),
    "cancelled": (lazy("Not sent"), [DeliveryState.CANCELLED]),
}


@require_safe
@for_partners
def endpoint(request: ActorRequest, subscription_id: int) -> HttpResponse:
    """How it does, what can be done with it, and its log, the newest first."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    subscription = webhooks.load(request, subscription_id)
    outcome = request.GET.get("outcome", "")
    rows = Delivery.objects.visible_to(request.actor).filter(subscription=subscription).select_related("entry")
    if outcome in OUTCOMES:
        rows = rows.filter(state__in=OUTCOMES[outcome][1])
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = keyset.page(rows, ["-id"], size=ROWS, **marks)
    context = {
        "subscription": subscription,
        "page": page,
        "rows": lines(page.rows, seen(request, page.rows)),
        "outcome": outcome if outcome in OUTCOMES else "",
        "outcomes": [(name, label) for name, (label, _states) in OUTCOMES.items()],
        "asked": asked(subscription),
        "rotation": NewSecretForm(subscription=subscription),
        "now": timezone.now(),
    }
    return render(request, "portal/notifications/webhook.html", context)


@require_safe
@for_partners
def event(request: ActorRequest, subscription_id: int, event_id: int) -> HttpResponse:
    """One event as it was sent, and what was answered; its words only for who may see the matter."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    delivery = load(request, subscription_id, event_id)
    context = {
        "subscription": delivery.subscription,
        "delivery": delivery,
        "id": hub_events.id_of(delivery.entry),
        "is_seen": delivery.interaction_id is None or delivery.interaction_id in seen(request, [delivery]),
        "agent": posting.AGENT,
        "body": json.dumps(json.loads(delivery.text), indent=2, ensure_ascii=False),
    }
    return render(request, "portal/notifications/webhook_event.html", context)


@require_POST
@for_partners
def again(request: ActorRequest, subscription_id: int, event_id: int) -> HttpResponse:
    """Send it again under its id."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    delivery = load(request, subscription_id, event_id)
    if deliveries.redrive(delivery, actor=request.actor, at=timezone.now()):
        messages.success(request, _("It is being sent again."))
    else:
        messages.info(request, _("It does not need to be sent again; somebody may have done so already."))
    return redirect("portal-notifications:webhook_event", subscription_id, event_id)


def lines(rows: Sequence[Delivery], visible: Collection[int]) -> Sequence[Mapping[str, object]]:
    """Each event with the number of its matter, and whether that may be opened."""
    return [
        {
            "delivery": row,
            "number": number_of(row.interaction_id) if row.interaction_id else "",
            "is_seen": row.interaction_id in visible,
        }
        for row in rows
    ]


def asked(subscription: Subscription) -> Sequence[str]:
    """The events that it asks for, in words; none for all of them."""
    return [str(event.label) for event in HubEvent if event in queries.read(subscription.query).events]


def seen(request: ActorRequest, rows: Sequence[Delivery]) -> set[int]:
    """Of the matters of some deliveries those that the person may see too: a system may be told of more."""
    about = {row.interaction_id for row in rows if row.interaction_id}
    visible = Interaction.objects.visible_to(request.actor).filter(pk__in=about)
    return set(visible.values_list("pk", flat=True))


def load(request: ActorRequest, subscription_id: int, event_id: int) -> Delivery:
    subscription = webhooks.load(request, subscription_id)
    own = Delivery.objects.visible_to(request.actor).filter(subscription=subscription)
    rows = own.filter(pk=min(event_id, webhooks.MOST_ID))
    found = rows.select_related("entry", "interaction", "subscription__role__partner").first()
    if found is None:
        raise Http404
    return found
