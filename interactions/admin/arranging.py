"""How people arranged their queues, and what partners have begun to write; only to be looked at."""

from django.contrib import admin

from interactions.models import Desk, RequestDraft, RequestDraftFile, SavedView
from partners.admin.base import ReadOnlyAdmin, ReadOnlyInline


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "team", "is_first", "query", "removed_at"]
    list_select_related = ["owner", "team"]
    list_filter = ["team"]
    search_fields = ["name"]


@admin.register(Desk)
class DeskAdmin(ReadOnlyAdmin):
    list_display = ["user", "first_view", "opens_with_all", "columns"]
    list_select_related = ["user", "first_view"]


class RequestDraftFileInline(ReadOnlyInline):
    model = RequestDraftFile
    fields = ["name", "content_type", "size"]


@admin.register(RequestDraft)
class RequestDraftAdmin(ReadOnlyAdmin):
    """That somebody is writing, and since when; what they write is theirs until it is sent."""

    list_display = ["author", "partner", "type", "saved_at"]
    list_select_related = ["author", "partner", "type"]
    fields = ["author", "partner", "type", "version", "saved_at"]
    inlines = [RequestDraftFileInline]
