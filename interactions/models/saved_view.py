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

    Removed ones are kept for a while, so that removing can be taken back. One of a team may be what the queue of its
    members opens with, where they have not chosen otherwise.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="saved_views", verbose_name=_("shared with")
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("what it shows"), max_length=2000)
    is_first = models.BooleanField(_("opens first for the team"), default=False, db_default=False)
    created_at = models.DateTimeField(_("saved"))
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="saved_view_removed")]
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(is_first=True, removed_at=None), name="one_view_opens_first_for_a_team"
            ),
            models.CheckConstraint(name="what_opens_first_is_shared", condition=Q(is_first=False) | ~Q(team=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Desk(models.Model):
    """How somebody of ours has arranged the queue: the view that opens first, and the columns of every view.

    Without a first view of their own it is that of their team, unless they want all that is open.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="desk",
        verbose_name=_("person"),
    )
    first_view = models.ForeignKey(
        SavedView, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("first view")
    )
    opens_with_all = models.BooleanField(_("opens with all that is open"), default=False, db_default=False)
    columns = models.CharField(_("columns"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        constraints = [
            models.CheckConstraint(
                name="a_desk_opens_with_one_thing", condition=Q(opens_with_all=False) | Q(first_view=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
