from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from interactions.models import Interaction, Item
from notifications.enums import DeliveryState, Manner, Medium
from notifications.models.subscription import Subscription
from partners.models import RecordEntry
from partners.payloads import Actor

UNSENT = models.Q(state__in=[DeliveryState.INITIAL, DeliveryState.IN_PROGRESS])
MAILS = models.Q(subscription=None)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, a partner's side what was sent to its endpoints, anybody else nothing."""
        if actor.is_representative:
            return self
        return self.filter(subscription__in=Subscription.objects.visible_to(actor))

    def unsent(self) -> Self:
        """Never tried, waiting for the next try, or in the hands of a worker."""
        return self.filter(state__in=[DeliveryState.INITIAL, DeliveryState.IN_PROGRESS])

    def due(self) -> Self:
        """What may be claimed now, by the database's clock; what a lost worker held is due when its lease has ended."""
        return self.unsent().filter(next_at__lte=Now())

    def mails(self) -> Self:
        return self.filter(subscription=None)

    def dead(self) -> Self:
        return self.filter(state=DeliveryState.FAILED)


class Delivery(models.Model):
    """One message to one person, or to one endpoint, about one event, over one medium, and how it fares.

    `next_at` is when it may be tried (again); while a worker holds it, that is the end of the worker's lease, and
    `lease` is the token without which the worker's result is not accepted. What is `gathered` leaves with all else that
    is due to the same address, in one mail, which tells of it in the words of `gist`.

    To a webhook endpoint `text` is the body, and `answer` the beginning of what it said.
    """

    entry = models.ForeignKey(
        RecordEntry, on_delete=models.PROTECT, related_name="deliveries", db_index=False, verbose_name=_("entry")
    )
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, related_name="deliveries", verbose_name=_("interaction")
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, related_name="deliveries", verbose_name=_("item")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.PROTECT,
        null=True,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("subscription"),
    )
    medium = models.CharField(_("medium"), max_length=10, choices=Medium)
    address = models.CharField(_("address"), max_length=500)
    subject = models.CharField(_("subject"), max_length=600)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    gist = models.TextField(_("in the daily mail"), blank=True, default="", db_default="")
    headers = models.JSONField(_("headers"), default=dict)
    state = models.CharField(_("state"), max_length=20, choices=DeliveryState, default=DeliveryState.INITIAL)
    manner = models.CharField(
        _("leaves"), max_length=10, choices=Manner, default=Manner.AT_ONCE, db_default=Manner.AT_ONCE
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next try"))
    lease = models.UUIDField(null=True)
    error = models.TextField(_("last error"), blank=True)
    answer_code = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.TextField(_("beginning of the answer"), blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "medium", "address"],
                condition=models.Q(subscription=None),
                name="one_message_per_person_and_event",
            ),
            models.UniqueConstraint(
                fields=["subscription", "entry"],
                condition=models.Q(subscription__isnull=False),
                name="one_message_per_endpoint_and_event",
            ),
            models.CheckConstraint(
                name="webhooks_go_to_endpoints",
                condition=models.Q(medium=Medium.WEBHOOK, subscription__isnull=False)
                | ~models.Q(medium=Medium.WEBHOOK) & models.Q(subscription=None),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=UNSENT & MAILS, name="delivery_due"),
            models.Index(fields=["subscription", "next_at", "id"], condition=UNSENT & ~MAILS, name="webhook_due"),
            models.Index(fields=["subscription", "interaction", "id"], condition=UNSENT & ~MAILS, name="webhook_order"),
            models.Index(fields=["subscription", "-id"], condition=~MAILS, name="webhook_log"),
            models.Index(fields=["-id"], condition=models.Q(state=DeliveryState.FAILED), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.subject}"
