"""A partner's own identity provider, as staff configure it; its secret is written here and never shown again."""

from django import forms
from django.contrib import admin

from partners.admin.base import ReadOnlyInline, RecordedAdmin
from partners.admin.generic import AnyModelForm, AnyTabularInline
from partners.models import SignOnAnswer, SignOnIdentity, SignOnRole, SingleSignOn


class SingleSignOnForm(AnyModelForm):
    client_secret = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text="Kept encrypted and not shown; leave it empty to keep the one that is there.",
    )

    sign_in_url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", help_text="Where SAML requests are sent by redirect."
    )

    def clean_client_secret(self) -> str:
        return str(self.cleaned_data["client_secret"] or self.instance.client_secret)


class SignOnRoleInline(AnyTabularInline):
    model = SignOnRole
    extra = 0


class SignOnIdentityInline(ReadOnlyInline):
    model = SignOnIdentity
    fields = ["subject", "user", "created_at", "used_at"]
    readonly_fields = ["subject", "user", "created_at", "used_at"]


class SignOnAnswerInline(ReadOnlyInline):
    model = SignOnAnswer
    fields = ["assertion", "in_response_to", "received_at", "collected_at"]
    readonly_fields = ["assertion", "in_response_to", "received_at", "collected_at"]


@admin.register(SingleSignOn)
class SingleSignOnAdmin(RecordedAdmin):
    form = SingleSignOnForm
    inlines = [SignOnRoleInline, SignOnIdentityInline, SignOnAnswerInline]
    list_display = ["name", "partner", "kind", "issuer", "is_active", "is_required"]
    list_select_related = ["partner"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "issuer", "partner__name"]
    autocomplete_fields = ["partner"]
    ordering = ["name", "pk"]
