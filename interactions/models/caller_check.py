from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import CallerMeans
from interactions.models.call import Call
from interactions.models.interaction import Interaction
from interactions.models.item import Item
from partners.enums import AssuranceLevel
from partners.models import Contact, Partner

HOLDS_FOR = timedelta(hours=1)  # longer than any call; whoever calls again is verified again


class CallerCheckQuerySet(models.QuerySet["CallerCheck"]):
    def running(self, at: datetime) -> Self:
        """Checks of calls that are not yet written down."""
        return self.filter(ended_at=None, started_at__gt=at - HOLDS_FOR)


class CallerCheck(models.Model):
    """How somebody on the phone proved to speak for a partner: by which means, to whom of us, and with what outcome.

    `right` are the codes of the questions answered rightly, `wrong` counts the other answers. Of a one-time code only
    a nonce is kept, which is worth nothing without our secret.
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="caller_checks", verbose_name=_("partner")
    )
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("representative")
    )
    caller = models.CharField(_("caller's name"), max_length=150, blank=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="checks", verbose_name=_("call"))
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, null=True, related_name="caller_checks", verbose_name=_("interaction")
    )
    item = models.OneToOneField(
        Item, on_delete=models.PROTECT, null=True, related_name="caller_check", verbose_name=_("item")
    )
    means = ArrayField(models.CharField(max_length=20, choices=CallerMeans), verbose_name=_("means"), default=list)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("reached at")
    )
    right = ArrayField(models.CharField(max_length=30), verbose_name=_("questions answered"), default=list)
    wrong = models.PositiveSmallIntegerField(_("wrong answers"), default=0)
    code_nonce = models.CharField(max_length=32, blank=True, editable=False)
    code_address = models.CharField(_("code sent to"), max_length=254, blank=True)
    code_sent_at = models.DateTimeField(_("code sent"), null=True)
    codes_sent = models.PositiveSmallIntegerField(_("codes sent"), default=0)
    code_tries = models.PositiveSmallIntegerField(_("tries of the code"), default=0)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = CallerCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a caller")
        verbose_name_plural = _("checks of callers")
        indexes = [models.Index(fields=["partner", "-started_at"], name="caller_check_of_partner")]
        constraints = [
            models.CheckConstraint(
                name="caller_check_belongs_to_a_call",
                condition=models.Q(interaction=None, item=None)
                | models.Q(interaction__isnull=False, ended_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.caller or self.partner} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def level(self) -> AssuranceLevel:
        """What the caller knows is one factor; what the caller can be reached at, by phone or by mail, is another."""
        knows = CallerMeans.QUESTIONS in self.means
        holds = CallerMeans.CALL_BACK in self.means or CallerMeans.CODE in self.means
        return AssuranceLevel(knows + holds)
