"""One timeline of an interaction: what was said, our notes, and what the record tells between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from interactions.domain import sentences
from interactions.domain.sentences import Happened, Names
from interactions.enums import Event, ItemKind, Side
from interactions.models import Attachment, CallerCheck, Interaction, Item, Note
from partners.enums import Channel
from partners.models import RecordEntry
from partners.payloads import Actor

SHOWN = 200  # of items, of notes and of entries each: the newest
MOST_SHOWN = 50_000  # characters of one text
FOLD_FROM = 3
MOST_SINCE = 8
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_PICTURE = 3_000_000
TOLD_ELSEWHERE = [Event.ITEM_ADDED, Event.NOTE_ADDED]  # the item or the note itself is shown


@dataclass(frozen=True, kw_only=True)
class Said:
    """An item with its files; `duration` is of a call, `writer` whoever of us wrote down what a partner said."""

    item: Item
    at: datetime
    files: Sequence[Attachment]
    originals: Sequence[Attachment]
    who: str
    writer: str = ""
    duration: timedelta | None = None
    check: CallerCheck | None = None
    kind: str = "item"

    @property
    def is_ours(self) -> bool:
        return self.item.side == Side.ENTERPRISE

    @property
    def pictures(self) -> Sequence[Attachment]:
        """Files that a page shows in small."""
        return [file for file in self.files if file.content_type in PICTURES and file.size <= MOST_PICTURE]

    @property
    def others(self) -> Sequence[Attachment]:
        small = {file.pk for file in self.pictures}
        return [file for file in self.files if file.pk not in small]

    @property
    def text(self) -> str:
        return shown(self.item.text)

    @property
    def quoted_text(self) -> str:
        return shown(self.item.quoted_text)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """An internal note."""

    note: Note
    at: datetime
    kind: str = "note"


@dataclass(frozen=True, kw_only=True)
class Folded:
    """Several entries of the record in a row."""

    events: Sequence[Happened]
    at: datetime
    kind: str = "events"

    @property
    def summary(self) -> str:
        """What is folded, told by its last entry."""
        return _("%(words)s, and %(others)d more") % {"words": self.events[-1].words, "others": len(self.events) - 1}


Entry = Said | Noted | Happened | Folded


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Oldest first; `is_cut` when only the newest part is there."""

    entries: Sequence[Entry]
    is_cut: bool = False


def build(interaction: Interaction, names: Names, *, actor: Actor, most: int = SHOWN) -> Timeline:
    """Everything that happened in an interaction that the actor may see."""
    items = list(
        Item.objects.filter(interaction=interaction).select_related("author").order_by("-sequence")[: most + 1]
    )
    notes = list(Note.objects.filter(interaction=interaction).select_related("author").order_by("-id")[: most + 1])
    record = RecordEntry.objects.of_matter(interaction.stream, actor).exclude(event__in=TOLD_ELSEWHERE)
    entries = list(record.order_by("-sequence")[: most + 1])
    files = files_of(interaction)
    checks = {check.item_id: check for check in CallerCheck.objects.filter(interaction=interaction) if check.item_id}
    notices = {item.sequence: item.text for item in items if is_notice(item)}
    placed: list[tuple[datetime, int, int, Said | Noted | Happened]] = [
        *(
            (item.at, 0, item.sequence, said(item, interaction, files, checks))
            for item in items[:most]
            if not is_notice(item)
        ),
        *((note.at, 1, note.pk, Noted(note=note, at=note.at)) for note in notes[:most]),
        *((entry.at, 2, entry.sequence, told(entry, names, notices)) for entry in entries[:most]),
    ]
    placed.sort(key=lambda place: place[:3])  # what was said stands before what it brought about
    is_cut = max(len(items), len(notes), len(entries)) > most
    return Timeline(entries=list(folded(place[3] for place in placed)), is_cut=is_cut)


def since(interaction: Interaction, sequence: int, names: Names, *, actor: Actor) -> list[Happened]:
    """What others brought on the record after an entry, the newest first."""
    entries = RecordEntry.objects.visible_to(actor).filter(stream=interaction.stream, sequence__gt=sequence)
    by_others = entries.exclude(actor_id=actor.user_id, actor_id__isnull=False).order_by("-sequence")
    return [sentences.of(entry, names) for entry in by_others[:MOST_SINCE]]


def shown(text: str) -> str:
    """A text as a page can bear it; the whole of a longer one is in its original and in the record."""
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " […]"


def is_notice(item: Item) -> bool:
    """Something that went out by itself: the record tells of it in one line."""
    return item.kind == ItemKind.NOTIFICATION and item.side == Side.ENTERPRISE and item.author_id is None


def told(entry: RecordEntry, names: Names, notices: Mapping[int, str]) -> Happened:
    """An entry in words; one about a notice with the notice's text."""
    happened = sentences.of(entry, names)
    text = notices.get(entry.facts.get("item", 0)) if entry.event == Event.NOTICE_SENT else None
    return replace(happened, detail=text) if text else happened


def files_of(interaction: Interaction) -> Mapping[int | None, list[Attachment]]:
    """The files of an interaction by the item that brought them."""
    files = Attachment.objects.filter(interaction=interaction).order_by("item_id", "id")
    return {item: list(found) for item, found in groupby(files, key=lambda file: file.item_id)}


def said(
    item: Item,
    interaction: Interaction,
    files: Mapping[int | None, list[Attachment]],
    checks: Mapping[int, CallerCheck],
) -> Said:
    own = files.get(item.pk, [])
    is_written_down = item.side != Side.ENTERPRISE and item.author is not None and item.author.is_representative
    return Said(
        item=item,
        at=item.at,
        files=[file for file in own if not file.is_original],
        originals=[file for file in own if file.is_original],
        who="" if is_written_down else item.author_label,
        writer=item.author_label if is_written_down else "",
        duration=duration_of(item, interaction),
        check=checks.get(item.pk),
    )


def duration_of(item: Item, interaction: Interaction) -> timedelta | None:
    """How long a call took: the first item tells when it began, a later one only when it was written down."""
    if item.channel != Channel.PHONE or item.ended_at is None:
        return None
    began_at = interaction.started_at if item.sequence == 1 else item.at
    return item.ended_at - began_at if item.ended_at > began_at else None


def folded(entries: Iterable[Said | Noted | Happened]) -> Iterator[Entry]:
    """The same entries, with three or more of the record in a row as one."""
    for is_record, run in groupby(entries, key=lambda entry: isinstance(entry, Happened)):
        events = list(run)
        if is_record and len(events) >= FOLD_FROM:
            happened = [event for event in events if isinstance(event, Happened)]
            yield Folded(events=happened, at=happened[-1].at)
        else:
            yield from events
