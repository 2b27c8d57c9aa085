"""An act that needs a stronger sign-in: what it needs, how to get it, and then the act itself with its input kept."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.account import ways
from partners.domain import interruptions
from partners.domain.interruptions import Interruption
from partners.domain.mandates import Shortfall
from partners.enums import AssuranceLevel, Permission
from partners.middleware import ActorRequest, holding

OURS = {"version", "key", "next", "seen", "binding", holding.BEGUN_AS}  # fields that no person filled in
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step_up(request: ActorRequest, key: str) -> HttpResponse:
    """Asks until enough is proven; then what was only to be read is shown, and what was to be done is confirmed."""
    act = interruptions.waiting(request.session, key, user_id=request.acting.actor.user_id, at=timezone.now())
    if act is None:
        return render(request, "account/nothing_waits.html", status=404)
    if not suffices(request, act):
        return ask(request, key, act)
    if act.is_post and request.method != "POST":
        return confirm(request, key, act)
    if act.is_post and not is_same(request, act):
        return redirect("step_up", key)
    interruptions.take(request.session, key)
    if act.is_post:
        return holding.resume(request, act)
    return redirect(f"{act.address}?{act.query}" if act.query else act.address)


def confirm(request: ActorRequest, key: str, act: Interruption) -> HttpResponse:
    """What is about to be done; where it was begun in another role that one is offered."""
    begun_as = next((choice for choice in request.acting.choices if choice.key == act.role), None)
    context = {
        "act": act,
        "key": key,
        "shown": shown(act),
        "is_same": is_same(request, act),
        "begun_as": begun_as,
    }
    return render(request, "account/confirm.html", context)


def suffices(request: ActorRequest, act: Interruption) -> bool:
    proof = request.acting.proof
    return (proof.fresh_level if act.is_stale else proof.level) >= act.level


def is_same(request: ActorRequest, act: Interruption) -> bool:
    """Whether the person still acts in the role they began in."""
    return request.acting.key == act.role


def ask(request: ActorRequest, key: str, act: Interruption) -> HttpResponse:
    shortfall = Shortfall(level=AssuranceLevel(act.level))
    context = {
        "act": act,
        "level": shortfall.level,
        "permission": Permission(act.permission).label if act.permission else "",
        "ways": ways.to_fill(shortfall, request, following=reverse("step_up", args=[key])),
    }
    return render(request, "account/step_up.html", context)


def shown(act: Interruption) -> list[tuple[str, str]]:
    """What somebody had filled in, so that they see what they confirm."""
    return [
        (name.removeprefix("field_").replace("_", " "), value[:MOST_SHOWN])
        for name, value in act.fields
        if value and name not in OURS
    ]
