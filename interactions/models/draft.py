from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction import Interaction, Needed
from interactions.models.kept_file import KeptFile
from partners.enums import AssuranceLevel


class DraftMode(models.TextChoices):
    """Who will read what is being written."""

    NOTE = "note", _("Internal note")
    REPLY = "reply", _("Reply to partner")


class Following(models.TextChoices):
    """What follows from a reply."""

    KEEP = "keep", _("keep it open")
    WAIT = "wait", _("wait for an answer")
    RESOLVE = "resolve", _("resolve")


class DraftQuerySet(models.QuerySet["Draft"]):
    def being_written(self) -> Self:
        return self.filter(send_at=None)

    def held(self) -> Self:
        """Sent, and not yet gone."""
        return self.filter(send_at__isnull=False)

    def due(self, at: datetime) -> Self:
        return self.filter(send_at__lte=at)


class Draft(models.Model):
    """What somebody writes in an interaction; with `send_at` a reply that was sent and leaves at that moment.

    `heard` is the last item that its writer knew of: a reply that has one stays here if the partner says more.
    `recipients` are addresses; None is for whoever usually hears.
    """

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="drafts", db_index=False, verbose_name=_("interaction")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    mode = models.CharField(_("for whom"), max_length=10, choices=DraftMode)
    text = models.TextField(_("text"), blank=True)
    recipients = ArrayField(models.CharField(max_length=254), verbose_name=_("written to"), null=True, blank=True)
    following = models.CharField(_("what follows"), max_length=10, choices=Following, default=Following.KEEP)
    waiting_for = models.CharField(_("what is needed"), max_length=500, blank=True)
    waiting_kind = models.CharField(
        _("kind of what is needed"), max_length=20, choices=Needed, blank=True, default="", db_default=""
    )
    waiting_until = models.DateTimeField(_("by when"), null=True, blank=True)
    resolution_code = models.CharField(_("kind of resolution"), max_length=60, blank=True)
    resolution = models.TextField(_("resolution"), blank=True)
    level = models.PositiveSmallIntegerField(_("assurance level of the author"), choices=AssuranceLevel, default=0)
    send_at = models.DateTimeField(_("leaves"), null=True, blank=True)
    heard = models.PositiveIntegerField(_("last item its author knew of"), null=True, blank=True)
    stopped_why = models.TextField(_("why it did not leave"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "author", "mode"],
                condition=models.Q(send_at=None),
                name="one_draft_per_person_and_mode",
            ),
            models.CheckConstraint(
                name="only_a_reply_leaves", condition=models.Q(send_at=None) | models.Q(mode=DraftMode.REPLY)
            ),
            models.CheckConstraint(
                name="only_a_reply_has_recipients",
                condition=models.Q(recipients=None) | models.Q(mode=DraftMode.REPLY),
            ),
        ]
        indexes = [
            models.Index(fields=["interaction"], name="draft_of_interaction"),
            models.Index(fields=["send_at"], condition=models.Q(send_at__isnull=False), name="draft_to_leave"),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.mode}"

    @property
    def is_scheduled(self) -> bool:
        """Leaves at a chosen moment, not in a few seconds."""
        return self.heard is not None


class DraftFile(KeptFile):
    """A file that goes with a reply once it leaves."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files", verbose_name=_("draft"))

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
