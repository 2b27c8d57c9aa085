from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import AgreementStatus, RoleStatus
from partners.models.partner import Partner
from partners.models.role_kind import RoleKind


class PartnerRoleQuerySet(models.QuerySet["PartnerRole"]):
    def in_force(self, on: date) -> Self:
        """Active roles whose period holds `on` a date (the enterprise's calendar date).

        A role with agreements of its own ends with the last of them.
        """
        itself = PartnerRole.objects.filter(pk=models.OuterRef("pk"))
        has_ended = models.Q(agreements__status=AgreementStatus.ENDED) | models.Q(agreements__valid_until__lt=on)
        holds = models.Q(agreements__valid_until=None) | models.Q(agreements__valid_until__gte=on)
        in_force = itself.filter(holds, agreements__status=AgreementStatus.IN_FORCE, agreements__valid_from__lte=on)
        return self.filter(
            models.Q(valid_until=None) | models.Q(valid_until__gte=on),
            ~models.Exists(itself.filter(has_ended)) | models.Exists(in_force),
            status=RoleStatus.ACTIVE,
            valid_from__lte=on,
        )


class PartnerRole(models.Model):
    """A role that a partner plays for a period, with a status and its reason (TMF669 `partyRole`)."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="roles", verbose_name=_("partner"))
    kind = models.ForeignKey(RoleKind, on_delete=models.PROTECT, related_name="roles", verbose_name=_("kind"))
    status = models.CharField(_("status"), max_length=20, choices=RoleStatus, default=RoleStatus.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = PartnerRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner role")
        verbose_name_plural = _("partner roles")
        constraints = [
            models.CheckConstraint(
                name="role_ends_after_it_starts",
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("A role cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["partner", "kind"],
                condition=models.Q(status=RoleStatus.ACTIVE),
                name="one_active_role_of_a_kind",
                violation_error_message=_("The partner already plays this role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind.name} · {self.partner.name}"
