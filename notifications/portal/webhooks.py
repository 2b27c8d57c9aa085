"""The partner's webhook endpoints: added, paused, tried, given new secrets and ended by itself."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.domain import subscriptions
from notifications.domain.subscriptions import Issued
from notifications.enums import SubscriptionState
from notifications.errors import SubscriptionEnded, SubscriptionMade
from notifications.forms import EndpointForm, NewSecretForm
from notifications.models import Subscription
from notifications.models.subscription import SubscriptionQuerySet
from partners.domain import access, keyset, perimeter
from partners.enums import Permission
from partners.errors import SecretRenewed
from partners.middleware import ActorRequest
from partners.portal.entrance import for_partners, own_partner

ROWS = 50
MOST_ID = 2**63 - 1
PLACE = "portal-notifications:webhook"


@require_safe
@for_partners
def endpoints(request: ActorRequest) -> HttpResponse:
    """Every endpoint, the newest first, with how it does."""
    access.require_to_look(request.actor, Permission.MANAGE_CREDENTIALS)
    partner = own_partner(request)
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = keyset.page(own(request), ("-id",), size=ROWS, **marks)
    return render(request, "portal/notifications/webhooks.html", {"partner": partner, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
@never_cache
def new_endpoint(request: ActorRequest) -> HttpResponse:
    """Add one; its secret is on the page that answers, and nowhere else."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    partner, now = own_partner(request), timezone.now()
    roles = perimeter.grantable(partner, request.actor, on=now.date())
    form = EndpointForm(request.POST if request.method == "POST" else None, roles=roles, actor=request.actor)
    try:
        issued = form.add(actor=request.actor, at=now) if form.is_valid() else None
    except SubscriptionMade as made:
        messages.warning(request, str(made))
        return redirect(PLACE, made.subscription_id)
    if issued is not None:
        return show_once(request, issued)
    context = {"partner": partner, "form": form}
    return render(request, "portal/notifications/new_webhook.html", context, status=422 if form.errors else 200)


@require_POST
@for_partners
@never_cache
def rotate(request: ActorRequest, subscription_id: int) -> HttpResponse:
    """Give it a new secret, which is on the page that answers."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    subscription = load(request, subscription_id)
    form = NewSecretForm(request.POST, subscription=subscription)
    if not form.is_valid():
        messages.error(request, _("Choose how long the old secret signs on."))
        return redirect(PLACE, subscription.pk)
    try:
        return show_once(request, form.rotate(actor=request.actor, at=timezone.now()))
    except (SubscriptionEnded, SecretRenewed) as refusal:
        messages.error(request, str(refusal))
        return redirect(PLACE, subscription.pk)


@require_POST
@for_partners
def act(request: ActorRequest, subscription_id: int) -> HttpResponse:
    """Pause it, resume it, try it or end it, as the button says."""
    access.require(request.actor, Permission.MANAGE_CREDENTIALS)
    subscription = load(request, subscription_id)
    verb = VERBS.get(request.POST.get("act", ""))
    if verb is None:
        messages.error(request, _("That cannot be done with an endpoint."))
        return redirect(PLACE, subscription.pk)
    try:
        messages.success(request, verb(request, subscription))
    except SubscriptionEnded as refusal:
        messages.error(request, str(refusal))
    return redirect(PLACE, subscription.pk)


def pause(request: ActorRequest, subscription: Subscription) -> str:
    subscriptions.pause(subscription, actor=request.actor, at=timezone.now())
    return _("It is paused. What happens meanwhile waits.")


def resume(request: ActorRequest, subscription: Subscription) -> str:
    subscriptions.resume(subscription, actor=request.actor, at=timezone.now())
    return _("It goes on, with what has gathered first.")


def test(request: ActorRequest, subscription: Subscription) -> str:
    subscriptions.test(subscription, actor=request.actor, at=timezone.now())
    if subscription.state == SubscriptionState.PAUSED:
        return _("A test event waits until the endpoint is resumed.")
    return _("A test event is on its way.")


def end(request: ActorRequest, subscription: Subscription) -> str:
    subscriptions.end(subscription, actor=request.actor, at=timezone.now())
    return _("It has ended. Nothing more is sent there.")


VERBS: dict[str, Callable[[ActorRequest, Subscription], str]] = {
    "pause": pause,
    "resume": resume,
    "test": test,
    "end": end,
}


def show_once(request: ActorRequest, issued: Issued) -> HttpResponse:
    """The one page that shows a secret."""
    return render(request, "portal/notifications/webhook_secret.html", {"issued": issued})


def own(request: ActorRequest) -> SubscriptionQuerySet:
    """Those of the partner that the person acts for."""
    visible = Subscription.objects.visible_to(request.actor).filter(role__partner=request.actor.partner_id or 0)
    return visible.select_related("role__kind", "role__partner", "created_by")


def load(request: ActorRequest, subscription_id: int) -> Subscription:
    found = own(request).filter(pk=min(subscription_id, MOST_ID)).first()
    if found is None:
        raise Http404
    return found
