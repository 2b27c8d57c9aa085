from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import CredentialKind
from partners.models.role import PartnerRole


class CredentialQuerySet(models.QuerySet["Credential"]):
    def usable(self) -> Self:
        return self.filter(revoked_at=None)


class Credential(models.Model):
    """A machine's credential, tied to one partner role: an OAuth client or a device key; of a secret only a digest."""

    role = models.ForeignKey(PartnerRole, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("role"))
    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind)
    name = models.CharField(_("name"), max_length=100)
    identifier = models.CharField(_("client or device id"), max_length=100, unique=True)
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("machine credential")
        verbose_name_plural = _("machine credentials")
        constraints = [
            models.CheckConstraint(
                name="credential_is_a_machine_s",
                condition=models.Q(kind__in=[CredentialKind.CLIENT, CredentialKind.DEVICE_KEY]),
            )
        ]

    def __str__(self) -> str:
        return self.name
