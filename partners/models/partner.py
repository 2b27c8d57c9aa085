from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus
from partners.payloads import Actor
from partners.validators import validate_time_zone


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see every partner; a partner's people and machines their own; anybody else nothing."""
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.filter(pk=actor.partner_id)
        return self.none()

    def active(self) -> Self:
        return self.filter(status=PartnerStatus.ACTIVE)

    def named_like(self, text: str) -> Self:
        return self.filter(name__icontains=text)


class Partner(models.Model):
    """An organisation, or a single person in business, that we exchange interactions with."""

    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=300, blank=True)
    external_id = models.CharField(
        _("external id"),
        max_length=100,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Its number in other systems."),
    )
    status = models.CharField(_("status"), max_length=20, choices=PartnerStatus, default=PartnerStatus.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, such as DE."))
    region = models.CharField(_("region"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=63, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    handling_notes = models.TextField(_("handling notes"), blank=True, help_text=_("Shown to representatives only."))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        indexes = [
            models.Index(fields=["name", "id"], name="partner_by_name"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="partner_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """The partner's stream in the track record."""
        return f"partner:{self.pk}"
