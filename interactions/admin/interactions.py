"""Interactions as they are stored; they are worked on in the console."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from interactions.domain import search
from interactions.models import (
    Attachment,
    ChangeRequest,
    Clock,
    ClockSegment,
    ClockWarning,
    Interaction,
    Item,
    Link,
    Note,
    OrderLine,
    Participant,
    Reference,
    Step,
    StepPace,
    Turn,
)
from partners.admin.base import ReadOnlyAdmin, ReadOnlyInline

NUMBER_HELP = _("The number of an interaction, such as BPI-0000042.")


def numbered(rows: QuerySet[Any], text: str, *, by: str) -> tuple[QuerySet[Any], bool]:
    """The rows of the interaction that the text names; none when it names none."""
    if not text:
        return rows, False
    number = search.number_in(text.replace("\x00", ""))
    return (rows.filter(**{by: number}) if is_possible(number) else rows.none()), False


def is_possible(number: int | None) -> bool:
    return number is not None and 0 < number < 2**63


class PartInline(ReadOnlyInline):
    """A part of an interaction; without links to change it."""

    show_change_link = False
    can_delete = False


class ParticipantInline(PartInline):
    model = Participant
    fields = ["user", "name", "address", "side", "role"]
    readonly_fields = ["user", "name", "address", "side", "role"]


class StepInline(PartInline):
    model = Step
    fields = ["position", "name", "team", "assignee", "status", "due_at", "ended_at", "outcome"]
    readonly_fields = ["position", "name", "team", "assignee", "status", "due_at", "ended_at", "outcome"]
    ordering = ["position"]


class OrderLineInline(PartInline):
    model = OrderLine
    fields = ["number", "what", "quantity", "unit", "state", "expected_date", "done_date", "reason"]
    readonly_fields = ["number", "what", "quantity", "unit", "state", "expected_date", "done_date", "reason"]
    ordering = ["number"]


class LinkInline(PartInline):
    model = Link
    fk_name = "interaction"
    fields = ["kind", "other", "at", "ended_at"]
    readonly_fields = ["kind", "other", "at", "ended_at"]


class ChangeRequestInline(PartInline):
    model = ChangeRequest
    fields = ["kind", "wanted", "wanted_at", "reason", "asked_at", "state", "decision", "decided_at"]
    readonly_fields = ["kind", "wanted", "wanted_at", "reason", "asked_at", "state", "decision", "decided_at"]


class ReferenceInline(PartInline):
    model = Reference
    fields = ["kind", "value", "name", "role"]
    readonly_fields = ["kind", "value", "name", "role"]


class SegmentInline(PartInline):
    model = ClockSegment
    fields = ["state", "began_at", "ended_at", "counted", "reason"]
    readonly_fields = ["state", "began_at", "ended_at", "counted", "reason"]
    ordering = ["began_at"]


class WarningInline(PartInline):
    model = ClockWarning
    fields = ["share", "round", "told", "at"]
    readonly_fields = ["share", "round", "told", "at"]
    ordering = ["at"]


@admin.register(Interaction)
class InteractionAdmin(ReadOnlyAdmin):
    inlines = [ParticipantInline, StepInline, OrderLineInline, ChangeRequestInline, ReferenceInline, LinkInline]
    list_display = ["number", "subject", "partner", "type", "status", "direction", "channel", "team", "due_at"]
    list_select_related = ["partner", "type", "team"]
    list_filter = ["status", "direction", "channel", "team"]
    search_fields = ["subject"]
    search_help_text = NUMBER_HELP
    exclude = ["search"]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, row: Interaction) -> str:
        return row.number

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return numbered(queryset, search_term, by="pk")


class OfInteractionAdmin(ReadOnlyAdmin):
    """Parts of interactions, found by the interaction's number."""

    search_fields = ["interaction"]
    search_help_text = NUMBER_HELP
    list_select_related = ["interaction"]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return numbered(queryset, search_term, by="interaction_id")

    @admin.display(description=_("interaction"))
    def number(self, row: Any) -> str:
        return str(row.interaction.number)


@admin.register(Item)
class ItemAdmin(OfInteractionAdmin):
    list_display = ["number", "sequence", "kind", "channel", "side", "author_label", "at"]
    list_filter = ["kind", "channel", "side"]
    exclude = ["search"]


@admin.register(Note)
class NoteAdmin(OfInteractionAdmin):
    list_display = ["number", "author", "at", "text"]
    list_select_related = ["interaction", "author"]


@admin.register(Clock)
class ClockAdmin(OfInteractionAdmin):
    inlines = [SegmentInline, WarningInline]
    list_display = ["number", "kind", "due_at", "paused_why", "told_share", "breached_at", "stopped_at"]
    list_filter = ["kind"]


@admin.register(Turn)
class TurnAdmin(OfInteractionAdmin):
    """Who had to act, and for how long; the present turn is in the interaction itself."""

    list_display = ["number", "side", "began_at", "ended_at", "counted"]
    list_filter = ["side"]


@admin.register(StepPace)
class StepPaceAdmin(ReadOnlyAdmin):
    list_display = ["type", "name", "usual", "steps", "learned_at"]
    list_select_related = ["type"]
    list_filter = ["type"]
    search_fields = ["name"]


@admin.register(Attachment)
class AttachmentAdmin(OfInteractionAdmin):
    """Files are read in the console and portal, where the data fence is; here only what is known of them."""

    list_display = ["number", "name", "content_type", "size", "is_original"]
    fields = ["interaction", "item", "name", "content_type", "size", "sha256", "is_original", "created_at"]
