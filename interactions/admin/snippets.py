"""Texts that are said again and again, for whoever writes in the console."""

from django.contrib import admin
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from interactions.admin.interactions import PartInline
from interactions.models import Draft, DraftFile, Snippet
from interactions.validators import VARIABLES
from partners.admin.base import ReadOnlyAdmin, RecordedAdmin

TOLD = format_lazy(
    _("These are filled in where it is used: {names}."), names=", ".join(f"{{{name}}}" for name in VARIABLES)
)


@admin.register(Snippet)
class SnippetAdmin(RecordedAdmin):
    fieldsets = [
        (None, {"fields": ["name", "mode", "team", "is_active"]}),
        (_("What it says"), {"fields": ["text"], "description": TOLD}),
    ]
    list_display = ["name", "mode", "team", "is_active"]
    list_select_related = ["team"]
    list_filter = ["mode", "team", "is_active"]
    search_fields = ["name", "text"]
    ordering = ["name"]


class DraftFileInline(PartInline):
    model = DraftFile
    fields = ["name", "content_type", "size"]
    readonly_fields = ["name", "content_type", "size"]


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """What is being written and what is to leave; the words themselves are their author's until they are said."""

    inlines = [DraftFileInline]
    list_display = ["interaction", "author", "mode", "send_at", "stopped_why", "saved_at"]
    list_select_related = ["interaction", "author"]
    list_filter = ["mode"]
    fields = ["interaction", "author", "mode", "following", "send_at", "stopped_why", "version", "saved_at"]
