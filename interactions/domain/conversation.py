"""What is said: to the other side, asked of it, answered by it, or noted for ourselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import clocks, facts, files, lifecycle, mentions
from interactions.domain.lifecycle import Words
from interactions.domain.recipients import Recipient
from interactions.enums import Event, ItemKind, Move, Side, Status
from interactions.errors import NotAccepted
from interactions.models import Interaction, Item, Note
from interactions.payloads import File
from partners.domain import record, rows
from partners.enums import Channel
from partners.payloads import Actor, Fact

MOST_TEXT = 1_000_000
MOST_LABEL = 254


@dataclass(frozen=True, kw_only=True)
class Saying:
    """Something said over one channel; `ended_at` is of a call, `quoted_text` the whole as received.

    `recipients` is whom it goes to, where its writer was asked; else whoever usually hears.
    """

    text: str
    side: Side
    channel: Channel
    kind: ItemKind = ItemKind.RESPONSE
    quoted_text: str = ""
    ended_at: datetime | None = None
    files: Sequence[File] = ()
    original: File | None = None
    recipients: Sequence[Recipient] = ()


@transaction.atomic
def say(interaction: Interaction, saying: Saying, *, actor: Actor, at: datetime, version: int | None = None) -> Item:
    """Add something said to the conversation; what a side says while we wait for that side is the answer.

    Raises NotAccepted for an empty text without files, and ChangedMeanwhile.
    """
    interaction = lifecycle.lock(interaction.pk, version=version)
    item = add(interaction, saying, after=last_sequence(interaction), actor=actor, at=at)
    if saying.side == Side.ENTERPRISE:
        clocks.respond(interaction, at=at)
    elif saying.side == Side.PARTNER and is_to_be_answered(interaction):
        clocks.owe(interaction, at=at)
    note_hearing(interaction, saying.side, at)
    lifecycle.save(interaction, at=at)
    record.append(said(interaction, item, actor=actor, at=at, recipients=saying.recipients))
    if interaction.status == Status.WAITING and saying.side == interaction.ball != Side.ENTERPRISE:
        lifecycle.make_move(interaction, Move.ANSWER, actor=actor, at=at, channel=saying.channel)
    return item


@transaction.atomic
def ask(
    interaction: Interaction, saying: Saying, words: Words, *, actor: Actor, at: datetime, version: int | None = None
) -> Item:
    """Say something and wait for the answer; the clocks pause. Raises what `say` and `lifecycle.make_move` raise."""
    item = say(interaction, saying, actor=actor, at=at, version=version)
    lifecycle.make_move(interaction, Move.ASK, actor=actor, at=at, words=words, channel=saying.channel)
    return item


@transaction.atomic
def note(interaction: Interaction, text: str, *, actor: Actor, at: datetime) -> Note:
    """Add internal text, which no partner can ever see. Raises NotAccepted when it is empty."""
    cleaned = texts.clean(text, most=MOST_TEXT).strip()
    if not cleaned:
        raise NotAccepted("text", _("Write the note first."))
    written = Note.objects.create(interaction=interaction, author_id=actor.user_id, text=cleaned, at=at)
    people = mentions.called(cleaned)
    mentions.enter(written, people, at=at)
    known: dict[str, Any] = {"note": written.pk} | ({"mentioned": [one.pk for one in people]} if people else {})
    record.append(facts.about(interaction, Event.NOTE_ADDED, actor=actor, at=at, texts={"note": cleaned}, **known))
    return written


def last_sequence(interaction: Interaction) -> int:
    return Item.objects.filter(interaction=interaction).aggregate(last=Max("sequence"))["last"] or 0


def add(interaction: Interaction, saying: Saying, *, after: int, actor: Actor, at: datetime) -> Item:
    """Store an item of a locked interaction, whose last sequence is `after`; the caller records it."""
    cleaned = texts.clean(saying.text, most=MOST_TEXT).strip()
    if not cleaned and not saying.files:
        raise NotAccepted("text", _("Write something, or attach a file."))
    item = Item(
        interaction=interaction,
        sequence=after + 1,
        kind=saying.kind,
        channel=saying.channel,
        side=saying.side,
        author_id=actor.user_id,
        author_label=actor.label[:254],
        text=cleaned,
        quoted_text=texts.clean(saying.quoted_text, most=MOST_TEXT),
        at=at,
        ended_at=saying.ended_at,
        recipients=[one.label[:MOST_LABEL] for one in saying.recipients] or None,
    )
    rows.insert([item])
    files.keep(interaction, item, saying.files, at=at, original=saying.original)
    return item


def said(
    interaction: Interaction,
    item: Item,
    *,
    actor: Actor,
    at: datetime,
    quiet: bool = False,
    recipients: Sequence[Recipient] = (),
) -> Fact:
    """The fact that an item was added, and whom it went to where that was chosen."""
    told: dict[str, Any] = {"recipients": [one.user.pk for one in recipients if one.user]} if recipients else {}
    return facts.about(
        interaction,
        Event.ITEM_ADDED,
        actor=actor,
        at=at,
        channel=Channel(item.channel),
        texts={"text": item.text} | ({"to": ", ".join(one.address for one in recipients)} if recipients else {}),
        quiet=quiet,
        item=item.sequence,
        kind=item.kind,
        side=item.side,
        **told,
    )


def is_to_be_answered(interaction: Interaction) -> bool:
    """Whether what the partner says waits for our answer; an answer we waited for begins that with its move."""
    is_awaited = interaction.status == Status.WAITING and interaction.ball == Side.PARTNER
    return interaction.is_open and interaction.status != Status.RESOLVED and not is_awaited


def note_hearing(interaction: Interaction, side: Side, at: datetime) -> None:
    """What one side says, the other hears. Sets columns; the caller saves."""
    if side == Side.PARTNER:
        interaction.enterprise_told_at = at
    else:
        interaction.partner_told_at = at
    clocks.hear(interaction, at=at)
