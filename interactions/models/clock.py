from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import ClockKind
from interactions.models.interaction import Interaction
from partners.models import CalendarVersion, PolicyVersion


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> Self:
        return self.filter(stopped_at=None, due_at__isnull=False)

    def paused(self) -> Self:
        return self.filter(stopped_at=None, due_at=None)

    def breaching(self, at: datetime) -> Self:
        return self.running().filter(due_at__lt=at, breached_at=None)

    def to_warn(self, at: datetime) -> Self:
        return self.running().filter(warn_at__lte=at, warned_at=None, breached_at=None)


class Clock(models.Model):
    """A promise with a deadline, counted on one version of a business calendar; it can pause, with a reason."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=ClockKind)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    calendar = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    within = models.DurationField(_("promised within"))
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), null=True)
    left = models.DurationField(_("left when paused"), null=True)
    paused_at = models.DateTimeField(_("paused"), null=True)
    paused_why = models.CharField(_("paused because"), max_length=500, blank=True)
    warn_at = models.DateTimeField(_("warn at"), null=True)
    warned_at = models.DateTimeField(_("warned"), null=True)
    breached_at = models.DateTimeField(_("breached"), null=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["interaction", "kind"], name="one_clock_of_a_kind"),
            models.CheckConstraint(
                name="clock_runs_or_is_paused",
                condition=models.Q(stopped_at__isnull=False)
                | models.Q(due_at=None, left__isnull=False, paused_at__isnull=False)
                | models.Q(due_at__isnull=False, left=None, paused_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(stopped_at=None, breached_at=None, due_at__isnull=False),
                name="clock_to_breach",
            ),
            models.Index(
                fields=["warn_at"],
                condition=models.Q(stopped_at=None, breached_at=None, warned_at=None, warn_at__isnull=False),
                name="clock_to_warn",
            ),
        ]

    def __str__(self) -> str:
        return str(ClockKind(self.kind).label)

    @property
    def is_paused(self) -> bool:
        return self.stopped_at is None and self.due_at is None

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.due_at is not None
