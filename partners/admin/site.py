"""The admin has no door of its own, and what allauth would show in it has none past ours.

Who is not signed in goes through the door that asks for the second factor. An OAuth client, a token or an address made
in allauth's own pages would be on no record; its page of second factors shows their secrets.
"""

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.idp.oidc.admin import Client, Token
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from partners.admin.base import CHANGED, ReadOnly, actor_of, note
from partners.admin.generic import AnyModelAdmin
from partners.domain import sign_ins

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's documented way
# its modules are imported above, so that they have registered their pages by now and will not again
admin.site.unregister([EmailAddress, Client, Token, Authenticator, UserSession])
admin.site.index_title = _("Configuration")

# words of Django that its catalogue says otherwise than ours; with us they go before
OURS = [
    gettext_noop("History"),
    gettext_noop("Save and add another"),
    gettext_noop("Save and continue editing"),
    gettext_noop("Start typing to filter…"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
]

# allauth gives these no names of their own
apps.get_app_config("mfa").verbose_name = _("Sign-in")
SECOND_FACTOR = Authenticator._meta
SECOND_FACTOR.verbose_name, SECOND_FACTOR.verbose_name_plural = _("second factor"), _("second factors")
for name, words in {
    "user": _("person"),
    "type": _("kind"),
    "created_at": _("created"),
    "last_used_at": _("last used"),
}.items():
    SECOND_FACTOR.get_field(name).verbose_name = words


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnly, AnyModelAdmin):
    """Second factors, without their secrets: to take one away from somebody who lost it, who is signed out with it."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_select_related = ["user"]
    list_filter = ["type"]
    search_fields = ["user__name", "user__email"]
    fields = ["user", "type", "created_at", "last_used_at"]
    ordering = ["-pk"]

    def has_delete_permission(self, request: HttpRequest, _row: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            note(request, row, CHANGED, texts={"person": str(row.user)}, done="deleted", user=row.user_id)
            sign_ins.end_sessions(row.user, actor=actor_of(request), at=timezone.now())
        return super().log_deletions(request, queryset)
