"""What every admin page here keeps to: changes of configuration are on the record, what was recorded is only read."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection, models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from partners.admin.careful import BEFORE, CarefulForm
from partners.admin.generic import AnyModelAdmin, AnyPaginator, AnyTabularInline
from partners.domain import record
from partners.models import Partner
from partners.payloads import Actor, Fact

CHANGED = "configuration.changed"
COUNTED_EXACTLY = 100_000

Message = Sequence[dict[str, Any]] | str


def actor_of(request: HttpRequest) -> Actor:
    """Who acts; the middleware has put it there."""
    actor: Actor = request.__dict__["actor"]
    return actor


def partner_of(row: models.Model) -> int | None:
    """The partner whose configuration a row is, if it is one partner's."""
    return row.pk if isinstance(row, Partner) else getattr(row, "partner_id", None)


def note(request: HttpRequest, row: models.Model, event: str, *, texts: dict[str, str], **known: Any) -> None:
    """Put a change on the partner's stream, or on the installation's; quiet, since nobody waits for it."""
    partner_id = partner_of(row)
    record.append(
        Fact(
            stream=f"partner:{partner_id}" if partner_id else record.INSTALLATION,
            event=event,
            actor=actor_of(request),
            at=timezone.now(),
            partner_id=partner_id,
            facts={"kind": row._meta.label_lower, "row": row.pk, **known},
            texts={"name": str(row), **texts},
            quiet=True,
        )
    )


def touched(message: Message) -> list[dict[str, Any]]:
    """What of Django's change message names no person: what was done, to which part, in which fields."""
    if isinstance(message, str):
        return []
    return [
        {"done": done, "part": str(detail.get("name", "")), "fields": [str(name) for name in detail.get("fields", [])]}
        for one in message
        for done, detail in one.items()
    ]


class RecordedAdmin(AnyModelAdmin):
    """Configuration: saved straight from its form, and each save makes one entry of the track record."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        asks_for_fields = "fields" in kwargs and kwargs["fields"] is None
        return form if obj is None or asks_for_fields else type(form.__name__, (CarefulForm, form), {})

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> LogEntry:  # noqa: A002  Django's name
        note(request, object, CHANGED, texts={}, done="added", changes=touched(message))
        return super().log_addition(request, object, message)

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> LogEntry:  # noqa: A002  Django's name
        note(request, object, CHANGED, texts={}, done="changed", changes=touched(message))
        return super().log_change(request, object, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for row in queryset:
            note(request, row, CHANGED, texts={}, done="deleted")
        return super().log_deletions(request, queryset)


class CarefulInline(AnyTabularInline):
    """Rows inside of a page; each is saved as carefully as the page around it."""

    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        careful = type(self.form.__name__, (CarefulForm, self.form), {})
        return super().get_formset(request, obj, **{"form": careful, **kwargs})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return list(dict.fromkeys([*super().get_fields(request, obj), BEFORE]))


class EstimatedPaginator(AnyPaginator):
    """Does not count a table of millions to show its first page; takes PostgreSQL's estimate instead."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        query = self.object_list.query
        if not query.where and query.model is not None:
            with connection.cursor() as cursor:
                table = query.model._meta.db_table
                cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [table])
                (estimate,) = cursor.fetchone()
            if estimate > COUNTED_EXACTLY:
                return int(estimate)
        return self.object_list.count()


class ReadOnly:
    """Nobody adds, changes or deletes here."""

    def has_add_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, AnyModelAdmin):
    """Rows that the product writes itself, to be looked at."""

    actions: Sequence[str] | None = None
    show_full_result_count = False
    paginator = EstimatedPaginator
    list_per_page = 50
    ordering = ("-pk",)


class ReadOnlyInline(ReadOnly, AnyTabularInline):
    """Parts that are only looked at."""

    extra = 0
