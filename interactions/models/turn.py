from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import Side
from interactions.models.interaction import Interaction


class Turn(models.Model):
    """A while in which one side had to act, that has ended; whose turn it is now is in the interaction itself."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="turns", db_index=False, verbose_name=_("interaction")
    )
    side = models.CharField(_("side"), max_length=20, choices=Side)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"))
    counted = models.DurationField(_("business time"))

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints = [
            models.UniqueConstraint(fields=["interaction", "began_at"], name="one_turn_at_a_time"),
            models.CheckConstraint(
                name="turn_ends_after_it_began", condition=models.Q(ended_at__gt=models.F("began_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{Side(self.side).label} {self.began_at:%Y-%m-%d %H:%M}"
