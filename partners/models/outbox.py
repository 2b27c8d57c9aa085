from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.record import RecordEntry


class OutboxMessage(models.Model):
    """A record entry that somebody may have to hear of; the row is gone once the relay has made deliveries of it."""

    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry"))
    next_at = models.DateTimeField(_("next try"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    is_dead = models.BooleanField(_("given up"), default=False)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox")
        indexes = [models.Index(fields=["next_at", "id"], condition=models.Q(is_dead=False), name="outbox_due")]

    def __str__(self) -> str:
        return str(self.entry_id)
