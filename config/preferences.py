"""How a page looks: for this browser theme, density and single keys; for who is signed in, which panes are folded."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from partners.domain import folding
from partners.middleware import ActorRequest

CHOICES: Mapping[str, tuple[str, ...]] = {  # the first of each is the default; cookies, so that no script is needed
    "theme": ("system", "light", "dark"),
    "density": ("comfortable", "compact"),
    "shortcuts": ("on", "off"),
}
PANE = "pane"
ONE_YEAR = 31_536_000


def of(request: HttpRequest) -> dict[str, str]:
    """What this browser chose; an unknown value counts as the default. `panes` are those of the person."""
    chosen = {name: request.COOKIES.get(name, "") for name in CHOICES}
    found = {name: chosen[name] if chosen[name] in values else values[0] for name, values in CHOICES.items()}
    return {**found, "panes": " ".join(getattr(getattr(request, "user", None), "panes", []))}


@login_not_required
@require_POST
def choose(request: ActorRequest) -> HttpResponse:
    """Keep what was chosen and go back to the page."""
    chosen = {name: request.POST[name] for name in CHOICES if name in request.POST}
    pane = request.POST.get(PANE, "")
    if not (chosen or pane) or any(value not in CHOICES[name] for name, value in chosen.items()):
        return refused()
    if pane:
        user_id = request.actor.user_id if request.actor.is_of_ours else None
        if pane not in folding.STATES or user_id is None:
            return refused()
        folding.fold(pane, user_id=user_id)
    if request.htmx:
        return HttpResponse(status=204)
    following = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(following if is_ours else "/")
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=ONE_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


def refused() -> HttpResponse:
    return HttpResponseBadRequest("unknown preference", content_type="text/plain")
