"""The front door: everybody to the page they start from."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from partners.middleware import ActorRequest

CONSOLE = ("console-interactions:my_work", "admin:index")
PORTAL = ("portal-interactions:home", "account_change_password")


def home(request: ActorRequest) -> HttpResponse:
    """Visitors who are not signed in never come this far: signing in is the default."""
    return redirect(first_of(CONSOLE if request.actor.is_representative else PORTAL))


def first_of(names: tuple[str, ...]) -> str:
    """The address of the first of these pages that is installed."""
    for name in names[:-1]:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return reverse(names[-1])
