from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import Comparison, Side, StepKind, StepStatus
from interactions.models.interaction import Interaction
from interactions.models.team import Skill, Team


class StepQuerySet(models.QuerySet["Step"]):
    def unfinished(self) -> Self:
        return self.filter(status__in=[StepStatus.PENDING, StepStatus.OPEN])

    def in_order(self) -> Self:
        return self.order_by("interaction_id", "position")


class Step(models.Model):
    """One piece of work for one back-office team, with everything its plan said of it when it was laid out."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="steps", db_index=False, verbose_name=_("interaction")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=100)
    partner_wording = models.CharField(_("wording for the partner"), max_length=100, blank=True)
    instructions = models.TextField(_("instructions"), blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="steps", db_index=False, verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("assignee"),
    )
    status = models.CharField(_("status"), max_length=20, choices=StepStatus, default=StepStatus.PENDING)
    kind = models.CharField(_("kind"), max_length=20, choices=StepKind, default=StepKind.WORK)
    after = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("after"), default=list, blank=True)
    condition_field = models.CharField(_("only if the field"), max_length=60, blank=True)
    comparison = models.CharField(_("compares"), max_length=20, choices=Comparison, blank=True)
    condition_value = models.CharField(_("with"), max_length=200, blank=True)
    form = models.JSONField(_("asked at finishing"), default=list, blank=True)
    values = models.JSONField(_("answers"), default=dict, blank=True)
    action = models.CharField(_("action"), max_length=60, blank=True)
    waits_for = models.CharField(_("waits for"), max_length=20, choices=Side, blank=True)
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("needs the skill")
    )
    within = models.DurationField(_("within"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    worked = models.DurationField(_("took, in business time"), null=True)
    outcome = models.TextField(_("outcome"), blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(fields=["interaction", "position"], name="one_step_per_position"),
            models.CheckConstraint(
                name="open_step_was_opened",
                condition=~models.Q(status=StepStatus.OPEN) | models.Q(opened_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "due_at", "id"], condition=models.Q(status=StepStatus.OPEN), name="step_queue_of_team"
            ),
            # how much somebody has is counted whenever work is given out, and most of a person's steps are done
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=models.Q(status=StepStatus.OPEN),
                name="step_queue_of_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name
