from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models import Interaction
from notifications.enums import Ending, SubscriptionState
from partners.enums import PartnerStatus
from partners.models import PartnerRole
from partners.models.encryption import EncryptedTextField
from partners.payloads import Actor


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, people of a partner its own, a machine those of its role, anybody else nothing."""
        if actor.is_representative:
            return self
        if not actor.is_partner_side or actor.partner_id is None:
            return self.none()
        own = self.filter(role__partner_id=actor.partner_id)
        return own.filter(role_id=actor.role_id) if actor.client_id else own

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.exclude(state=SubscriptionState.ENDED)

    def listening(self, on: date) -> Self:
        """What events are kept for: of a role in force, of a partner that is active."""
        in_force = PartnerRole.objects.in_force(on)
        return self.standing().filter(role__in=in_force, role__partner__status=PartnerStatus.ACTIVE)

    def failed(self) -> Self:
        """Events were given up, and nothing was taken since."""
        return self.filter(given_up_at__isnull=False)

    def live(self, on: date) -> Self:
        """What is sent to."""
        return self.listening(on).filter(state=SubscriptionState.ACTIVE)


class Subscription(models.Model):
    """A partner's address that events of its matters are posted to (TMF683 `hub`), signed with a secret of its own.

    It sees what a machine in its role sees. `query` narrows events and their attributes. After a rotation what is sent
    carries the signature of the previous secret as well, until `previous_until`. `failing_since` is the first failure
    after the last success; `told_at` when the partner heard of it, `given_up_at` when staff did, and `task` what a team
    of ours has to do about it: one while it fails, however much is given up.
    """

    role = models.ForeignKey(
        PartnerRole, on_delete=models.PROTECT, related_name="subscriptions", verbose_name=_("role")
    )
    identifier = models.CharField(_("id"), max_length=40, unique=True)
    callback = models.CharField(_("address"), max_length=500)
    query = models.CharField(_("query"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SubscriptionState, default=SubscriptionState.ACTIVE)
    ending = models.CharField(_("why it ended"), max_length=10, choices=Ending, blank=True)
    secret = EncryptedTextField(editable=False)
    previous_secret = EncryptedTextField(editable=False, blank=True)
    previous_until = models.DateTimeField(_("old secret signs until"), null=True, blank=True)
    rotated_at = models.DateTimeField(_("secret changed"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_by_client = models.CharField(_("system that made it"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    told_at = models.DateTimeField(_("partner told of the failure"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("first event given up"), null=True, blank=True)
    held_until = models.DateTimeField(_("asked to wait until"), null=True, blank=True)
    task = models.ForeignKey(
        Interaction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("what we have to do about it"),
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints = [
            # with a condition, since a change of it would else wait for whoever notes events for the endpoint
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(task__isnull=False), name="one_endpoint_per_task"
            ),
            models.CheckConstraint(
                name="subscription_ended_has_a_reason",
                condition=models.Q(state=SubscriptionState.ENDED, ended_at__isnull=False) & ~models.Q(ending="")
                | ~models.Q(state=SubscriptionState.ENDED) & models.Q(ended_at=None, ending=""),
            ),
        ]

    def __str__(self) -> str:
        return self.callback

    @property
    def mark(self) -> str:
        """Which secret it has now: another text after each new one."""
        return self.rotated_at.isoformat() if self.rotated_at else "first"

    @property
    def is_standing(self) -> bool:
        return self.state != SubscriptionState.ENDED
