from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import BankAccountStatus
from partners.models.encryption import EncryptedTextField
from partners.models.partner import Partner
from partners.payloads import Actor


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, a partner's side its own, anybody else nothing."""
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id)
        return self.none()

    def in_force(self) -> Self:
        return self.filter(status=BankAccountStatus.IN_FORCE)

    def proposed(self) -> Self:
        return self.filter(status=BankAccountStatus.PROPOSED)


class BankAccount(models.Model):
    """Where a partner is paid. Its number is encrypted; pages and the record show its country and its last four signs.

    `mark` is an HMAC of holder and number: what an approval is bound to, and by which the same account is recognised.
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="bank_accounts", verbose_name=_("partner")
    )
    holder = models.CharField(_("account holder"), max_length=140)
    iban = EncryptedTextField(_("IBAN"))
    country = models.CharField(_("country"), max_length=2)
    tail = models.CharField(_("last four"), max_length=4)
    mark = models.CharField(max_length=64, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=BankAccountStatus, default=BankAccountStatus.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=models.Q(status=BankAccountStatus.IN_FORCE),
                name="one_bank_account_in_force",
            ),
            models.UniqueConstraint(
                fields=["partner"],
                condition=models.Q(status=BankAccountStatus.PROPOSED),
                name="one_bank_account_proposed",
            ),
            models.CheckConstraint(
                name="bank_account_is_decided_or_proposed",
                condition=models.Q(status=BankAccountStatus.PROPOSED, decided_at=None)
                | ~models.Q(status=BankAccountStatus.PROPOSED) & models.Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        return f"{self.country} ···· {self.tail}"
