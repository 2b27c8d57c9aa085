from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus, Permission
from partners.models.partner import Partner
from partners.models.role import PartnerRole
from partners.payloads import Actor


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all places of all people, a partner's side those at the partner, anybody else nothing."""
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id)
        return self.none()

    def in_force(self, on: date) -> Self:
        return self.current(on).filter(
            blocked_at=None,
            user__is_active=True,
            partner__status__in=[PartnerStatus.ACTIVE, PartnerStatus.PROSPECT],
        )

    def permitted(self, permission: Permission | str, on: date) -> Self:
        """Of who has a permission in one of the roles that are in force."""
        roles = PartnerRole.objects.in_force(on).filter(kind__permissions__contains=[permission])
        return self.filter(models.Exists(roles.filter(memberships=models.OuterRef("pk"))))

    def current(self, on: date) -> Self:
        """Of somebody who belongs to the partner, blocked or not."""
        return self.filter(
            models.Q(valid_until=None) | models.Q(valid_until__gte=on), valid_from__lte=on, ended_at=None
        )


class Membership(models.Model):
    """A person acting for a partner in one or more of its roles.

    The database keeps the last administrator of a partner from being removed, blocked or dismissed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("partner")
    )
    roles = models.ManyToManyField(PartnerRole, blank=True, related_name="memberships", verbose_name=_("roles"))
    title = models.CharField(_("job title"), max_length=100, blank=True)
    is_administrator = models.BooleanField(
        _("partner administrator"), default=False, help_text=_("Administers the partner's own people and credentials.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("blocked by"),
    )
    is_blocked_by_enterprise = models.BooleanField(
        _("blocked by us"),
        default=False,
        db_default=False,
        help_text=_("Only the enterprise lifts a block that it set."),
    )
    ended_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "partner"], name="one_membership_per_partner"),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("A membership cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="only_a_block_was_set_by_somebody",
                condition=models.Q(blocked_at__isnull=False)
                | models.Q(blocked_by__isnull=True, is_blocked_by_enterprise=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.partner}"
