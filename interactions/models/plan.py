from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.team import Team


class Plan(models.Model):
    """Which steps a type of interaction needs, over which teams, one after the other."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return self.name


class PlanStep(models.Model):
    """One step of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=100)
    partner_wording = models.CharField(
        _("wording for the partner"),
        max_length=100,
        blank=True,
        help_text=_("Shown in the portal instead of the name."),
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="plan_steps")
    within = models.DurationField(_("within"), null=True, blank=True, help_text=_("Business time of the team."))
    instructions = models.TextField(_("instructions"), blank=True)

    class Meta:
        verbose_name = _("plan step")
        verbose_name_plural = _("plan steps")
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="one_plan_step_per_position")]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
