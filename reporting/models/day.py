from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import Direction
from partners.enums import Channel, Vertical


class Day(models.Model):
    """What one day came to, per channel, direction and vertical; rebuilt from the source at any time.

    Days are those of UTC. Durations are sums in seconds over the interactions that were first answered or resolved
    on that day, so that averages over any period are exact; the times of each side are in business time, of those
    that ended on that day.
    """

    date = models.DateField(_("day"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    vertical = models.CharField(_("vertical"), max_length=20, choices=Vertical)
    received = models.PositiveIntegerField(_("received"), default=0)
    responded = models.PositiveIntegerField(_("first answered"), default=0)
    response_seconds = models.PositiveBigIntegerField(_("time to first answer"), default=0)
    resolved = models.PositiveIntegerField(_("resolved"), default=0)
    resolution_seconds = models.PositiveBigIntegerField(_("time to resolve"), default=0)
    closed = models.PositiveIntegerField(_("ended"), default=0)
    enterprise_seconds = models.PositiveBigIntegerField(_("time with us"), default=0, db_default=0)
    partner_seconds = models.PositiveBigIntegerField(_("time with partners"), default=0, db_default=0)
    third_party_seconds = models.PositiveBigIntegerField(_("time with third parties"), default=0, db_default=0)
    paused_seconds = models.PositiveBigIntegerField(_("time paused"), default=0, db_default=0)
    reopened = models.PositiveIntegerField(_("reopened"), default=0, db_default=0)
    promises_kept = models.PositiveIntegerField(_("promises kept"), default=0)
    promises_broken = models.PositiveIntegerField(_("promises broken"), default=0)
    built_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        constraints = [
            models.UniqueConstraint(fields=["date", "channel", "direction", "vertical"], name="one_count_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.channel} {self.direction} {self.vertical}"
