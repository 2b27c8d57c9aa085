"""What somebody fills in who was invited and has no account yet."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as lazy

from partners.models import User


class JoiningForm(forms.Form):
    """A name and a password; the address is that of the invitation."""

    name = forms.CharField(
        label=lazy("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=lazy("Password"),
        strip=False,
        max_length=200,
        help_text=lazy("At least 8 characters, and not one that many people use."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=lazy("Password again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, address: str, name: str = "") -> None:
        super().__init__(data, initial={"name": name})
        self.address = address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password and cleaned.get("again") and cleaned["again"] != password:
            self.add_error("again", lazy("This is not the same as above."))
        if password:
            try:
                password_validation.validate_password(password, User(email=self.address, name=cleaned.get("name", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned
