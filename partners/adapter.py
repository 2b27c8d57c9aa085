from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Persons are invited or set up by an administrator; nobody registers alone."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def render_mail(self, *args: Any, **kwargs: Any) -> Any:
        """Anybody can have a reset sent to any address: an absence notice back would be a matter."""
        message = super().render_mail(*args, **kwargs)
        message.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834
        return message
