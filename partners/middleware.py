"""Who is asking: every request carries `request.actor` before any view runs."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from partners.domain import access
from partners.domain.access import Acting
from partners.errors import NotPermitted, StepUpNeeded
from partners.payloads import Actor

ROLE_KEY = "acting-role"


class ActorRequest(HttpRequest):
    """A request as our views receive it."""

    actor: Actor
    acting: Acting
    htmx: HtmxDetails


class ActorMiddleware:
    """Resolves the session's user and chosen role to an Actor, and shows times in the user's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = access.acting(
            request.user, chosen=request.session.get(ROLE_KEY), level=access.session_level(request.session)
        )
        request.__dict__.update(actor=session.actor, acting=session)
        with timezone.override(session.time_zone):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, failure: Exception) -> HttpResponse | None:
        """What the role does not allow is refused; what needs a stronger sign-in says so."""
        if isinstance(failure, NotPermitted):
            raise PermissionDenied(str(failure)) from failure
        if isinstance(failure, StepUpNeeded):
            return render(request, "account/step_up.html", {"needed": failure}, status=403)
        return None
