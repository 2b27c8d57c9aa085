from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import SegmentState
from interactions.models.clock import Clock


class ClockSegment(models.Model):
    """A while in which a clock ran or was paused, that has ended; the present one is in the clock itself.

    `counted` is its business time: of a running segment what it used of the promise, of a paused one what was credited.
    """

    clock = models.ForeignKey(
        Clock, on_delete=models.CASCADE, related_name="segments", db_index=False, verbose_name=_("clock")
    )
    state = models.CharField(_("state"), max_length=10, choices=SegmentState)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    counted = models.DurationField(_("business time"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("clock segment")
        verbose_name_plural = _("clock segments")
        constraints = [
            models.UniqueConstraint(fields=["clock", "began_at"], name="one_segment_at_a_time"),
            models.CheckConstraint(
                name="segment_ends_after_it_began", condition=models.Q(ended_at__gt=models.F("began_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{SegmentState(self.state).label} {self.began_at:%Y-%m-%d %H:%M}"
