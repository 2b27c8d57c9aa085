from django.contrib import admin

from partners.admin.base import ReadOnlyAdmin
from partners.models import BankAccount


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnlyAdmin):
    """Accounts are proposed in the portal and approved in the console; their numbers are shown to who approves them."""

    list_display = ["partner", "holder", "masked", "status", "proposed_by", "proposed_at", "decided_at"]
    list_select_related = ["partner", "proposed_by"]
    list_filter = ["status"]
    search_fields = ["partner__name", "holder"]
    fields = ["partner", "holder", "masked", "status", "proposed_by", "proposed_at", "decided_at", "ended_at"]
