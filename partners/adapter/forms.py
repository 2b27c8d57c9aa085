from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A key that is set up is a passkey unless somebody wants less: it then signs in alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields.get("passwordless")
        if alone is not None:
            alone.initial = True
            alone.label = _("Sign in with it alone, without a password")
            alone.help_text = _("Leave this out for a security key that only comes after your password.")
