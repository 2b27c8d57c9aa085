"""Who may come into the portal: people who act for a partner."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from partners.middleware import ActorRequest

View = Callable[..., HttpResponseBase]


def for_partners(view: View) -> View:
    """Representatives are led to their console; who acts for no partner gets a page that says what to do."""

    @wraps(view)
    def inside(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.is_representative:
            return redirect("home")
        if request.actor.partner_id is None:
            return render(request, "portal/partners/nobody.html", {"portal_places": []}, status=403)
        return view(request, *args, **kwargs)

    return inside
