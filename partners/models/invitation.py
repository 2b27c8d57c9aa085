from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.models.role import PartnerRole
from partners.payloads import Actor

OPEN = models.Q(accepted_at=None, withdrawn_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, a partner's side its own, anybody else nothing."""
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id)
        return self.none()

    def open(self) -> Self:
        """Neither accepted nor withdrawn; it may have run out."""
        return self.filter(OPEN)

    def due(self) -> Self:
        """Its mail may be sent now, by the database's clock."""
        return self.open().filter(next_at__lte=Now())


class Invitation(models.Model):
    """Somebody is asked by mail to act for a partner.

    Of the token in the mail only a digest is kept: it is made when the mail is sent, and a new mail makes the one
    before worthless. While `next_at` is set, a mail is to be sent.
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("partner")
    )
    address = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    roles = models.ManyToManyField(PartnerRole, blank=True, related_name="+", verbose_name=_("roles"))
    is_administrator = models.BooleanField(_("partner administrator"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("expires"))
    token_digest = models.CharField(max_length=64, blank=True, editable=False)
    next_at = models.DateTimeField(_("mail is due"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("mail sent"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "address"], condition=OPEN, name="one_open_invitation_per_address"
            ),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~models.Q(token_digest=""), name="one_invitation_per_token"
            ),
            models.CheckConstraint(
                name="invitation_ends_one_way",
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="invitation_to_be_sent")
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None

    def has_run_out(self, at: datetime) -> bool:
        return self.expires_at <= at
