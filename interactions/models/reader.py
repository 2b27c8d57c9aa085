from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reader(models.Model):
    """A colleague with whom whoever raised a matter shares it; counts while it is shared with named ones."""

    interaction = models.ForeignKey(
        "Interaction", on_delete=models.CASCADE, related_name="readers", db_index=False, verbose_name=_("interaction")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        constraints = [models.UniqueConstraint(fields=["interaction", "user"], name="one_reader_per_person")]

    def __str__(self) -> str:
        return f"{self.interaction_id}: {self.user_id}"
