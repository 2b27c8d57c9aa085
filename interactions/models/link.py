from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import LinkKind
from interactions.models.interaction import Interaction
from interactions.models.item import Item
from partners.models import Partner


class LinkQuerySet(models.QuerySet["Link"]):
    def in_force(self) -> Self:
        return self.filter(ended_at=None)

    def to_parts_of(self, interaction: Interaction) -> Self:
        """Links from the parts of a matter to the matter."""
        return self.in_force().filter(other=interaction, kind=LinkKind.PARENT)


class Link(models.Model):
    """How an interaction belongs to another: the other one is its parent, what it responds to, and so on."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="links", verbose_name=_("interaction")
    )
    other = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="links_here", verbose_name=_("other"))
    kind = models.CharField(_("kind"), max_length=20, choices=LinkKind)
    at = models.DateTimeField(_("since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("A link is ended, never removed."))

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "other", "kind"],
                condition=models.Q(ended_at=None),
                name="one_link_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["interaction"],
                condition=models.Q(ended_at=None, kind=LinkKind.MERGED_INTO),
                name="merged_into_one_at_a_time",
            ),
            models.CheckConstraint(name="link_to_another", condition=~models.Q(interaction=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.kind} {self.other_id}"


class Reference(models.Model):
    """What an interaction or one of its items is about in another system: an order, a bill, a ticket, an agreement."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="references", verbose_name=_("interaction")
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="references", verbose_name=_("item")
    )
    kind = models.CharField(_("kind"), max_length=60)
    value = models.CharField(_("id"), max_length=100)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=60, blank=True)
    href = models.CharField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        indexes = [models.Index(fields=["value"], name="reference_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class ExternalIdentifier(models.Model):
    """The number another system gave to an interaction (TMF683 `externalIdentifier`)."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="external_identifiers", verbose_name=_("interaction")
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))
    owner = models.CharField(_("owner"), max_length=100, blank=True, help_text=_("The system that gave it."))
    kind = models.CharField(_("type"), max_length=60, blank=True)
    value = models.CharField(_("id"), max_length=255)

    class Meta:
        verbose_name = _("external identifier")
        verbose_name_plural = _("external identifiers")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "owner", "kind", "value"], name="one_interaction_per_external_identifier"
            )
        ]
        indexes = [models.Index(fields=["value"], name="external_identifier_by_value")]

    def __str__(self) -> str:
        return self.value
