"""A session ends when nothing happened in it for a while, and when it is old; how soon depends on how it was proven."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from partners.domain import access, assurance, sign_ins
from partners.domain.access import Acting
from partners.domain.assurance import UNPROVEN, Limit, Proof
from partners.middleware import holding
from partners.models import User

ROLE_KEY = "acting-role"


class SessionLimitMiddleware:
    """Notes that a session is used, and signs out whose time is up; a form that was sent too late is not lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        user = request.user
        proof = assurance.proof_of(request.session, at=now) if isinstance(user, User) else UNPROVEN
        request.__dict__["proof"] = proof
        if isinstance(user, User):
            limit = assurance.limit_reached(request.session, proof, at=now)
            if limit and holding.is_by_itself(request):  # the next that somebody sends still finds whose it is
                request.user = AnonymousUser()
                request.__dict__["proof"] = UNPROVEN
            elif limit:
                sign_out(request, user, proof, limit)
            elif holding.BACKGROUND not in request.headers and assurance.is_to_be_noted(request.session, proof, at=now):
                request.session[assurance.SEEN_KEY] = now.timestamp()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any) -> HttpResponse | None:
        ended: Acting | None = request.__dict__.get("ended")
        if ended is None or not getattr(view, "login_required", True):
            return None
        messages.info(request, gettext("You were signed out, since your session had run its time. Sign in to go on."))
        return holding.hold_for_sign_in(request, ended) if holding.can_be_held(request) else None


class SignedInMiddleware(LoginRequiredMiddleware):
    """Leads whoever is not signed in to where one does; the whole page, also where only a part of it was asked for."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know of nothing but a redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request") != "true" or holding.is_by_itself(request):
            return super().handle_no_permission(request, view_func)
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        following = urlencode({"next": urlunsplit(("", "", shown.path, shown.query, ""))})
        return holding.lead(request, f"{reverse('account_login')}?{following}")


def sign_out(request: HttpRequest, user: User, proof: Proof, limit: Limit) -> None:
    acting = access.acting(user, chosen=request.session.get(ROLE_KEY), proof=proof)
    sign_ins.ran_out(user, acting, limit, at=timezone.now())
    request.session.flush()
    request.user = AnonymousUser()
    request.__dict__.update(proof=UNPROVEN, ended=acting)
