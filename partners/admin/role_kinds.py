from django import forms
from django.contrib import admin

from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.enums import CredentialKind
from partners.models import RoleKind


class RoleKindForm(AnyModelForm):
    credential_kinds = forms.MultipleChoiceField(
        choices=CredentialKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="What proves who somebody is in this role; people need one of these, and the level below.",
    )

    class Meta:
        model = RoleKind
        fields = ["code", "name", "description", "permissions", "credential_kinds", "minimum_level"]
        help_texts = {"permissions": "Separated by commas, such as interaction.raise, bill.submit."}


@admin.register(RoleKind)
class RoleKindAdmin(RecordedAdmin):
    form = RoleKindForm
    list_display = ["name", "code", "minimum_level"]
    search_fields = ["name", "code"]
    ordering = ["name"]
