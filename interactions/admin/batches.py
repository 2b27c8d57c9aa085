"""What was done to many interactions at once; only to be looked at."""

from django.contrib import admin

from interactions.admin.interactions import PartInline
from interactions.models import Batch, BatchRow
from partners.admin.base import ReadOnlyAdmin


class BatchRowInline(PartInline):
    model = BatchRow
    fields = ["interaction", "version", "outcome", "reason", "became"]
    readonly_fields = ["interaction", "version", "outcome", "reason", "became"]


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    inlines = [BatchRowInline]
    list_display = ["id", "action", "actor", "asked_at", "ended_at"]
    list_select_related = ["actor"]
    list_filter = ["action"]
