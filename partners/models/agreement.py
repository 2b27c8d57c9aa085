from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import AgreementStatus
from partners.models.partner import Partner
from partners.models.role import PartnerRole


class Agreement(models.Model):
    """A reference to what was agreed; the agreement itself is negotiated and kept elsewhere."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("partner"))
    role = models.ForeignKey(
        PartnerRole, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("role")
    )
    reference = models.CharField(_("reference"), max_length=100)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(_("status"), max_length=20, choices=AgreementStatus, default=AgreementStatus.IN_FORCE)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    url = models.URLField(_("where it is kept"), blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(fields=["partner", "reference"], name="one_agreement_per_reference"),
            models.CheckConstraint(
                name="agreement_ends_after_it_starts",
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("An agreement cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"
