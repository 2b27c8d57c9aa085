from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interactions.models.draft import DraftMode
from interactions.models.team import Team
from interactions.validators import validate_snippet


class SnippetQuerySet(models.QuerySet["Snippet"]):
    def for_team(self, team_id: int) -> Self:
        """Everybody's, and the team's own."""
        return self.filter(is_active=True).filter(Q(team=None) | Q(team=team_id)).order_by("name")


class Snippet(models.Model):
    """A text that is said again and again; {partner}, {person} and so on are filled in where it is used."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    mode = models.CharField(
        _("for"), max_length=10, choices=DraftMode, blank=True, help_text=_("Empty for replies and notes alike.")
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty for every team."),
        verbose_name=_("team"),
    )
    text = models.TextField(_("text"), max_length=20_000, validators=[validate_snippet])
    is_active = models.BooleanField(_("offered"), default=True)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")

    def __str__(self) -> str:
        return self.name
