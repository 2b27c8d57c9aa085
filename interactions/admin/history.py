"""What came in from outside, as it came."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from interactions.admin.interactions import is_possible
from interactions.domain import search
from interactions.models import Call, CallerCheck, Enquiry, EnquiryFile, InboundMessage
from partners.admin.base import ReadOnlyAdmin, ReadOnlyInline


class IncomingAdmin(ReadOnlyAdmin):
    """Found by its own id or by the interaction's number."""

    search_fields = ["external_id"]
    search_help_text = _("The id it came with, or the number of an interaction.")

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.replace("\x00", "").strip()
        if not text:
            return queryset, False
        number = search.number_in(text)
        of_interaction = Q(interaction_id=number) if is_possible(number) else Q(pk=None)
        return queryset.filter(Q(external_id=text) | of_interaction), False


@admin.register(InboundMessage)
class InboundMessageAdmin(IncomingAdmin):
    list_display = ["received_at", "channel", "state", "sender", "subject", "reason"]
    list_filter = ["state", "channel"]
    fields = [
        "channel", "scope", "external_id", "state", "reason", "sender", "subject", "interaction", "item",
        "received_at",
    ]  # fmt: skip


@admin.register(Call)
class CallAdmin(IncomingAdmin):
    list_display = ["external_id", "state", "caller", "called", "partner", "agent", "updated_at"]
    list_select_related = ["partner", "agent"]
    list_filter = ["state"]


@admin.register(CallerCheck)
class CallerCheckAdmin(ReadOnlyAdmin):
    """How callers were verified; what they were asked and answered is nowhere."""

    list_display = ["started_at", "partner", "caller", "representative", "means", "wrong", "interaction"]
    list_select_related = ["partner", "representative", "interaction"]
    search_fields = ["caller"]
    fields = [
        "partner", "representative", "caller", "call", "interaction", "means", "contact", "right", "wrong",
        "code_address", "code_sent_at", "codes_sent", "code_tries", "started_at", "ended_at",
    ]  # fmt: skip


class EnquiryFileInline(ReadOnlyInline):
    model = EnquiryFile
    fields = ["name", "content_type"]
    readonly_fields = ["name", "content_type"]


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    """What waits for somebody to confirm their address; it ends by itself."""

    inlines = [EnquiryFileInline]
    list_display = ["asked_at", "address", "subject", "confirmed_at", "interaction"]
    list_select_related = ["interaction"]
    search_fields = ["address"]
    fields = [
        "type_version", "address", "name", "organisation", "subject", "text", "asked_at", "expires_at", "confirmed_at",
        "interaction",
    ]  # fmt: skip
