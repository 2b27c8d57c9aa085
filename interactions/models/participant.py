from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import ParticipantRole, Side
from interactions.models.interaction import Interaction


class Participant(models.Model):
    """Somebody who takes part in an interaction: a user, or an address that we know no user for."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="participants", verbose_name=_("interaction")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    address = models.CharField(_("e-mail address or number"), max_length=254, blank=True)
    side = models.CharField(_("side"), max_length=20, choices=Side)
    role = models.CharField(_("role"), max_length=20, choices=ParticipantRole)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "user"], condition=models.Q(user__isnull=False), name="one_part_per_user"
            ),
            models.UniqueConstraint(
                fields=["interaction", "address"], condition=models.Q(user=None), name="one_part_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address
