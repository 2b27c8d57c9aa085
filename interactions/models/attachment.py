import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction import Interaction
from interactions.models.item import Item


def generated_name(_attachment: "Attachment", _name: str) -> str:
    """Where a file is kept: never under a name somebody else chose."""
    name = uuid.uuid4().hex
    return f"attachments/{name[:2]}/{name}"


class Attachment(models.Model):
    """A file of an interaction; served only through a fenced view, and always as a download."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("interaction")
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("item")
    )
    file = models.FileField(_("file"), upload_to=generated_name, max_length=200)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    is_original = models.BooleanField(_("original as received"), default=False)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="attachment_name_trigrams")]

    def __str__(self) -> str:
        return self.name
