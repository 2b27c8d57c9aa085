from django.contrib import admin

from interactions.models import Approval
from partners.admin.base import ReadOnlyAdmin


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """Approvals are decided in the console; here they can be seen."""

    list_display = ["kind", "partner", "amount", "currency", "payee", "status", "asked_by", "asked_at", "decided_by"]
    list_select_related = ["partner", "asked_by", "decided_by"]
    list_filter = ["kind", "status"]
    search_fields = ["partner__name", "payee"]
    fields = [
        "kind", "partner", "interaction", "amount", "currency", "payee", "status", "asked_by", "asked_at", "decided_by",
        "decided_for", "decided_level", "decided_at", "reason",
    ]  # fmt: skip
