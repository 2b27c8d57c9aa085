from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction import Interaction


class Note(models.Model):
    """Internal text of the enterprise; the partner can never see one."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="notes", verbose_name=_("interaction")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return self.text[:60]
