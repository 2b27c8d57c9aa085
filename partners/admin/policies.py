from django.contrib import admin

from partners.admin.base import RecordedAdmin
from partners.models import ServicePolicy


@admin.register(ServicePolicy)
class ServicePolicyAdmin(RecordedAdmin):
    list_display = [
        "name", "partner", "role_kind", "interaction_type", "priority", "first_response", "resolution", "silence_limit",
        "effective_from", "effective_until",
    ]  # fmt: skip
    list_select_related = ["partner", "role_kind"]
    list_filter = ["priority", "role_kind", "calendar"]
    search_fields = ["name", "partner__name", "interaction_type"]
    autocomplete_fields = ["partner"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "effective_from", "effective_until"]}),
        (
            "Applies to",
            {
                "fields": ["partner", "role_kind", "interaction_type", "priority"],
                "description": "What is left empty applies to all; the most exact policy wins.",
            },
        ),
        ("Promises, in business time", {"fields": ["calendar", "first_response", "resolution", "silence_limit"]}),
    ]
