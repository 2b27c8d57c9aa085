"""Partners with everything that belongs to them; what changes the standing of one needs a reason."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.admin import acts
from partners.admin.base import CarefulInline, RecordedAdmin, note
from partners.admin.generic import AnyInlineFormSet, AnyModelForm
from partners.domain import contacts
from partners.enums import ContactMedium, PartnerStatus, RoleStatus
from partners.errors import LastAdministrator
from partners.models import Agreement, Contact, Membership, Partner, PartnerRole

PARTNER_STATUS_CHANGED = "partner.status_changed"
ROLE_STATUS_CHANGED = "partner_role.status_changed"


class StandingForm(AnyModelForm):
    """A status other than the usual ones says why."""

    needing_reason: frozenset[str] = frozenset()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("status") in self.needing_reason and not cleaned.get("status_reason", "").strip():
            self.add_error("status_reason", gettext("Say why."))
        return cleaned


class PartnerForm(StandingForm):
    needing_reason = frozenset({PartnerStatus.SUSPENDED, PartnerStatus.ENDED})

    class Meta:
        model = Partner
        fields = [
            "name", "legal_name", "external_id", "status", "status_reason", "country", "region", "time_zone",
            "language", "handling_notes",
        ]  # fmt: skip


class RoleForm(StandingForm):
    needing_reason = frozenset({RoleStatus.SUSPENDED, RoleStatus.ENDED})

    class Meta:
        model = PartnerRole
        fields = ["kind", "status", "status_reason", "valid_from", "valid_until"]


class ContactForm(AnyModelForm):
    """The comparable form of an address or number follows from the value."""

    class Meta:
        model = Contact
        fields = [
            "name", "user", "medium", "value", "purpose", "is_preferred", "valid_from", "valid_until", "verified_at",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        medium, value = cleaned.get("medium"), cleaned.get("value")
        if medium and value:
            # two addresses of one purpose are told apart by it
            cleaned["key"] = self.instance.key = contacts.key_of(ContactMedium(medium), value)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"key", "partner"}  # type: ignore[misc, no-any-return]


class RoleInline(CarefulInline):
    model = PartnerRole
    form = RoleForm
    can_delete = False


class ContactInline(CarefulInline):
    model = Contact
    form = ContactForm
    autocomplete_fields = ["user"]


class MembershipFormSet(AnyInlineFormSet):
    """Nobody locks out the last administrator here either."""

    def clean(self) -> None:
        super().clean()
        today = timezone.now().date()
        if any(self.errors) or not self.instance.pk:
            return
        Partner.objects.select_for_update(no_key=True).get(pk=self.instance.pk)  # until what is checked here is saved
        acting = Membership.objects.in_force(today).filter(partner=self.instance, is_administrator=True)
        left = [form.instance for form in self.forms if administers(form.instance, today)]
        if acting.exists() and not left:
            raise forms.ValidationError(str(LastAdministrator()))
        if acting.filter(valid_until=None).exists() and all(membership.valid_until for membership in left):
            raise forms.ValidationError(gettext("One of the administrators has to stay without an end date."))


def administers(membership: Membership, on: date) -> bool:
    has_ended = membership.valid_until is not None and membership.valid_until < on
    is_shut_out = membership.blocked_at is not None or membership.ended_at is not None
    is_acting = not (has_ended or is_shut_out) and membership.user.is_active
    return membership.is_administrator and is_acting


SHUT_OUT = ["blocked_at", "blocked_by", "is_blocked_by_enterprise", "ended_at"]


class MembershipInline(CarefulInline):
    """Blocking and removing are done at the partner's page in the console, with their own entries."""

    model = Membership
    formset = MembershipFormSet
    can_delete = False
    fields = ["user", "roles", "title", "is_administrator", "valid_from", "valid_until", *SHUT_OUT]
    readonly_fields = SHUT_OUT
    autocomplete_fields = ["user"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "roles":
            partner_id = request.resolver_match.kwargs.get("object_id")
            own = PartnerRole.objects.select_related("kind", "partner").filter(partner_id=partner_id)
            kwargs["queryset"] = own if partner_id else own.none()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class AgreementForm(AnyModelForm):
    url = forms.URLField(required=False, assume_scheme="https", label=_("Where it is kept"))

    class Meta:
        model = Agreement
        fields = ["reference", "title", "status", "valid_from", "valid_until", "url"]


class AgreementInline(CarefulInline):
    model = Agreement
    form = AgreementForm


@admin.register(Partner)
class PartnerAdmin(RecordedAdmin):
    form = PartnerForm
    inlines = [RoleInline, ContactInline, MembershipInline, AgreementInline]
    list_display = ["name", "status", "country", "external_id"]
    list_filter = ["status", "country", "roles__kind"]
    search_fields = ["name", "legal_name", "external_id", "contacts__key"]
    ordering = ["name"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "status" in form.changed_data:
            tell_standing(request, obj, PARTNER_STATUS_CHANGED, form.initial["status"])

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is PartnerRole:
            for inner in formset.forms:
                if inner.instance.pk and "status" in inner.changed_data:
                    tell_standing(request, inner.instance, ROLE_STATUS_CHANGED, inner.initial.get("status", ""))

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:partner_id>/invite/", wrap(acts.invite), name="partners_partner_invite"),
            path("<int:partner_id>/new-key/", wrap(acts.new_key), name="partners_partner_new_key"),
            *super().get_urls(),
        ]


def tell_standing(request: HttpRequest, row: Partner | PartnerRole, event: str, came_from: str) -> None:
    """A change of standing has its own event on the partner's stream."""
    known = {"role_kind": row.kind.code} if isinstance(row, PartnerRole) else {}
    note(request, row, event, texts={"reason": row.status_reason}, came_from=came_from, status=row.status, **known)
