from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import AssignmentRule
from partners.models import BusinessCalendar
from partners.models.policy_version import validate_escalation


def usual_escalation() -> dict[str, list[int]]:
    """Whom a step concerns at which per cent of its time."""
    return {"owner": [75, 100], "leads": [100], "above": [200]}


class Skill(models.Model):
    """Something that not everybody of a team can do, such as a language or a kind of equipment."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A back-office team; work is queued for it and its members take it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    calendar = models.ForeignKey(
        BusinessCalendar, on_delete=models.PROTECT, related_name="teams", verbose_name=_("calendar")
    )
    assignment = models.CharField(
        _("work is given to"), max_length=20, choices=AssignmentRule, default=AssignmentRule.NOBODY
    )
    escalates_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("escalates to"),
        help_text=_("Whose lead is given what is escalated; empty: the team's own lead."),
    )
    escalation = models.JSONField(_("escalation"), default=usual_escalation, validators=[validate_escalation])
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TeamMember", related_name="teams", verbose_name=_("members")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A representative's place in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places", verbose_name=_("team"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_places", verbose_name=_("person")
    )
    is_lead = models.BooleanField(_("leads the team"), default=False)
    capacity = models.PositiveSmallIntegerField(
        _("most at once"),
        null=True,
        blank=True,
        help_text=_("How many open pieces of work this person is given by the rule; empty: no limit, 0: none."),
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="places", verbose_name=_("skills"))
    given_at = models.DateTimeField(_("last given work"), null=True, editable=False)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_place_per_team")]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
