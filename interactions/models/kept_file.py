from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.attachment import generated_name


class KeptFile(models.Model):
    """A file that waits with what somebody is writing, under a name that nobody can guess."""

    file = models.FileField(_("file"), upload_to=generated_name, max_length=200)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
