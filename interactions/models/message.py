from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import MessageState
from interactions.models.interaction import Interaction
from interactions.models.item import Item
from partners.enums import Channel
from partners.payloads import Actor


class InboundMessageQuerySet(models.QuerySet["InboundMessage"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see what came in, nobody else: most of it is of senders nobody has vouched for."""
        return self if actor.is_representative else self.none()

    def to_triage(self) -> Self:
        """What waits for a decision of staff."""
        return self.filter(state__in=[MessageState.QUARANTINED, MessageState.UNREADABLE])

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-id")


class InboundMessage(models.Model):
    """Something as it came in from outside, kept even when it was refused; the ledger that makes a repeat harmless.

    `scope` is whose ids these are: for mail the world's, for a device or a partner's system its own.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    scope = models.CharField(_("scope"), max_length=120, blank=True)
    external_id = models.CharField(_("external id"), max_length=255)
    state = models.CharField(_("state"), max_length=20, choices=MessageState, default=MessageState.ACCEPTED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    original = models.FileField(_("original"), upload_to="messages/%Y/%m", max_length=200, blank=True)
    interaction = models.ForeignKey(
        Interaction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("interaction"),
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("item")
    )
    received_at = models.DateTimeField(_("received"))

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("received message")
        verbose_name_plural = _("received messages")
        constraints = [
            models.UniqueConstraint(fields=["channel", "scope", "external_id"], name="one_effect_per_message")
        ]
        indexes = [
            models.Index(
                fields=["-received_at"],
                condition=models.Q(state__in=[MessageState.QUARANTINED, MessageState.UNREADABLE]),
                name="message_to_triage",
            ),
            models.Index(
                fields=["sender", "-received_at"],
                condition=models.Q(channel=Channel.EMAIL, state=MessageState.ACCEPTED),
                name="mail_of_sender",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
