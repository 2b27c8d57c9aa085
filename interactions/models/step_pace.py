from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction_type import InteractionType


class StepPace(models.Model):
    """How long a step of a type usually took; learned anew from the steps that were done, never edited."""

    type = models.ForeignKey(
        InteractionType, on_delete=models.CASCADE, related_name="paces", db_index=False, verbose_name=_("type")
    )
    name = models.CharField(_("step"), max_length=100)
    usual = models.DurationField(_("usually takes"), help_text=_("Business time, the median."))
    steps = models.PositiveIntegerField(_("steps looked at"))
    learned_at = models.DateTimeField(_("learned"))

    class Meta:
        verbose_name = _("usual duration")
        verbose_name_plural = _("usual durations")
        constraints = [models.UniqueConstraint(fields=["type", "name"], name="one_pace_per_step_of_a_type")]

    def __str__(self) -> str:
        return self.name
