from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import AssuranceLevel
from partners.validators import validate_permission


class StaffRole(models.Model):
    """What somebody of the enterprise is here for, when that is not to work on matters: an auditor, an analyst."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True)
    permissions = ArrayField(
        models.CharField(max_length=60, validators=[validate_permission]),
        verbose_name=_("permissions"),
        default=list,
        blank=True,
    )
    minimum_level = models.PositiveSmallIntegerField(
        _("minimum assurance level"), choices=AssuranceLevel, default=AssuranceLevel.DOUBLE
    )

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")

    def __str__(self) -> str:
        return self.name
