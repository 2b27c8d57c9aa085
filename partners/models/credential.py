from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import CredentialKind
from partners.models.role import PartnerRole
from partners.payloads import Actor


class CredentialQuerySet(models.QuerySet["Credential"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, a partner's side those of its own roles, anybody else nothing."""
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.filter(role__partner_id=actor.partner_id)
        return self.none()

    def usable(self) -> Self:
        return self.filter(revoked_at=None)


class Credential(models.Model):
    """A machine's credential, tied to one partner role: an OAuth client or a device key; of a secret only a digest.

    After a rotation the previous secret works beside the new one until `previous_until`.
    """

    role = models.ForeignKey(PartnerRole, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("role"))
    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind)
    name = models.CharField(_("name"), max_length=100)
    identifier = models.CharField(_("client or device id"), max_length=100, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list, blank=True)
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    previous_digest = models.CharField(max_length=64, blank=True, editable=False)
    previous_until = models.DateTimeField(_("old secret works until"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    rotated_at = models.DateTimeField(_("secret changed"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned of its end"), null=True, blank=True)
    expired_at = models.DateTimeField(_("end noted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("machine credential")
        verbose_name_plural = _("machine credentials")
        constraints = [
            models.CheckConstraint(
                name="credential_is_a_machine_s",
                condition=models.Q(kind__in=[CredentialKind.CLIENT, CredentialKind.DEVICE_KEY]),
            ),
            models.CheckConstraint(
                name="previous_secret_has_an_end",
                condition=models.Q(previous_digest="", previous_until=None)
                | ~models.Q(previous_digest="") & models.Q(previous_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """Which secret it has now: another text after each new one."""
        return self.rotated_at.isoformat() if self.rotated_at else "first"

    def works(self, at: datetime) -> bool:
        """Neither revoked nor past its end; the role beneath it may be out of force all the same."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)
