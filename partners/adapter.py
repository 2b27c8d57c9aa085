from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Persons are invited or set up by an administrator; nobody registers alone."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
