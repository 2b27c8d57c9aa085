"""What somebody is writing: kept while they type, the same on every device, gone once it is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import draft_files, files
from interactions.domain.lifecycle import MOST_WAITING_FOR, MOST_WORDS, Words
from interactions.errors import DraftChanged, NotAccepted
from interactions.models import Draft, DraftFile, DraftMode, Following, Interaction
from interactions.models.interaction import Needed
from interactions.payloads import File
from partners.payloads import Actor

MOST_TEXT = 200_000


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What is written: the text, what follows from it, and the words that this needs.

    `recipients` are addresses that were chosen; None is for whoever usually hears.
    """

    text: str = ""
    recipients: Sequence[str] | None = None
    following: Following = Following.KEEP
    words: Words = field(default_factory=Words)

    def columns(self) -> dict[str, object]:
        """As a draft keeps it."""
        return {
            "text": texts.clean(self.text, most=MOST_TEXT),
            "recipients": None if self.recipients is None else list(self.recipients),
            "following": self.following,
            "waiting_for": texts.flatten(self.words.waiting_for, most=MOST_WAITING_FOR),
            "waiting_kind": self.words.waiting_kind,
            "waiting_until": self.words.waiting_until,
            "resolution_code": self.words.resolution_code,
            "resolution": texts.clean(self.words.resolution, most=MOST_WORDS),
        }

    @property
    def is_empty(self) -> bool:
        is_usual = self.recipients is None
        return is_usual and not (self.text.strip() or self.words.waiting_for.strip() or self.words.resolution.strip())


def of_interaction(interaction: Interaction) -> list[Draft]:
    """Everything that is written or waits to leave, whoever's it is; files come with it."""
    drafts = Draft.objects.filter(interaction=interaction).select_related("author").prefetch_related("files")
    return list(drafts.order_by("send_at", "saved_at", "pk"))


def wording_of(draft: Draft) -> Wording:
    words = Words(
        waiting_for=draft.waiting_for,
        waiting_kind=Needed(draft.waiting_kind or Needed.QUESTION),
        waiting_until=draft.waiting_until,
        resolution=draft.resolution,
        resolution_code=draft.resolution_code,
    )
    return Wording(text=draft.text, recipients=draft.recipients, following=Following(draft.following), words=words)


def written_by(actor: Actor, interaction: Interaction) -> Mapping[str, Draft]:
    """What somebody is writing in an interaction, by its mode."""
    drafts = Draft.objects.being_written().filter(interaction=interaction, author_id=actor.user_id)
    return {draft.mode: draft for draft in drafts.prefetch_related("files").order_by("saved_at")}


@transaction.atomic
def keep(
    interaction: Interaction, mode: DraftMode, wording: Wording, *, actor: Actor, at: datetime, version: int
) -> int:
    """Save what is written so far; returns its next version, 0 when there is nothing to keep.

    `version` is the one that the page was given, 0 for none. Raises DraftChanged when there is another one by now.
    """
    draft = mine(interaction, mode, actor)
    if (draft.version if draft else 0) != version:
        raise DraftChanged
    if draft is None:
        return 0 if wording.is_empty else begin(interaction, mode, wording, actor=actor, at=at).version
    if wording.is_empty and not draft.files.exists():
        draft.delete()
        return 0
    store(draft, **wording.columns(), saved_at=at, stopped_why="")
    return version + 1


def mine(interaction: Interaction, mode: DraftMode, actor: Actor) -> Draft | None:
    """The draft, held until the transaction ends."""
    drafts = Draft.objects.being_written().filter(interaction=interaction, author_id=actor.user_id, mode=mode)
    return drafts.select_for_update(of=("self",), no_key=True).first()


def begin(interaction: Interaction, mode: DraftMode, wording: Wording, *, actor: Actor, at: datetime) -> Draft:
    """A new draft; raises DraftChanged when another window made one at the same moment."""
    made = there(interaction, mode, wording, actor=actor, at=at)
    if made.saved_at != at:
        raise DraftChanged
    return made


def there(interaction: Interaction, mode: DraftMode, wording: Wording, *, actor: Actor, at: datetime) -> Draft:
    """The draft, made if there is none; one that another window makes at this moment is waited for and held.

    Raises DraftChanged when that one was gone again at once.
    """
    draft = Draft(
        interaction=interaction,
        author_id=person(actor),
        mode=mode,
        level=actor.level,
        saved_at=at,
        **wording.columns(),
    )
    Draft.objects.bulk_create([draft], ignore_conflicts=True)
    found = mine(interaction, mode, actor)
    if found is None:
        raise DraftChanged
    return found


def person(actor: Actor) -> int:
    """Who writes; raises LookupError for a machine."""
    if actor.user_id is None:
        raise LookupError("only people write drafts")
    return actor.user_id


def store(draft: Draft, **columns: object) -> None:
    """Change a held draft to its next version."""
    Draft.objects.filter(pk=draft.pk).update(version=F("version") + 1, **columns)


@transaction.atomic
def drop(interaction: Interaction, mode: DraftMode, *, actor: Actor) -> None:
    """Forget what was written, with its files."""
    draft = mine(interaction, mode, actor)
    if draft is not None:
        draft_files.forget(draft.files.all())
        draft.delete()


@transaction.atomic
def attach(interaction: Interaction, uploads: Sequence[File], *, actor: Actor, at: datetime) -> Draft:
    """Put files to the reply that somebody is writing; they leave with it. Raises NotAccepted."""
    draft = there(interaction, DraftMode.REPLY, Wording(), actor=actor, at=at)
    add_files(draft, uploads)
    return draft


def add_files(draft: Draft, uploads: Sequence[File]) -> None:
    """Store files of a held draft; all are looked at before the first is stored."""
    if draft.files.count() + len(uploads) > files.MOST_FILES:
        raise NotAccepted("attachment", _("At most %(most)d files at once.") % {"most": files.MOST_FILES})
    for upload in uploads:
        files.refuse_large(upload)
    DraftFile.objects.bulk_create([draft_files.filled(DraftFile(draft=draft), upload) for upload in uploads])


@transaction.atomic
def detach(interaction: Interaction, file_id: int, *, actor: Actor) -> None:
    """Take a file away from the reply that somebody is writing; nothing when it is gone already."""
    draft = mine(interaction, DraftMode.REPLY, actor)
    if draft is not None:
        found = draft.files.filter(pk=file_id)
        draft_files.forget(found)
        found.delete()
