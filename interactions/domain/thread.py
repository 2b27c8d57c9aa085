"""The conversation as the partner may read it: what was said and the turns it took. Never a note or our own work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.domain import promise_sentences
from interactions.enums import Event, ParticipantRole, Side
from interactions.models import Attachment, Interaction, Item, Participant
from partners.domain.translations import words_of
from partners.enums import ActorKind
from partners.models import RecordEntry

MOST = 50
READABLE = Q(item__isnull=False) & (Q(is_original=False) | Q(item__side=Side.PARTNER))
TURNS: Mapping[str, Promise] = {
    Event.RESOLVED: _("Solution given"),
    Event.CONFIRMED: _("Solution confirmed"),
    Event.CLOSED: _("Closed"),
    Event.REOPENED: _("Reopened"),
    Event.CANCELLED: _("Cancelled"),
    Event.MERGED: _("Goes on in another request"),
    Event.UNMERGED: _("Goes on by itself again"),
    Event.PASSED_ON: _("Goes on as another request"),
    Event.LAPSED: _("Closed without an answer"),
    Event.CHANGE_ASKED: _("Change asked for"),
    Event.CHANGE_DECIDED: _("Decided on the change"),
    Event.DATE_MOVED: _("New date"),
}
TOLD = {
    Event.RESOLVED: "resolution",
    Event.REOPENED: "reason",
    Event.CANCELLED: "reason",
    Event.LAPSED: "reason",
    Event.CHANGE_ASKED: "reason",
    Event.CHANGE_DECIDED: "decision",
}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A turn that a matter took, with the words that both sides were told; `who` only of the partner's own side."""

    event: str
    word: str
    at: datetime
    who: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the conversation: something said, or a turn."""

    at: datetime
    item: Item | None = None
    turn: Turn | None = None


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The newest lines in the order of time; `earlier` is the sequence before which there are more."""

    lines: list[Line] = field(default_factory=list)
    earlier: int | None = None


def readable_files(interaction: Interaction) -> QuerySet[Attachment]:
    """Files of what was said; the original of a mail only when the partner's own side sent it."""
    return Attachment.objects.filter(READABLE, interaction=interaction)


def of(interaction: Interaction, *, before: int | None = None, most: int = MOST) -> Thread:
    """The newest lines, or those before an item's sequence."""
    files = Prefetch("attachments", readable_files(interaction).order_by("is_original", "id"))
    items = Item.objects.filter(interaction=interaction).select_related("author").prefetch_related(files)
    if before is not None:
        items = items.filter(sequence__lt=before)
    found = list(items.order_by("-sequence")[: most + 1])
    shown = found[:most][::-1]
    has_earlier = len(found) > most
    since = shown[0].at if shown and has_earlier else None
    lines = [Line(at=item.at, item=item) for item in shown]
    lines += [Line(at=turn.at, turn=turn) for turn in turns(interaction, since=since) if before is None]
    return Thread(lines=sorted(lines, key=lambda line: line.at), earlier=shown[0].sequence if has_earlier else None)


def turns(interaction: Interaction, *, since: datetime | None) -> list[Turn]:
    entries = RecordEntry.objects.of_stream(interaction.stream).filter(event__in=list(TURNS))
    if since is not None:
        entries = entries.filter(at__gte=since)
    return [turn_of(entry) for entry in entries]


def turn_of(entry: RecordEntry) -> Turn:
    is_theirs = entry.actor_kind in {ActorKind.PARTNER, ActorKind.MACHINE}
    return Turn(
        event=entry.event,
        word=str(TURNS[entry.event]),
        at=entry.at,
        who=entry.actor_label if is_theirs else "",
        text=text_of(entry),
    )


def text_of(entry: RecordEntry) -> str:
    """What was said with a turn; of a date that moved, which it is now and why."""
    if entry.event == Event.DATE_MOVED:
        return f"{promise_sentences.day_of(entry.facts.get('became'))}. {words_of(entry, 'reason')}"
    return words_of(entry, TOLD[Event(entry.event)]) if entry.event in TOLD else ""


def people(interaction: Interaction) -> list[Participant]:
    """Who takes part: everybody of the partner's side, and whom of ours it may speak to."""
    ours = Q(side=Side.ENTERPRISE, role__in=[ParticipantRole.OWNER, ParticipantRole.CONTACT])
    return list(
        Participant.objects.filter(Q(side=Side.PARTNER) | ours, interaction=interaction)
        .select_related("user")
        .order_by("-side", "id")
    )
