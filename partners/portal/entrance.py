"""Who may come into the portal: people who act for a partner."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from partners.middleware import ActorRequest
from partners.models import Partner

View = Callable[..., HttpResponseBase]


def for_partners(view: View) -> View:
    """Representatives are led to their console; who acts for no partner gets a page that says what to do."""

    @wraps(view)
    def inside(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_of_ours:
            return redirect("home")
        if request.actor.partner_id is None:
            return render(request, "portal/partners/nobody.html", {"portal_places": []}, status=403)
        return view(request, *args, **kwargs)

    return inside


def own_partner(request: ActorRequest) -> Partner:
    """The partner that the person acts for, or 404 when it is gone."""
    partner = Partner.objects.visible_to(request.actor).filter(pk=request.actor.partner_id or 0).first()
    if partner is None:
        raise Http404
    return partner
