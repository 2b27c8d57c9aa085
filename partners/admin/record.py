"""The track record, its heads, checkpoints and the outbox: to be looked at."""

import json
import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partners.admin.base import ReadOnlyAdmin
from partners.models import Checkpoint, IdempotencyKey, OutboxMessage, RecordEntry, RecordStream

NUMBER = re.compile(r"(?:BPI-?)?0*([0-9]{1,18})", re.IGNORECASE)


def streams_named(text: str) -> list[str]:
    """The streams that a search means: its own name, or the interaction that a number such as BPI-0000042 names."""
    text = text.replace("\x00", "").strip()
    number = NUMBER.fullmatch(text)
    return [text, f"interaction:{number.group(1)}"] if number else [text]


class BytesAdmin(ReadOnlyAdmin):
    """Digests are shown as hexadecimal digits."""

    @admin.display(description=_("digest"))
    def digest_shown(self, row: Any) -> str:
        return bytes(row.digest).hex()

    @admin.display(description=_("previous digest"))
    def previous_shown(self, row: Any) -> str:
        return bytes(row.previous).hex()


@admin.register(RecordEntry)
class RecordEntryAdmin(BytesAdmin):
    list_display = ["stream", "sequence", "event", "at", "channel", "actor_kind", "actor_label", "partner"]
    list_select_related = ["partner"]
    list_filter = ["channel", "actor_kind"]
    search_fields = ["stream"]
    search_help_text = _("A stream such as partner:7, or the number of an interaction.")
    fields = [
        "stream", "sequence", "event", "at", "channel", "partner", "actor_kind", "actor_id", "actor_role",
        "actor_level", "actor_client", "behalf_of_id", "facts_shown", "texts_shown", "previous_shown", "digest_shown",
    ]  # fmt: skip

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(stream__in=streams_named(search_term)) if search_term else queryset), False

    @admin.display(description=_("actor"))
    def actor_label(self, row: RecordEntry) -> str:
        return row.actor_label

    @admin.display(description=_("facts"))
    def facts_shown(self, row: RecordEntry) -> str:
        return format_html("<pre>{}</pre>", json.dumps(row.facts, indent=2, ensure_ascii=False))

    @admin.display(description=_("personal text"))
    def texts_shown(self, row: RecordEntry) -> str:
        texts = {name: row.text(name) for name in row.texts}
        return format_html("<pre>{}</pre>", json.dumps(texts, indent=2, ensure_ascii=False))


@admin.register(RecordStream)
class RecordStreamAdmin(BytesAdmin):
    list_display = ["name", "length", "checkpointed_length"]
    search_fields = ["name"]
    fields = ["name", "length", "digest_shown", "checkpointed_length"]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(name__in=streams_named(search_term)) if search_term else queryset), False


@admin.register(Checkpoint)
class CheckpointAdmin(BytesAdmin):
    list_display = ["number", "at"]
    fields = ["number", "at", "heads_signed", "root_shown", "previous_shown"]

    @admin.display(description=_("heads signed"))
    def heads_signed(self, row: Checkpoint) -> int:
        return len(row.heads)

    @admin.display(description=_("Merkle root"))
    def root_shown(self, row: Checkpoint) -> str:
        return bytes(row.root).hex()


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """What waits for the relay; rows that were given up stay until somebody redrives them."""

    list_display = ["entry", "next_at", "attempts", "is_dead", "error"]
    list_select_related = ["entry"]
    list_filter = ["is_dead"]
    fields = ["entry", "next_at", "attempts", "is_dead", "error"]


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    list_display = ["key", "caller", "status", "created_at"]
    search_fields = ["key"]
    fields = ["key", "caller", "status", "created_at"]
