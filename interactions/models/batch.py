from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from interactions.models.interaction import Interaction
from interactions.models.team import Team
from partners.enums import AssuranceLevel, Priority

TOLD_FOR = timedelta(days=1)


class BatchAction(models.TextChoices):
    """What can be done to many interactions at once; each by the verb that does it to one."""

    ASSIGN = "assign", _("Assign")
    HAND_OVER = "hand_over", _("Hand over to a team")
    PRIORITY = "priority", _("Change the priority")
    WATCH = "watch", _("Let somebody watch")
    RESOLVE = "resolve", _("Resolve")
    CLOSE = "close", pgettext_lazy("a matter", "Close")


class Outcome(models.TextChoices):
    """What came of one row."""

    WAITING = "waiting", _("Not yet")
    DONE = "done", _("Done")
    SAME = "same", _("As it was")
    REFUSED = "refused", _("Refused")


class BatchQuerySet(models.QuerySet["Batch"]):
    def to_be_told(self, at: datetime) -> Self:
        """What whoever asked has not seen the end of, unless that is long ago."""
        return self.filter(seen_at=None, asked_at__gt=at - TOLD_FOR)


class Batch(models.Model):
    """One thing that somebody wants done to many interactions; with `undoes` the way back of what came of another.

    `seen_at` is when whoever asked saw what came of it; until then the queue tells them.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("actor")
    )
    level = models.PositiveSmallIntegerField(_("assurance level of whoever asked"), choices=AssuranceLevel)
    action = models.CharField(_("what"), max_length=20, choices=BatchAction)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("who gets or watches them"),
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("team")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, null=True, blank=True)
    words = models.TextField(_("reason or resolution"), blank=True)
    resolution_code = models.CharField(_("kind of resolution"), max_length=60, blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    came_from = models.CharField(_("list it was asked in"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    seen_at = models.DateTimeField(_("seen to its end"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(ended_at=None), name="batch_to_work_off"),
            models.Index(fields=["actor", "asked_at"], condition=models.Q(seen_at=None), name="batch_to_be_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class BatchRowQuerySet(models.QuerySet["BatchRow"]):
    def waiting(self) -> Self:
        return self.filter(outcome=Outcome.WAITING)


class BatchRow(models.Model):
    """One interaction of a batch: the version that was looked at, what came of it and why, and how to go back."""

    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="rows", db_index=False, verbose_name=_("batch")
    )
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("interaction")
    )
    version = models.PositiveIntegerField(_("version that was looked at"))
    outcome = models.CharField(_("what came of it"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.TextField(_("why not"), blank=True)
    before = models.JSONField(_("as it was before"), default=dict, blank=True)
    became = models.PositiveIntegerField(_("version it became"), null=True)

    objects = BatchRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a batch")
        verbose_name_plural = _("rows of batches")
        constraints = [models.UniqueConstraint(fields=["batch", "interaction"], name="one_row_per_batch")]
        indexes = [
            models.Index(
                fields=["batch", "id"], condition=models.Q(outcome=Outcome.WAITING), name="batch_row_to_work_off"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.interaction_id} {self.outcome}"
