"""Deliveries and the outbox in the admin: only read, and sent again where they were given up."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.domain import deliveries, relay
from notifications.models import Delivery, Preference, Rhythm, Subscription
from partners.admin.base import ReadOnlyAdmin, actor_of
from partners.admin.record import OutboxMessageAdmin
from partners.models import OutboxMessage


class Redriving(ReadOnlyAdmin):
    """An action for those who have the right to change deliveries; everything it does is on the record."""

    actions = ["redrive"]

    def has_redrive_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_delivery")

    def redrive_one(self, row: Any, request: HttpRequest) -> bool:
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Send again what was given up"), permissions=["redrive"])
    def redrive(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        count = sum(self.redrive_one(row, request) for row in chosen)
        self.message_user(request, _("%(count)d will be tried again.") % {"count": count}, messages.SUCCESS)


@admin.register(Delivery)
class DeliveryAdmin(Redriving):
    list_display = ["address", "subject", "medium", "state", "attempts", "error", "next_at", "created_at", "sent_at"]
    list_filter = ["state", "medium"]
    search_fields = ["=address"]
    search_help_text = gettext_lazy("A whole e-mail address.")
    fields = [
        "address", "user", "subject", "text", "manner", "state", "attempts", "error", "next_at", "created_at",
        "sent_at", "interaction", "entry", "headers", "answer_code", "answer",
    ]  # fmt: skip

    def redrive_one(self, row: Delivery, request: HttpRequest) -> bool:
        return deliveries.redrive(row, actor=actor_of(request), at=timezone.now())


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Webhook endpoints; the partner keeps them in its portal."""

    list_display = ["callback", "role", "state", "succeeded_at", "failing_since", "created_at"]
    list_filter = ["state"]
    list_select_related = ["role__kind", "role__partner"]
    search_fields = ["callback", "=identifier"]
    fields = [
        "identifier", "role", "callback", "query", "state", "ending", "created_by", "created_by_client", "created_at",
        "rotated_at", "previous_until", "succeeded_at", "failing_since", "told_at", "given_up_at", "held_until",
        "ended_at", "task",
    ]  # fmt: skip


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    """What people chose themselves under Notifications."""

    list_display = ["user", "topic", "medium", "pace"]
    list_filter = ["topic", "pace"]
    list_select_related = ["user"]


@admin.register(Rhythm)
class RhythmAdmin(ReadOnlyAdmin):
    list_display = ["user", "daily_hour", "quiet_from", "quiet_until"]
    list_select_related = ["user"]


admin.site.unregister(OutboxMessage)  # the page there only shows; what relays can also redrive


@admin.register(OutboxMessage)
class RedrivableOutboxAdmin(Redriving, OutboxMessageAdmin):
    def redrive_one(self, row: OutboxMessage, request: HttpRequest) -> bool:
        return relay.redrive(row, actor=actor_of(request), at=timezone.now())
