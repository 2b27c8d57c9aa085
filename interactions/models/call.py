from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.enums import CallState
from interactions.models.interaction import Interaction
from partners.models import Partner


class Call(models.Model):
    """A phone call as the telephone system tells it, until it becomes an item of an interaction."""

    external_id = models.CharField(_("call id"), max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=CallState)
    caller = models.CharField(_("caller's number"), max_length=40, blank=True)
    called = models.CharField(_("called number"), max_length=40, blank=True)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("partner")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls_made",
        verbose_name=_("person"),
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls_taken",
        verbose_name=_("agent"),
    )
    interaction = models.ForeignKey(
        Interaction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("interaction"),
    )
    rang_at = models.DateTimeField(_("rang"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    updated_at = models.DateTimeField(_("last event"))

    class Meta:
        verbose_name = _("phone call")
        verbose_name_plural = _("phone calls")
        indexes = [models.Index(fields=["-updated_at"], name="call_by_time")]

    def __str__(self) -> str:
        return self.external_id
