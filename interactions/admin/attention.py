"""Who of us watches what and was called, and who of a partner may know; only to be looked at."""

from django.contrib import admin

from interactions.models import Mention, Reader, Visit, Watcher
from partners.admin.base import ReadOnlyAdmin


@admin.register(Watcher)
class WatcherAdmin(ReadOnlyAdmin):
    list_display = ["interaction", "user", "since"]
    list_select_related = ["interaction", "user"]


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdmin):
    list_display = ["note", "user", "read_at"]
    list_select_related = ["note", "user"]


@admin.register(Reader)
class ReaderAdmin(ReadOnlyAdmin):
    list_display = ["interaction", "user"]
    list_select_related = ["interaction", "user"]


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    list_display = ["interaction", "user", "at", "is_put_back"]
    list_select_related = ["interaction", "user"]
