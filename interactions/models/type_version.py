from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction_type import InteractionType, validate_fields
from interactions.models.plan import Plan


class Unanswered(models.TextChoices):
    """What a type does when a partner does not answer in time."""

    REMIND = "remind", _("Remind the partner again and again")
    ESCALATE = "escalate", _("Tell the leads of both sides, then remind")
    CLOSE = "close", _("Say that it closes, then close it")


class TypeVersionQuerySet(models.QuerySet["TypeVersion"]):
    def newest_first(self) -> Self:
        return self.order_by("type_id", "-number")


class TypeVersion(models.Model):
    """What a type asks for and how it is led to its end, as it was published.

    It is never edited: another opinion is the next version, and an interaction keeps the one it started with.
    """

    type = models.ForeignKey(InteractionType, on_delete=models.CASCADE, related_name="versions", verbose_name=_("type"))
    number = models.PositiveIntegerField(_("version"))
    fields = models.JSONField(_("fields"), default=list, blank=True, validators=[validate_fields])
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="type_versions", verbose_name=_("plan")
    )
    self_service = models.CharField(
        _("self-service"), max_length=60, blank=True, help_text=_("The action that answers it without staff.")
    )
    asks_confirmation = models.BooleanField(_("asks for confirmation"), default=True)
    close_after_days = models.PositiveSmallIntegerField(_("closes after (business days)"), null=True, blank=True)
    reopen_within_days = models.PositiveSmallIntegerField(_("may be reopened for (days)"), default=14)
    when_unanswered = models.CharField(
        _("when a partner does not answer"),
        max_length=20,
        choices=Unanswered,
        default=Unanswered.REMIND,
        db_default=Unanswered.REMIND,
    )
    unanswered_after_days = models.PositiveSmallIntegerField(
        _("after so much silence (business days)"), default=3, db_default=3
    )
    resolution_codes = models.JSONField(_("resolution codes"), default=list, blank=True)
    cancel_consequence = models.TextField(_("consequence of cancelling"), blank=True)
    has_lines = models.BooleanField(_("has order lines"), default=False)
    has_survey = models.BooleanField(_("asks how it was"), default=False)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("published by"),
    )

    objects = TypeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a type")
        verbose_name_plural = _("versions of types")
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="one_type_version_per_number")]

    def __str__(self) -> str:
        return f"{self.type} · {self.number}"
