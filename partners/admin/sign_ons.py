"""A partner's own identity provider, as staff configure it; its secret is written here and never shown again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from partners.admin.base import CarefulInline, ReadOnlyAdmin, ReadOnlyInline, RecordedAdmin, actor_of
from partners.admin.generic import AnyModelForm
from partners.domain import sign_on_keys, sign_on_people, single_sign_on
from partners.errors import KeyNotPrepared, KeyPrepared
from partners.models import SignOnAnswer, SignOnIdentity, SignOnRole, SingleSignOn
from partners.transports import key_pairs

OURS = ["sign_in_page", "answers", "metadata", "certificate_ends_at", "next_certificate_ends_at", "trial"]


FIELDSETS = [
    (None, {"fields": ["partner", "name", "slug", "kind", "issuer"]}),
    (_("By OpenID Connect"), {"fields": ["client_id", "client_secret", "scopes"]}),
    (_("By SAML"), {"fields": ["sign_in_url", "certificates", "accepts_unasked"]}),
    (
        _("What it says of people"),
        {
            "fields": [
                *("subject_claim", "email_claim", "name_claim", "roles_claim"),
                *("second_factor_claim", "second_factor_values"),
            ],
            "description": _("A claim that is left empty is read under its usual name. What roles mean stands below."),
        },
    ),
    (_("Who comes in by it"), {"fields": ["domains", "creates_people", "is_active", "is_required"]}),
]


class SingleSignOnForm(AnyModelForm):
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
        help_text=_("Kept encrypted and not shown; leave it empty to keep the one that is there."),
    )

    sign_in_url = forms.URLField(
        label=_("Sign-in address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where SAML requests are sent by redirect."),
    )

    def clean_client_secret(self) -> str:
        return str(self.cleaned_data["client_secret"] or self.instance.client_secret)


class SignOnRoleInline(CarefulInline):
    model = SignOnRole


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
    actions = ["prepare_key", "change_over"]

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> list[str]:
        """Addresses and keys are there once it is stored."""
        return OURS if obj else []

    def get_fieldsets(self, _request: HttpRequest, obj: Any = None) -> Any:
        """In the order in which it is set up with the partner."""
        ours = [(_("What the provider is told of us"), {"fields": OURS})] if obj else []
        return [*FIELDSETS, *ours]

    def save_model(self, request: HttpRequest, obj: SingleSignOn, form: Any, change: bool) -> None:
        sign_on_keys.equip(obj, at=timezone.now())
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Make our next key pair (SAML)"), permissions=["change"])
    def prepare_key(self, request: HttpRequest, chosen: QuerySet[SingleSignOn]) -> None:
        self.for_each(request, chosen, sign_on_keys.prepare, _("Its certificate stands in our metadata from now on."))

    @admin.action(description=_("Change over to our next key pair (SAML)"), permissions=["change"])
    def change_over(self, request: HttpRequest, chosen: QuerySet[SingleSignOn]) -> None:
        self.for_each(request, chosen, sign_on_keys.change_over, _("We sign with the new key from now on."))

    def for_each(
        self, request: HttpRequest, chosen: QuerySet[SingleSignOn], verb: Callable[..., None], done: Any
    ) -> None:
        for sign_on in chosen.select_related("partner"):
            try:
                if not sign_on.is_saml:
                    messages.error(request, f"{sign_on}: {_('OpenID Connect needs no key pair of ours.')}")
                    continue
                verb(sign_on, actor=actor_of(request), at=timezone.now())
                messages.success(request, f"{sign_on}: {done}")
            except (KeyPrepared, KeyNotPrepared) as refusal:
                messages.error(request, f"{sign_on}: {refusal}")

    @admin.display(description=_("sign-in page of the partner"))
    def sign_in_page(self, sign_on: SingleSignOn) -> str:
        return single_sign_on.addresses_of(sign_on).page

    @admin.display(description=_("where the provider sends answers"))
    def answers(self, sign_on: SingleSignOn) -> str:
        return single_sign_on.addresses_of(sign_on).answers

    @admin.display(description=_("our metadata, and our entity id"))
    def metadata(self, sign_on: SingleSignOn) -> str:
        return single_sign_on.addresses_of(sign_on).metadata or "-"

    @admin.display(description=_("our certificate ends"))
    def certificate_ends_at(self, sign_on: SingleSignOn) -> str:
        return day_of(key_pairs.ends_at(sign_on.signing_certificate))

    @admin.display(description=_("our next certificate ends"))
    def next_certificate_ends_at(self, sign_on: SingleSignOn) -> str:
        return day_of(key_pairs.ends_at(sign_on.next_certificate))

    @admin.display(description=_("trial"))
    def trial(self, sign_on: SingleSignOn) -> SafeString:
        address = reverse("account-company:start", args=[sign_on.slug])
        return format_html('<a href="{}?trial=1">{}</a>', address, _("Sign in there and see what it says of you"))


def day_of(at: datetime | None) -> str:
    return date_format(localtime(at), "j M Y") if at else "-"


@admin.register(SignOnIdentity)
class SignOnIdentityAdmin(ReadOnlyAdmin):
    """Whom providers know; each is linked by itself at the first sign-in."""

    actions = ["unlink"]
    list_display = ["user", "sign_on", "subject", "created_at", "used_at"]
    list_select_related = ["user", "sign_on"]
    list_filter = ["sign_on"]
    search_fields = ["subject", "user__name", "user__email"]
    fields = ["user", "sign_on", "subject", "created_at", "used_at"]

    def has_unlink_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("partners.change_singlesignon")

    @admin.action(description=_("Unlink, and sign out what it opened"), permissions=["unlink"])
    def unlink(self, request: HttpRequest, chosen: QuerySet[SignOnIdentity]) -> None:
        for identity in chosen:
            sign_on_people.unlink(identity, actor=actor_of(request), at=timezone.now())
