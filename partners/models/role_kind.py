from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import AssuranceLevel, CredentialKind
from partners.validators import validate_demands, validate_permission


class RoleKind(models.Model):
    """A kind of role a partner can play, such as supplier or MVNO; it mandates the credentials of who acts in it."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True)
    permissions = ArrayField(
        models.CharField(max_length=60, validators=[validate_permission]),
        verbose_name=_("permissions"),
        default=list,
        blank=True,
    )
    demands = models.JSONField(
        _("levels of permissions"),
        default=dict,
        blank=True,
        validators=[validate_demands],
        help_text=_("Where a permission needs more in this role than it needs everywhere."),
    )
    credential_kinds = ArrayField(
        models.CharField(max_length=20, choices=CredentialKind), verbose_name=_("accepted credentials"), default=list
    )
    minimum_level = models.PositiveSmallIntegerField(
        _("minimum assurance level"), choices=AssuranceLevel, default=AssuranceLevel.SINGLE
    )

    class Meta:
        verbose_name = _("role kind")
        verbose_name_plural = _("role kinds")

    def __str__(self) -> str:
        return self.name
