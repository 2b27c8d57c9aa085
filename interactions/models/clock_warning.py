from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.clock import Clock
from partners.enums import EscalationTarget


class ClockWarning(models.Model):
    """A threshold that a clock has passed, and who was told: once for each date that the promise had."""

    clock = models.ForeignKey(
        Clock, on_delete=models.CASCADE, related_name="warnings", db_index=False, verbose_name=_("clock")
    )
    round = models.PositiveSmallIntegerField(_("times moved"))
    share = models.PositiveSmallIntegerField(_("per cent"), help_text=_("0: the forecast."))
    told = ArrayField(models.CharField(max_length=20, choices=EscalationTarget), verbose_name=_("told"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        constraints = [models.UniqueConstraint(fields=["clock", "round", "share"], name="one_warning_per_threshold")]

    def __str__(self) -> str:
        return f"{self.share} %"

    @property
    def target_words(self) -> list[str]:
        """Who was told, in words."""
        return [str(EscalationTarget(target).label) for target in self.told]
