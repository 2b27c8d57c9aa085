from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import Comparison, Side, StepKind
from interactions.models.team import Skill, Team


class Plan(models.Model):
    """Which steps a type of interaction needs, over which teams, in which order and under which conditions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return self.name


class PlanStep(models.Model):
    """One step of a plan; it opens when all steps it comes after have ended, or is left out if its condition fails."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=100)
    partner_wording = models.CharField(
        _("wording for the partner"),
        max_length=100,
        blank=True,
        help_text=_("Shown in the portal instead of the name."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=StepKind, default=StepKind.WORK)
    after = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("after"),
        default=list,
        blank=True,
        help_text=_("The positions of the steps that end before this one opens; empty: it opens at once."),
    )
    condition_field = models.CharField(_("only if the field"), max_length=60, blank=True)
    comparison = models.CharField(_("compares"), max_length=20, choices=Comparison, blank=True)
    condition_value = models.CharField(_("with"), max_length=200, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="plan_steps", verbose_name=_("team"))
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("needs the skill")
    )
    within = models.DurationField(_("within"), null=True, blank=True, help_text=_("Business time of the team."))
    instructions = models.TextField(_("instructions"), blank=True)
    form = models.JSONField(_("asked at finishing"), default=list, blank=True)
    action = models.CharField(_("action"), max_length=60, blank=True, help_text=_("What an automatic step does."))
    waits_for = models.CharField(_("waits for"), max_length=20, choices=Side, blank=True)

    class Meta:
        verbose_name = _("plan step")
        verbose_name_plural = _("plan steps")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"],
                name="one_plan_step_per_position",
                deferrable=models.Deferrable.DEFERRED,  # two steps change places one after the other
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
