"""How a page looks for this browser: theme, density, single-key shortcuts; cookies, so that no script is needed."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

CHOICES: Mapping[str, tuple[str, ...]] = {  # the first of each is the default
    "theme": ("system", "light", "dark"),
    "density": ("comfortable", "compact"),
    "shortcuts": ("on", "off"),
}
ONE_YEAR = 31_536_000


def of(request: HttpRequest) -> dict[str, str]:
    """What this browser chose; an unknown value counts as the default."""
    chosen = {name: request.COOKIES.get(name, "") for name in CHOICES}
    return {name: chosen[name] if chosen[name] in values else values[0] for name, values in CHOICES.items()}


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back to the page."""
    chosen = {name: request.POST[name] for name in CHOICES if name in request.POST}
    if not chosen or any(value not in CHOICES[name] for name, value in chosen.items()):
        return HttpResponseBadRequest("unknown preference", content_type="text/plain")
    following = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(following if is_ours else "/")
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=ONE_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response
