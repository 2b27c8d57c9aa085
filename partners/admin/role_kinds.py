from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.admin.allowed import AllowedField
from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.enums import CredentialKind
from partners.models import RoleKind


class RoleKindForm(AnyModelForm):
    credential_kinds = forms.MultipleChoiceField(
        label=_("Accepted credentials"),
        choices=CredentialKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What proves who somebody is in this role; people need one of these, and the level below."),
    )
    allowed = AllowedField(label=_("What it allows"), help_text=_("The level in brackets holds everywhere."))

    class Meta:
        model = RoleKind
        fields = ["code", "name", "description", "credential_kinds", "minimum_level"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance
        self.initial["allowed"] = {one: kind.demands.get(one, 0) for one in kind.permissions}

    def clean(self) -> dict[str, Any] | None:
        allowed: dict[str, int] = self.cleaned_data.get("allowed") or {}
        self.instance.permissions = list(allowed)
        self.instance.demands = {permission: level for permission, level in allowed.items() if level}
        cleaned: dict[str, Any] | None = super().clean()
        return cleaned


@admin.register(RoleKind)
class RoleKindAdmin(RecordedAdmin):
    form = RoleKindForm
    fields = ["code", "name", "description", "credential_kinds", "minimum_level", "allowed"]
    list_display = ["name", "code", "minimum_level"]
    search_fields = ["name", "code"]
    ordering = ["name"]
