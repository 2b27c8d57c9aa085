from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.admin.base import RecordedAdmin, actor_of
from partners.admin.generic import AnyModelForm, AnyTabularInline, AnyUserAdmin
from partners.domain import people, sign_ins
from partners.enums import MONEY
from partners.errors import LastAdministrator
from partners.models import Membership, User

RIGHTS = ["staff_role", "permissions", "is_staff", "is_superuser", "groups", "user_permissions"]


class NewUserForm(AnyModelForm):
    """A person without a password: they get one set here, or choose one with a code by e-mail."""

    class Meta:
        model = User
        fields = ["email", "name", "time_zone", "language", "is_representative"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class UserForm(AnyModelForm):
    permissions = forms.MultipleChoiceField(
        choices=sorted((permission.value, permission.label) for permission in MONEY),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("May also"),
        help_text=_("What moves money is given to each representative by name."),
    )

    class Meta:
        model = User
        fields = [
            "email",
            "name",
            "time_zone",
            "language",
            "is_representative",
            "staff_role",
            "permissions",
            "is_staff",
            "is_superuser",
            "is_active",
        ]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean_is_active(self) -> bool:
        """Who alone administers a partner keeps the account; in an emergency the partner is suspended first."""
        is_active = bool(self.cleaned_data["is_active"])
        if not is_active and "is_active" in self.changed_data:
            try:
                people.refuse_to_deactivate(self.instance, at=timezone.now())
            except LastAdministrator as error:
                raise forms.ValidationError(str(error)) from error
        return is_active


class MembershipInline(AnyTabularInline):
    """Where somebody belongs is changed at the partner."""

    model = Membership
    fk_name = "user"
    extra = 0
    can_delete = False
    fields = ["partner", "title", "is_administrator", "valid_from", "valid_until"]
    readonly_fields = ["partner", "title", "is_administrator", "valid_from", "valid_until"]
    show_change_link = False

    def has_add_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(RecordedAdmin, AnyUserAdmin):
    """Passwords are set at “set password” and shown to nobody."""

    form = UserForm
    add_form = NewUserForm
    inlines = [MembershipInline]
    actions = ["sign_out"]
    list_display = ["name", "email", "is_representative", "is_staff", "is_active", "last_login"]
    list_filter = ["is_representative", "is_staff", "is_active"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [(None, {"fields": ["email", "name", "time_zone", "language", "is_representative"]})]
    fieldsets = [
        (None, {"fields": ["email", "name", "time_zone", "language"]}),
        (_("Access"), {"fields": ["is_active", "is_representative", "staff_role", "permissions", "is_staff",
                               "is_superuser", "groups", "user_permissions"]}),
        (_("Since"), {"fields": ["date_joined", "last_login"]}),
    ]  # fmt: skip

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: Any) -> None:
        for user in queryset:
            sign_ins.end_sessions(user, actor=actor_of(request), at=timezone.now())
        self.message_user(request, gettext("They are signed out everywhere."))

    def get_inlines(self, _request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only who may do everything gives rights away; nobody gives them to themselves."""
        own = list(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else [*own, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may do everything is changed, password included, by such people only."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_above and super().has_change_permission(request, obj)

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False
