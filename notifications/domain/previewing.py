"""What a reply will look like to each who gets it, before it is sent: the same table, people and words as then."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from interactions.domain import addressing, lifecycle
from interactions.enums import Event, ItemKind, Move, Side
from interactions.models import Following, Interaction
from notifications.domain import announcing
from notifications.domain.announcing import Announcement
from notifications.domain.people import Directory
from notifications.domain.rendering import Rendered
from notifications.domain.timing import Timetable, Timing
from partners.models import RecordEntry
from partners.payloads import Actor

EVENT_OF = {Following.WAIT: (Move.ASK, Event.WAITING), Following.RESOLVE: (Move.RESOLVE, Event.RESOLVED)}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who gets a message, and how and when it reaches them, as they wish."""

    name: str
    address: str
    timing: Timing


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One message, and everybody who gets it in these words."""

    readers: Sequence[Reader]
    rendered: Rendered


def of(
    interaction: Interaction,
    texts: Mapping[str, str],
    following: Following,
    *,
    recipients: Collection[str] | None = None,
    leaves_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> list[Preview]:
    """The messages of a reply with `text` and what follows from it, to the addresses chosen; nothing is stored.

    `leaves_at` is when it is to leave, if not at once.

    Raises NotAccepted where it could not be sent to one of them.
    """
    told = addressing.of(interaction, recipients, at=at)
    said = {"text": texts.get("text", ""), "to": ", ".join(one.address for one in told)}
    moment = [entry(interaction, Event.ITEM_ADDED, said, actor=actor, at=at)]
    if following in EVENT_OF:
        move, event = EVENT_OF[following]
        words = {name: texts.get(name, "") for name in ("waiting_for", "resolution")}
        moment.append(entry(interaction, event, words, actor=actor, at=at))
        interaction = ahead(interaction, move, words)
    directory = Directory([interaction], moment, at)
    chosen = [one for one in announcing.choose(moment, interaction, directory) if one.is_partner_side]
    timetable = Timetable([(interaction, person) for one in chosen for person in one.people], leaves_at or at)
    names = {one.address: one.name for one in told}
    return [preview for announcement in chosen for preview in written(announcement, timetable, names)]


def written(announcement: Announcement, timetable: Timetable, names: Mapping[str, str]) -> Iterator[Preview]:
    for reading, rendered in announcing.write(announcement, {}).items():
        people = [one for one in announcement.people if one.reading == reading]
        readers = [
            Reader(
                name=names.get(one.address, ""),
                address=one.address,
                timing=timetable.timing(announcement.interaction, one, announcement.topics[one.address]),
            )
            for one in people
        ]
        yield Preview(readers=readers, rendered=rendered)


def entry(
    interaction: Interaction, event: Event, texts: Mapping[str, str], *, actor: Actor, at: datetime
) -> RecordEntry:
    """An entry as the record would have it."""
    facts = {"interaction": interaction.pk, "side": Side.ENTERPRISE, "kind": ItemKind.RESPONSE}
    return RecordEntry(
        pk=-len(event),
        stream=interaction.stream,
        sequence=len(texts),
        partner_id=interaction.partner_id,
        event=event,
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        facts=facts,
        texts={"actor": {"text": actor.label}} | {name: {"text": text} for name, text in texts.items() if text},
    )


def ahead(interaction: Interaction, move: Move, words: Mapping[str, str]) -> Interaction:
    """A copy as the interaction will stand; it is never stored."""
    later = copy(interaction)
    vars(later).update(words, status=lifecycle.MOVES[move].target, ball=Side.PARTNER)
    return later
