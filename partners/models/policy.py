from django.db import models
from django.utils.translation import gettext_lazy as _


class ServicePolicy(models.Model):
    """What we promise, to whom, for what. All it says lives in versions, so that an edit never moves a promise made."""

    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("service policy")
        verbose_name_plural = _("service policies")

    def __str__(self) -> str:
        return self.name
