from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction import Interaction
from interactions.models.note import Note


class Watcher(models.Model):
    """Somebody of ours who is told what happens in an interaction that is not theirs; no partner sees who."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="watchers", db_index=False, verbose_name=_("interaction")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="watched", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        constraints = [models.UniqueConstraint(fields=["interaction", "user"], name="one_watch_per_person")]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.user_id}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def unread_by(self, user_id: int | None) -> Self:
        return self.filter(user=user_id, read_at=None)


class Mention(models.Model):
    """Somebody of ours who was called by name in a note, until they have looked."""

    note = models.ForeignKey(
        Note, on_delete=models.CASCADE, related_name="mentions", db_index=False, verbose_name=_("note")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="one_mention_per_note_and_person")]
        indexes = [
            models.Index(fields=["user", "-id"], condition=models.Q(read_at=None), name="mention_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} {self.user_id}"


class Visit(models.Model):
    """That somebody of ours opened an interaction, the last time; put back if it is to count as not opened since."""

    interaction = models.ForeignKey(
        Interaction, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("interaction")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("person")
    )
    at = models.DateTimeField(_("opened"))
    is_put_back = models.BooleanField(_("marked as unread"), default=False, db_default=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [models.UniqueConstraint(fields=["user", "interaction"], name="one_visit_per_person")]
        indexes = [models.Index(fields=["user", "-at"], name="visit_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.interaction_id}"
