from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.admin.base import ReadOnlyAdmin, actor_of
from partners.domain import onboarding
from partners.errors import InvitationSpent
from partners.models import Invitation


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """People are invited at their partner; here invitations can be seen and withdrawn."""

    actions = ["withdraw"]
    list_display = ["address", "partner", "invited_by", "invited_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_select_related = ["partner", "invited_by"]
    list_filter = ["accepted_at", "withdrawn_at"]
    search_fields = ["address", "partner__name"]
    fields = [
        "address", "partner", "title", "roles", "is_administrator", "invited_by", "invited_at", "expires_at", "sent_at",
        "next_at", "attempts", "error", "accepted_at", "accepted_by", "withdrawn_at",
    ]  # fmt: skip

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("partners.change_invitation")

    @admin.action(description=_("Withdraw"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        for invitation in chosen:
            try:
                onboarding.withdraw(invitation, actor=actor_of(request), at=timezone.now())
            except InvitationSpent as refusal:
                messages.error(request, f"{invitation.address}: {refusal}")
