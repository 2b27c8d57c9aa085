from django.conf import settings
from django.db import models
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _


class Translation(models.Model):
    """What something configured is called in one more language; while it has no words, it is read as it was entered."""

    text = models.TextField(_("text"), help_text=_("As it stands in the configuration, to the letter."))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    words = models.TextField(_("translation"), blank=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                MD5("text"),
                "language",
                name="one_translation_per_language",
                violation_error_message=_("This text has a translation into that language already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text[:60]} ({self.language})"
