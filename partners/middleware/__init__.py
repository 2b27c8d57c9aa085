"""Who is asking: every request carries `request.actor` before any view runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.middleware import HtmxDetails

from partners.domain import access, factors, fence
from partners.domain.access import Acting
from partners.domain.assurance import UNPROVEN
from partners.enums import AssuranceLevel
from partners.errors import NotPermitted, StepUpNeeded
from partners.middleware import holding
from partners.middleware.sessions import ROLE_KEY
from partners.payloads import Actor

ACCOUNT = "/account/"  # where somebody gets what is missing
ENTRANCES = ("/identity/", "/account/company/")  # where machines get their tokens, and a company vouches for its people
CHOOSING = "portal-partners:act_as"
# who has a second factor changes them only with it: a password alone makes no stronger proof
FACTOR_PAGES = {
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    *("mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
}

PASSWORD_PAGES = {"account_change_password", "account_set_password"}

__all__ = ["ROLE_KEY", "ActorMiddleware", "ActorRequest", "FenceMiddleware", "for_the_enterprise"]


def for_the_enterprise() -> AbstractContextManager[None]:
    """What is counted over all partners, for who may see the figures and none of the rows."""
    return fence.standing_for(fence.ENTERPRISE)


class ActorRequest(HttpRequest):
    """A request as our views receive it."""

    actor: Actor
    acting: Acting
    htmx: HtmxDetails


class FenceMiddleware:
    """Until it is known who asks, the enterprise finds it out; `ActorMiddleware` narrows what follows.

    What only reads does so in one transaction: the side is told once, and not anew with every statement.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        together = transaction.atomic(savepoint=False) if request.method in holding.SAFE else nullcontext()
        with fence.standing_for(fence.ENTERPRISE), together:
            return self.get_response(request)


class ActorMiddleware:
    """Resolves the session's user and chosen role to an Actor, for whom the database is asked from then on.

    Pages are in the user's language and zone; who is not known yet is answered in the browser's language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proof = request.__dict__.get("proof", UNPROVEN)
        session = access.acting(request.user, chosen=request.session.get(ROLE_KEY), proof=proof)
        request.__dict__.update(actor=session.actor, acting=session)
        side = fence.ENTERPRISE if is_entrance(request, session) else fence.side_of(session.actor)
        language = session.language or translation.get_language()
        with timezone.override(session.time_zone), translation.override(language), fence.standing_for(side):
            response = self.get_response(request)
        if session.language:
            response.headers.setdefault("Content-Language", session.language)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = fence.kept(iter(response), side)
        return response

    def process_view(self, request: ActorRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        """Who acts in no role yet is led to where it is chosen, or what it needs is got."""
        if not getattr(view, "login_required", True):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.path.startswith(ACCOUNT):
            if request.acting.proof.sign_on is not None and name in FACTOR_PAGES | PASSWORD_PAGES:
                # else a company could leave itself a key to what the person does for others
                return render(request, "account/company/managed.html", status=403)
            return self.guard_factors(request, name)
        if not request.acting.is_settled and name != CHOOSING:
            return holding.lead(request, reverse("account_role"))
        holding.refuse_who_only_looks(request)
        return holding.hold_for_role(request, request.acting)

    def guard_factors(self, request: ActorRequest, name: str) -> HttpResponse | None:
        fresh = request.acting.proof.fresh_level
        if name not in FACTOR_PAGES or fresh >= AssuranceLevel.DOUBLE or not factors.of(request.actor.user_id):
            return None
        return holding.hold(request, request.acting, StepUpNeeded(AssuranceLevel.DOUBLE, is_stale=True))

    def process_exception(self, request: ActorRequest, failure: Exception) -> HttpResponse | None:
        """What the role does not allow is refused; what needs a stronger sign-in waits until it is there."""
        if isinstance(failure, NotPermitted):
            raise PermissionDenied(str(failure)) from failure
        if isinstance(failure, StepUpNeeded):
            return holding.hold(request, request.acting, failure)
        return None


def is_entrance(request: HttpRequest, session: Acting) -> bool:
    """Where the enterprise still finds out who somebody is: before signing in has ended in a role, or for a token.

    The accounts of our own people are the enterprise's in any case, whatever else these may look at.
    """
    is_in = request.user.is_authenticated and session.is_settled
    is_theirs = is_in and not session.actor.is_of_ours
    return request.path.startswith(ENTRANCES) or (request.path.startswith(ACCOUNT) and not is_theirs)
