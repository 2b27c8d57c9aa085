from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import StepStatus
from interactions.models.interaction import Interaction
from interactions.models.step import Step
from partners.enums import AssuranceLevel, Permission
from partners.models import BankAccount, Partner
from partners.payloads import Actor


class ApprovalKind(models.TextChoices):
    """Acts that move money."""

    SETTLEMENT = "settlement", _("Settlement")
    CREDIT = "credit", _("Credit")
    BANK_DETAILS = "bank_details", _("Bank details")


class ApprovalStatus(models.TextChoices):
    """What became of an approval; void: what was to be approved has changed."""

    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    VOID = "void", _("Void")


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, actor: Actor) -> Self:
        """The enterprise's business; a partner's people see of their own what they may see, and decide none."""
        if actor.is_representative:
            return self
        if not actor.is_partner_side or actor.partner_id is None:
            return self.none()
        is_account = models.Q(bank_account__isnull=False)
        keeps_accounts = Permission.CHANGE_BANK_DETAILS in actor.permissions
        of_matters = models.Q(interaction__in=Interaction.objects.visible_to(actor))
        return self.filter(of_matters | is_account if keeps_accounts else of_matters, partner_id=actor.partner_id)

    def waiting(self) -> Self:
        return self.filter(status=ApprovalStatus.WAITING)

    def to_decide(self) -> Self:
        """What waits and has not been overtaken: its matter was neither cancelled nor merged into another."""
        return self.waiting().filter(models.Q(step=None) | models.Q(step__status=StepStatus.OPEN))


class Approval(models.Model):
    """An act that moves money waits for a second person; what is approved is bound by `binding` to amount and payee.

    It is about one step of a matter, or about a partner's bank account.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", verbose_name=_("partner"))
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, related_name="approvals", verbose_name=_("interaction")
    )
    step = models.ForeignKey(
        Step, on_delete=models.PROTECT, null=True, related_name="approvals", verbose_name=_("step")
    )
    bank_account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, related_name="approvals", verbose_name=_("bank account")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ApprovalKind)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    payee = models.CharField(_("payee"), max_length=200)
    binding = models.CharField(max_length=64, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=ApprovalStatus, default=ApprovalStatus.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided on behalf of"),
    )
    decided_level = models.PositiveSmallIntegerField(_("at the level"), choices=AssuranceLevel, null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(
                name="approval_is_of_one_thing",
                condition=models.Q(step__isnull=False, interaction__isnull=False, bank_account=None)
                | models.Q(step=None, interaction=None, bank_account__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_is_decided_by_somebody",
                condition=models.Q(status=ApprovalStatus.WAITING, decided_at=None, decided_by=None)
                | models.Q(status=ApprovalStatus.VOID, decided_at__isnull=False)
                | models.Q(
                    status__in=[ApprovalStatus.APPROVED, ApprovalStatus.REFUSED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="approval_needs_a_second_person",
                condition=~models.Q(status=ApprovalStatus.APPROVED)
                | (models.Q(asked_by=None) | ~models.Q(asked_by=models.F("decided_by")))
                & (models.Q(asked_by=None) | models.Q(decided_for=None) | ~models.Q(asked_by=models.F("decided_for"))),
            ),
            models.CheckConstraint(
                name="approval_needs_two_factors",
                condition=~models.Q(status=ApprovalStatus.APPROVED)
                | models.Q(decided_level__isnull=False, decided_level__gte=AssuranceLevel.DOUBLE),
            ),
            models.CheckConstraint(
                name="amount_has_a_currency",
                condition=models.Q(amount=None, currency="") | models.Q(amount__isnull=False) & ~models.Q(currency=""),
            ),
            models.UniqueConstraint(
                fields=["step"], condition=models.Q(status=ApprovalStatus.WAITING), name="one_waiting_approval_per_step"
            ),
            models.UniqueConstraint(
                fields=["bank_account"],
                condition=models.Q(status=ApprovalStatus.WAITING),
                name="one_waiting_approval_per_account",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"], condition=models.Q(status=ApprovalStatus.WAITING), name="approval_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.payee}"
