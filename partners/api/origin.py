"""Where a request comes from."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The caller's address, read past the proxies that we trust; None when none can be told."""
    try:
        found = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None
    return str(found)
