"""The front door: everybody to the page they start from."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from partners.domain import access
from partners.enums import Permission
from partners.middleware import ActorRequest

OURS = (  # by what somebody of ours is here for
    (Permission.WORK, ("console-interactions:my_work", "admin:index")),
    (Permission.READ_MATTERS, ("console-interactions:queue", "admin:index")),
    (Permission.READ_REPORTS, ("console-reporting:overview", "account_change_password")),
)
PORTAL = ("portal-interactions:home", "account_change_password")


def home(request: ActorRequest) -> HttpResponse:
    """Visitors who are not signed in never come this far: signing in is the default."""
    actor = request.actor
    return redirect(first_of(next((names for permission, names in OURS if access.may(actor, permission)), PORTAL)))


def first_of(names: tuple[str, ...]) -> str:
    """The address of the first of these pages that is installed."""
    for name in names[:-1]:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return reverse(names[-1])
