from django import forms
from django.contrib import admin

from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.enums import CredentialKind, Permission
from partners.models import RoleKind


class RoleKindForm(AnyModelForm):
    credential_kinds = forms.MultipleChoiceField(
        choices=CredentialKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="What proves who somebody is in this role; people need one of these, and the level below.",
    )

    permissions = forms.MultipleChoiceField(
        choices=Permission.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = RoleKind
        fields = ["code", "name", "description", "permissions", "demands", "credential_kinds", "minimum_level"]
        help_texts = {"demands": 'Such as {"settlement.approve": 3}: where this role asks for more than everywhere.'}


@admin.register(RoleKind)
class RoleKindAdmin(RecordedAdmin):
    form = RoleKindForm
    list_display = ["name", "code", "minimum_level"]
    search_fields = ["name", "code"]
    ordering = ["name"]
