"""How people arranged their queues; only to be looked at."""

from django.contrib import admin

from interactions.models import Desk, SavedView
from partners.admin.base import ReadOnlyAdmin


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "team", "query", "removed_at"]
    list_select_related = ["owner", "team"]
    list_filter = ["team"]
    search_fields = ["name"]


@admin.register(Desk)
class DeskAdmin(ReadOnlyAdmin):
    list_display = ["user", "first_view", "columns"]
    list_select_related = ["user", "first_view"]
