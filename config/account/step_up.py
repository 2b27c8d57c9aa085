"""An act that needs a stronger sign-in: what it needs, how to get it, and then the act itself with its input kept."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config.account import ways, wording
from partners.domain import access, interruptions
from partners.domain.interruptions import Interruption
from partners.domain.mandates import Shortfall
from partners.enums import AssuranceLevel, Permission
from partners.middleware import ActorRequest, holding
from partners.payloads import NOBODY


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
    begun = access.acting(request.user, chosen=act.role, proof=request.acting.proof)
    is_theirs = begun.key == act.role
    context = {
        "act": act,
        "key": key,
        "said": wording.said(act, begun.actor if is_theirs else NOBODY),
        "is_same": is_same(request, act),
        "begun_as": begun if is_theirs else None,
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
