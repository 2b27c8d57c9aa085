from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.admin.base import RecordedAdmin
from partners.admin.generic import AnyModelForm
from partners.domain.access import ADMINISTRATION
from partners.enums import ENTERPRISE_ONLY, Permission
from partners.models import StaffRole


class StaffRoleForm(AnyModelForm):
    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=[(one.value, one.label) for one in Permission if one in ENTERPRISE_ONLY | ADMINISTRATION],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Without the first, neither a matter nor a partner is shown; without the second, nothing is changed."
        ),
    )

    class Meta:
        model = StaffRole
        fields = ["code", "name", "description", "permissions", "minimum_level"]


@admin.register(StaffRole)
class StaffRoleAdmin(RecordedAdmin):
    """What people of ours are here for who do not work on matters every day; given at the person."""

    form = StaffRoleForm
    list_display = ["name", "code", "minimum_level"]
    search_fields = ["name", "code"]
    ordering = ["name"]
