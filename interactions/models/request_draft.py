from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.models.interaction_type import InteractionType
from interactions.models.kept_file import KeptFile
from partners.models import Partner
from partners.payloads import Actor


class RequestDraftQuerySet(models.QuerySet["RequestDraft"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever writes it, as long as they act for the same partner; nobody else, ourselves included."""
        if actor.is_partner_side and actor.partner_id is not None and actor.user_id is not None:
            return self.filter(author_id=actor.user_id, partner_id=actor.partner_id)
        return self.none()


class RequestDraft(models.Model):
    """A request that is not sent yet: the form as it was filled in, name by name. `key` is that of the form."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("partner")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("author")
    )
    type = models.ForeignKey(
        InteractionType, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("type")
    )
    key = models.CharField(max_length=64)
    filled = models.JSONField(_("filled in"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved"), db_index=True)

    objects = RequestDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a request")
        verbose_name_plural = _("drafts of requests")
        constraints = [models.UniqueConstraint(fields=["author", "partner", "key"], name="one_draft_per_form")]

    def __str__(self) -> str:
        return f"{self.type_id} {self.key}"

    @property
    def subject(self) -> str:
        return str(next(iter(self.filled.get("subject", [])), "")).strip()


class RequestDraftFile(KeptFile):
    """A file that goes with the request once it is sent; `field` is the one of the form it was chosen in."""

    draft = models.ForeignKey(RequestDraft, on_delete=models.CASCADE, related_name="files", verbose_name=_("draft"))
    field = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("file of a draft of a request")
        verbose_name_plural = _("files of drafts of requests")
