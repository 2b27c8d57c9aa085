from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interactions.models.team import Team


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def seen_by(self, user_id: int) -> Self:
        """The own ones, and those of the teams that the user is in."""
        return self.filter(Q(owner=user_id) | Q(team__places__user=user_id)).distinct()


class SavedView(models.Model):
    """A view of the queue that somebody named: a link to filters, order, columns and density, alone or for a team.

    Removed ones are kept for a while, so that removing can be taken back.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="saved_views", verbose_name=_("shared with")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("what it shows"), max_length=2000)
    created_at = models.DateTimeField(_("saved"))
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="saved_view_removed")]

    def __str__(self) -> str:
        return self.name


class Desk(models.Model):
    """How somebody of ours has arranged the queue: the view that opens first, and the columns of every view."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="desk"
    )
    first_view = models.ForeignKey(SavedView, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    columns = models.CharField(_("columns"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return str(self.user)
