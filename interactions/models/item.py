from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from interactions.enums import ItemKind, Side
from interactions.models.interaction import Interaction
from interactions.models.slices import Slice
from partners.enums import Channel

MOST_INDEXED = 50_000  # characters: PostgreSQL refuses a search vector of more than 1 MB, and the row with it


class ItemQuerySet(models.QuerySet["Item"]):
    def in_sequence(self) -> Self:
        return self.order_by("interaction_id", "sequence")


class Item(models.Model):
    """One thing said or sent inside an interaction, over one channel."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="items", db_index=False, verbose_name=_("interaction")
    )
    sequence = models.PositiveIntegerField(_("sequence"))
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    side = models.CharField(_("side"), max_length=20, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("author"),
    )
    author_label = models.CharField(_("author"), max_length=254, blank=True)
    text = models.TextField(_("text"))
    quoted_text = models.TextField(_("whole text as received"), blank=True)
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended"), null=True, help_text=_("Of a call."))
    recipients = ArrayField(
        models.CharField(max_length=254), verbose_name=_("written to"), null=True, help_text=_("As they were called.")
    )
    search = models.GeneratedField(
        expression=SearchVector(Left("text", MOST_INDEXED), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [models.UniqueConstraint(fields=["interaction", "sequence"], name="one_item_per_sequence")]
        indexes = [GinIndex(Slice("interaction_id"), "search", name="item_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.interaction_id}/{self.sequence}"

    @property
    def is_written_down(self) -> bool:
        """Whether one of ours wrote what somebody else said, such as a caller."""
        return self.side != Side.ENTERPRISE and self.author is not None and self.author.is_representative
