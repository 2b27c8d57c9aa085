from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import ChangeKind, ChangeState
from interactions.models.interaction import Interaction


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def open(self) -> Self:
        return self.filter(state=ChangeState.OPEN)


class ChangeRequest(models.Model):
    """A wish to change a matter that is already worked on: the owner decides, and both stay as they were said."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="change_requests", verbose_name=_("interaction")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ChangeKind)
    wanted = models.TextField(_("what is wanted"), blank=True)
    wanted_at = models.DateTimeField(_("wanted date"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("asked by"),
    )
    asked_label = models.CharField(_("asked by"), max_length=254, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ChangeState, default=ChangeState.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("decided by"),
    )
    decision = models.TextField(_("decision"), blank=True, help_text=_("Told to the partner."))
    consequence = models.TextField(_("consequence"), blank=True, help_text=_("What follows, such as a charge."))

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a change")
        verbose_name_plural = _("requests for changes")
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "kind"],
                condition=models.Q(state=ChangeState.OPEN),
                name="one_open_change_request_of_a_kind",
            ),
            models.CheckConstraint(
                name="change_request_is_open_or_decided",
                condition=models.Q(state=ChangeState.OPEN, decided_at=None)
                | ~models.Q(state=ChangeState.OPEN) & models.Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.kind} {self.state}"
