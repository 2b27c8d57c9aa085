from typing import Self

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from partners.enums import ActorKind, AssuranceLevel, Channel
from partners.models.partner import Partner
from partners.payloads import Actor

APPEND_ONLY = ("partners_recordentry", "partners_checkpoint")
# begins the name of what is told within the enterprise only: notes, what was not said yet, who works on what and why,
# and what is feared
INTERNAL = r"^(note|reply|step|steps)\.|^interaction\.(assigned|handed_over)$|^clock\.(warned|escalated)$"


class RecordStream(models.Model):
    """The head of one chain: how long it is and its last digest. Locked while an entry is appended."""

    name = models.CharField(_("stream"), max_length=60, primary_key=True)
    length = models.BigIntegerField(_("length"), default=0)
    digest = models.BinaryField(_("last digest"), max_length=32)
    checkpointed_length = models.BigIntegerField(_("length at the last checkpoint"), default=0)

    class Meta:
        verbose_name = _("record stream")
        verbose_name_plural = _("record streams")
        indexes = [
            models.Index(
                fields=["name"],
                condition=models.Q(length__gt=models.F("checkpointed_length")),
                name="stream_to_checkpoint",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecordEntryQuerySet(models.QuerySet["RecordEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        """Representatives see all, a partner's side its own stream without what is internal, others nothing.

        What happened in one matter is told of by `of_matter` to who may know of the matter.
        """
        if actor.is_representative:
            return self
        if actor.is_partner_side and actor.partner_id is not None:
            return self.of_matter(f"partner:{actor.partner_id}", actor)
        return self.none()

    def of_matter(self, stream: str, actor: Actor) -> Self:
        """One stream, which whoever asks is known to see; a partner's side without what is internal."""
        entries = self.filter(stream=stream)
        if actor.is_representative:
            return entries
        if actor.is_partner_side and actor.partner_id is not None:
            return entries.filter(partner_id=actor.partner_id).exclude(event__regex=INTERNAL)
        return entries.none()

    def of_stream(self, name: str) -> Self:
        return self.filter(stream=name).order_by("sequence")


class RecordEntry(models.Model):
    """One fact of the track record. The database refuses to change or remove it.

    `digest` is SHA-256 over `previous` and the canonical JSON (RFC 8785) of what `record.document_of` names; `texts`
    holds personal text as {name: {"salt", "text"}}, of which only `text_digests` enter the hash.
    """

    stream = models.CharField(_("stream"), max_length=60)
    sequence = models.BigIntegerField(_("sequence"))
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("partner")
    )
    event = models.CharField(_("event"), max_length=60)
    at = models.DateTimeField(_("at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, blank=True)
    actor_kind = models.CharField(_("actor"), max_length=20, choices=ActorKind)
    actor_id = models.BigIntegerField(_("person"), null=True)
    actor_role = models.CharField(_("acting role"), max_length=100, blank=True)
    actor_level = models.PositiveSmallIntegerField(_("assurance level"), choices=AssuranceLevel)
    actor_client = models.CharField(_("client"), max_length=100, blank=True)
    behalf_of_id = models.BigIntegerField(_("on behalf of"), null=True)
    facts = models.JSONField(_("facts"))
    texts = models.JSONField(_("personal text"))
    text_digests = models.JSONField(_("digests of the personal text"))
    previous = models.BinaryField(_("previous digest"), max_length=32)
    digest = models.BinaryField(_("digest"), max_length=32)
    transaction_id = models.BigIntegerField(
        editable=False, db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ())
    )

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("record entry")
        verbose_name_plural = _("track record")
        constraints = [models.UniqueConstraint(fields=["stream", "sequence"], name="one_record_entry_per_sequence")]
        indexes = [
            models.Index(fields=["transaction_id", "id"], name="record_by_transaction"),
            models.Index(fields=["partner", "-id"], name="record_by_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.sequence} {self.event}"

    @property
    def actor_label(self) -> str:
        return self.text("actor") or str(ActorKind(self.actor_kind).label)

    def text(self, name: str) -> str:
        """A personal text of the entry, or "" when it was never given or has been erased."""
        sealed = self.texts.get(name)
        return sealed["text"] if sealed else ""


class Checkpoint(models.Model):
    """A signed statement about every stream head that changed since the one before; exported outside the database.

    `heads` is [[stream, length, digest in hex], …] sorted by stream, `root` the Merkle root over them, and `previous`
    the digest of the statement before, so that the last checkpoint commits to all heads there ever were.
    """

    number = models.BigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    heads = models.JSONField(_("heads"))
    root = models.BinaryField(_("Merkle root"), max_length=32)
    previous = models.BinaryField(_("previous statement"), max_length=32)
    signature = models.BinaryField(_("signature"), max_length=64)
    public_key = models.BinaryField(_("public key"), max_length=32)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")

    def __str__(self) -> str:
        return f"{self.number} of {self.at:%Y-%m-%d %H:%M}"
