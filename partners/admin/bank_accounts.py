from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.admin.base import ReadOnlyAdmin
from partners.models import BankAccount


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnlyAdmin):
    """Accounts are proposed in the portal and approved in the console; their numbers are shown to who approves them."""

    list_display = ["partner", "holder", "account", "status", "proposed_by", "proposed_at", "decided_at"]
    list_select_related = ["partner", "proposed_by"]
    list_filter = ["status"]
    search_fields = ["partner__name", "holder"]
    fields = ["partner", "holder", "account", "status", "proposed_by", "proposed_at", "decided_at", "ended_at"]
    readonly_fields = ["account"]

    @admin.display(description=_("account"))
    def account(self, row: BankAccount) -> str:
        return row.masked
