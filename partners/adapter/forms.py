from typing import Any

from allauth.account import forms
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


LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, again"),
}


class InOurWords:
    """Labels as on all other pages, and no word in a field that says its label again."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, forms.LoginForm):  # type: ignore[misc]  # allauth carries no types, here and below
    pass


class RequestLoginCodeForm(InOurWords, forms.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(InOurWords, forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(InOurWords, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(InOurWords, forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(InOurWords, forms.SetPasswordForm):  # type: ignore[misc]
    pass
