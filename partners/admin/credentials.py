from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.admin import acts
from partners.admin.base import ReadOnlyAdmin, actor_of
from partners.domain import credentials
from partners.models import Credential


@admin.register(Credential)
class CredentialAdmin(ReadOnlyAdmin):
    """Made at the partner, where the secret is shown once; given a new secret, changed and revoked here."""

    actions = ["revoke"]
    list_display = ["name", "kind", "identifier", "role", "created_at", "expires_at", "revoked_at"]
    list_select_related = ["role__kind", "role__partner"]
    list_filter = ["kind", "revoked_at"]
    search_fields = ["name", "identifier", "role__partner__name"]
    fields = ["name", "kind", "identifier", "role", "created_by", "created_at", "expires_at", "revoked_at"]

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:credential_id>/secret/", wrap(acts.renew_key), name="partners_credential_renew"),
            path("<int:credential_id>/terms/", wrap(acts.change_key), name="partners_credential_change_key"),
            *super().get_urls(),
        ]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("partners.change_credential")

    @admin.action(description=_("Revoke, with every token given for it"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[Credential]) -> None:
        for credential in chosen:
            credentials.revoke(credential, actor=actor_of(request), at=timezone.now())
