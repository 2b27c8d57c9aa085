"""One timeline of an interaction: what was said, our notes, and what the record tells between them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from interactions.domain import recipients, sentences, tries
from interactions.domain.sentences import Happened, Names
from interactions.enums import Event, ItemKind, Side
from interactions.models import Attachment, CallerCheck, Interaction, Item, Note
from partners.enums import Channel
from partners.models import RecordEntry
from partners.payloads import Actor

SHOWN = 50  # entries at once
MOST_SHOWN = 50_000  # characters of one text
FOLD_FROM = 3
MOST_SINCE = 8
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_PICTURE = 3_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_MICROSECONDS = 4_000_000_000_000_000  # the year 2096
MOST_ID = 2**63 - 1
ITEM, NOTE, ENTRY = (0, "sequence"), (1, "id"), (2, "sequence")  # the rank of each, and what numbers it
# what went out by itself: the record tells of it in one line
NOTICE = Q(kind=ItemKind.NOTIFICATION, side=Side.ENTERPRISE, author=None)
# the item or the note itself is shown; what follows a first try stands in its line
TOLD_ELSEWHERE = [Event.ITEM_ADDED, Event.NOTE_ADDED, Event.NOTICE_RETRIED]


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
    def look(self) -> tuple[object, ...]:
        """Everything of the item that a page shows: with the same values it looks the same."""
        files = [(file.pk, file.name, file.size, file.content_type, file.is_original) for file in self.files]
        originals = [(file.pk, file.size) for file in self.originals]
        said = (self.item.pk, self.item.side, self.item.channel, self.item.text, self.item.quoted_text, self.told)
        return *said, self.who, self.writer, self.duration, self.check and self.check.level, files, originals

    @property
    def told(self) -> str:
        """Whom of the partner it was written to, where its writer was asked."""
        return recipients.names(self.item.recipients or [])

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
class Place:
    """Where an entry stands: its moment, then items before notes before the record, then its number among these."""

    at: datetime
    rank: int
    number: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.rank}.{self.number}"

    def before(self, rank: int, number: str) -> Q:
        """What stands before this place among the entries of one rank, whose number is in a column."""
        if rank > self.rank:
            return Q(at__lt=self.at)
        if rank < self.rank:
            return Q(at__lte=self.at)
        return Q(at__lt=self.at) | Q(at=self.at, **{f"{number}__lt": self.number})


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Oldest first; `earlier` is the place before which there is more."""

    entries: Sequence[Entry]
    earlier: Place | None = None


def place_in(text: str) -> Place | None:
    """The place that `str(place)` wrote; anything else is no place."""
    parts = text[:60].split(".")
    if len(parts) != len(("at", "rank", "number")) or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    moment, rank, number = (int(part) for part in parts)
    if moment > MOST_MICROSECONDS or number > MOST_ID:
        return None
    return Place(at=EPOCH + moment * MICROSECOND, rank=rank, number=number)


def build(
    interaction: Interaction, names: Names, *, actor: Actor, before: Place | None = None, most: int = SHOWN
) -> Timeline:
    """The newest of what happened in an interaction that the actor may see, or the newest before a place."""
    record = RecordEntry.objects.of_matter(interaction.stream, actor).exclude(event__in=TOLD_ELSEWHERE)
    items = newest(
        Item.objects.filter(interaction=interaction).exclude(NOTICE).select_related("author"), ITEM, before, most
    )
    notes = newest(Note.objects.filter(interaction=interaction).select_related("author"), NOTE, before, most)
    entries = newest(record, ENTRY, before, most)
    found = [
        *((Place(at=item.at, rank=0, number=item.sequence), item) for item in items),
        *((Place(at=note.at, rank=1, number=note.pk), note) for note in notes),
        *((Place(at=entry.at, rank=2, number=entry.sequence), entry) for entry in entries),
    ]
    # what was said stands before what it brought about
    found.sort(key=lambda placed: (placed[0].at, placed[0].rank, placed[0].number))
    shown_here = found[-most:]
    lines = folded(drawn(interaction, [row for _place, row in shown_here], names, actor))
    return Timeline(entries=list(lines), earlier=shown_here[0][0] if len(found) > most else None)


def newest(rows: "QuerySet[Any]", source: tuple[int, str], before: Place | None, most: int) -> list[Any]:
    """One more than are shown, so that it is known whether there is more."""
    rank, number = source
    narrowed = rows if before is None else rows.filter(before.before(rank, number))
    return list(narrowed.order_by("-at", f"-{number}")[: most + 1])


def drawn(
    interaction: Interaction, rows: Sequence[Item | Note | RecordEntry], names: Names, actor: Actor
) -> Iterator[Said | Noted | Happened]:
    """Each row as a page shows it; files, the texts of notices and further tries are read for all at once."""
    files = files_of([row for row in rows if isinstance(row, Item)])
    calls = [row.pk for row in rows if isinstance(row, Item) and row.channel == Channel.PHONE]
    checks = {check.item_id: check for check in CallerCheck.objects.filter(item__in=calls) if check.item_id}
    told_of = [
        row.facts.get("item", 0) for row in rows if isinstance(row, RecordEntry) and row.event == Event.NOTICE_SENT
    ]
    texts = (
        Item.objects.filter(NOTICE, interaction=interaction, sequence__in=told_of) if told_of else Item.objects.none()
    )
    notices = dict(texts.values_list("sequence", "text"))
    first_tries = [row for row in rows if isinstance(row, RecordEntry) and row.event == Event.NOTICE_NOT_TAKEN]
    further = tries.after(first_tries, actor=actor) if first_tries else {}
    for row in rows:
        if isinstance(row, Item):
            yield said(row, interaction, files, checks)
        elif isinstance(row, Note):
            yield Noted(note=row, at=row.at)
        else:
            yield tries.with_further(told(row, names, notices), further.get(row.sequence, ()), names)


def since(interaction: Interaction, sequence: int, names: Names, *, actor: Actor) -> list[Happened]:
    """What others brought on the record after an entry, the newest first."""
    entries = RecordEntry.objects.visible_to(actor).filter(stream=interaction.stream, sequence__gt=sequence)
    by_others = entries.exclude(actor_id=actor.user_id, actor_id__isnull=False).order_by("-sequence")
    return [sentences.of(entry, names) for entry in by_others[:MOST_SINCE]]


def events_since(interaction: Interaction, sequence: int, *, actor: Actor) -> set[str]:
    """What the record calls what was brought on it after an entry, whoever did it."""
    entries = RecordEntry.objects.visible_to(actor).filter(stream=interaction.stream, sequence__gt=sequence)
    return set(entries.values_list("event", flat=True))


def shown(text: str) -> str:
    """A text as a page can bear it; the whole of a longer one is in its original and in the record."""
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + " […]"


def told(entry: RecordEntry, names: Names, notices: Mapping[int, str]) -> Happened:
    """An entry in words; one about a notice with the notice's text."""
    happened = sentences.of(entry, names)
    text = notices.get(entry.facts.get("item", 0)) if entry.event == Event.NOTICE_SENT else None
    return replace(happened, detail=text) if text else happened


def files_of(items: Sequence[Item]) -> Mapping[int | None, list[Attachment]]:
    """The files of these items by the item that brought them."""
    files = Attachment.objects.filter(item__in=items).order_by("item_id", "id") if items else []
    return {item: list(found) for item, found in groupby(files, key=lambda file: file.item_id)}


def said(
    item: Item,
    interaction: Interaction,
    files: Mapping[int | None, list[Attachment]],
    checks: Mapping[int, CallerCheck],
) -> Said:
    own = files.get(item.pk, [])
    return Said(
        item=item,
        at=item.at,
        files=[file for file in own if not file.is_original],
        originals=[file for file in own if file.is_original],
        who="" if item.is_written_down else item.author_label,
        writer=item.author_label if item.is_written_down else "",
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
