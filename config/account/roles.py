"""Signing in ends in a role: which are there, which of them this sign-in does for, and what the others lack."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.account import ways
from config.account.ways import Way
from partners.domain import mandates
from partners.domain.access import Choice
from partners.domain.mandates import Shortfall
from partners.middleware import ActorRequest


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A role somebody may act in, with what this sign-in lacks for it and how to get that."""

    choice: Choice
    is_current: bool
    shortfall: Shortfall | None
    ways: list[Way]


@require_safe
@never_cache
def choose(request: ActorRequest) -> HttpResponse:
    """The roles of a person; for a representative without a second factor, how to set one up."""
    acting = request.acting
    here = reverse("account_role")
    if acting.shortfall is not None and acting.membership is None:
        found = ways.to_fill(acting.shortfall, request, following=reverse("home"))
        return render(request, "account/second_factor.html", {"ways": found, "shortfall": acting.shortfall})
    if not acting.choices:
        return redirect("home")
    offers = [offered(request, choice, following=here) for choice in acting.choices]
    return render(request, "account/role.html", {"offers": offers, "is_first": acting.membership is None})


def offered(request: ActorRequest, choice: Choice, *, following: str) -> Offer:
    acting = request.acting
    shortfall = mandates.of_role(choice.membership, choice.role, acting.proof)
    is_current = acting.shortfall is None and (acting.membership, acting.role) == (choice.membership, choice.role)
    found = ways.to_fill(shortfall, request, following=following) if shortfall else []
    return Offer(choice=choice, is_current=is_current, shortfall=shortfall, ways=found)
