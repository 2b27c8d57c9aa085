"""Replies on their way: held for a few seconds, in which they can be taken back, or until a chosen moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import addressing, conversation, draft_files, drafts, facts, lifecycle, outbound
from interactions.domain.conversation import Saying
from interactions.domain.drafts import Wording
from interactions.enums import Event, Move, Side, Status
from interactions.errors import AlreadyLeft, MoveNotAllowed, NotAccepted, NotFinished, ReasonMissing
from interactions.models import Draft, DraftMode, Following, Interaction, Item
from interactions.payloads import File
from partners.domain import access, record
from partners.domain.locks import Lock
from partners.enums import Channel
from partners.models import User
from partners.payloads import SYSTEM, Actor

ANSWERED_BY: Mapping[str, Channel] = {Channel.WEB: Channel.WEB}  # everything else is answered by mail
MOVE_OF = {Following.WAIT: Move.ASK, Following.RESOLVE: Move.RESOLVE}
STOPPED_BY = (MoveNotAllowed, NotAccepted, NotFinished, ReasonMissing)
AT_ONCE = 100


@transaction.atomic
def send(
    interaction: Interaction,
    wording: Wording,
    files: Sequence[File],
    *,
    leaves_at: datetime,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    stays_if_answered: bool = False,
) -> None:
    """Let a reply leave, at once or at a later moment; the draft with its files becomes it.

    Everything that would stop it now is refused now: raises what `conversation.say` and `lifecycle.make_move` raise.
    """
    locked = lifecycle.lock(interaction.pk, version=version)
    refuse_impossible(locked, wording, at)
    addressing.of(locked, wording.recipients, at=at)
    draft = drafts.there(locked, DraftMode.REPLY, wording, actor=actor, at=at)
    drafts.add_files(draft, files)
    if not wording.text.strip() and not draft.files.exists():
        raise NotAccepted("text", _("Write something, or attach a file."))
    heard = conversation.last_sequence(locked) if stays_if_answered else None
    drafts.store(
        draft, **wording.columns(), send_at=leaves_at, heard=heard, level=actor.level, saved_at=at, stopped_why=""
    )
    if leaves_at <= at:
        leave(Draft.objects.select_related("interaction").get(pk=draft.pk), actor=actor, at=at)
    elif stays_if_answered:
        moment = leaves_at.isoformat()
        record.append(facts.about(locked, Event.REPLY_SCHEDULED, actor=actor, at=at, quiet=True, leaves_at=moment))


@transaction.atomic
def note(interaction: Interaction, text: str, *, actor: Actor, at: datetime) -> None:
    """Add an internal note, which is no draft any more then. Raises NotAccepted when it is empty."""
    conversation.note(interaction, text, actor=actor, at=at)
    drafts.drop(interaction, DraftMode.NOTE, actor=actor)


def refuse_impossible(interaction: Interaction, wording: Wording, at: datetime) -> None:
    """Raise now what would stop the reply when it leaves."""
    if interaction.status in {Status.CANCELLED, Status.ANNULLED}:
        raise NotAccepted("text", _("This interaction has ended; nothing more can be said in it."))
    if move := MOVE_OF.get(wording.following):
        lifecycle.check(interaction, move, lifecycle.MOVES[move], wording.words.cleaned(), at)


def leave(draft: Draft, *, actor: Actor, at: datetime) -> Item:
    """Say what a held draft says; then there is no draft any more."""
    wording = drafts.wording_of(draft)
    kept = list(draft.files.order_by("id"))
    saying = Saying(
        text=wording.text,
        side=Side.ENTERPRISE,
        channel=ANSWERED_BY.get(draft.interaction.channel, Channel.EMAIL),
        files=[
            File(name=file.name, content=draft_files.content(file), content_type=file.content_type) for file in kept
        ],
        recipients=addressing.of(draft.interaction, wording.recipients, at=at),
    )
    if wording.following == Following.WAIT:
        item = conversation.ask(draft.interaction, saying, wording.words, actor=actor, at=at)
    elif wording.following == Following.RESOLVE:
        item = outbound.answer_and_resolve(draft.interaction, saying, wording.words, actor=actor, at=at)
    else:
        item = conversation.say(draft.interaction, saying, actor=actor, at=at)
    draft_files.forget(kept)
    draft.delete()
    return item


@transaction.atomic
def take_back(draft_id: int, interaction: Interaction, *, actor: Actor, at: datetime) -> Draft:
    """Make a reply that has not left a draft of its author again; raises AlreadyLeft."""
    held = Draft.objects.held().filter(interaction=interaction, pk=draft_id)
    draft = held.select_for_update(of=("self",), no_key=True).first()
    if draft is None:
        raise AlreadyLeft
    return_to_author(draft, why="", at=at)
    record.append(facts.about(interaction, Event.REPLY_TAKEN_BACK, actor=actor, at=at, quiet=True, draft=draft.pk))
    return draft


def return_to_author(draft: Draft, *, why: str, at: datetime) -> None:
    """Back among what its author writes; what they began meanwhile goes on beneath it."""
    newer = Draft.objects.being_written().filter(
        interaction=draft.interaction_id, author_id=draft.author_id, mode=DraftMode.REPLY
    )
    begun = newer.select_for_update(of=("self",), no_key=True).first()
    text = draft.text
    if begun is not None:
        begun.files.update(draft=draft)
        text = "\n\n".join(filter(None, [draft.text, begun.text]))[: drafts.MOST_TEXT]
        begun.delete()
    drafts.store(draft, text=text, send_at=None, heard=None, stopped_why=why, saved_at=at)


def sweep(*, at: datetime) -> int:
    """Let everything leave whose moment has come; returns how many left or were stopped."""
    due = list(Draft.objects.due(at).order_by("send_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(depart(draft_id, at=at) for draft_id in due)


def depart(draft_id: int, *, at: datetime) -> bool:
    """Let one reply leave, or give it back to its author with the reason; False when another worker has it."""
    try:
        with transaction.atomic():
            draft = claim(draft_id, at=at)
            if draft is None:
                return False
            refuse_overtaken(draft)
            leave(draft, actor=author_of(draft), at=at)
    except STOPPED_BY as error:
        return stop(draft_id, why=str(error), at=at)
    return True


def claim(draft_id: int, *, at: datetime) -> Draft | None:
    """The draft if it is still to leave; skip_locked: a second worker, or whoever takes it back, is not waited for."""
    due = Draft.objects.due(at).select_for_update(of=("self",), no_key=True, skip_locked=True)
    return due.select_related("interaction", "author").filter(pk=draft_id).first()


def refuse_overtaken(draft: Draft) -> None:
    """Raise NotAccepted when the partner spoke first, or its author works here no more."""
    if not User.objects.at_work().filter(pk=draft.author_id).exists():
        raise NotAccepted("text", _("Whoever wrote it does not work here any more."))
    said = Item.objects.filter(interaction=draft.interaction_id, side=Side.PARTNER)
    if draft.heard is not None and said.filter(sequence__gt=draft.heard).exists():
        raise NotAccepted("text", _("The partner said something before it left."))


LOCK = Lock(Interaction.objects.all)


def stop(draft_id: int, *, why: str, at: datetime) -> bool:
    """Give a reply back that could not leave; the enterprise is told."""
    with transaction.atomic():
        draft = claim(draft_id, at=at)
        if draft is None:
            return False
        interaction = LOCK.hold(draft.interaction_id)
        return_to_author(draft, why=why, at=at)
        record.append(
            facts.about(interaction, Event.REPLY_STOPPED, actor=SYSTEM, at=at, draft=draft.pk, texts={"reason": why})
        )
    return True


def author_of(draft: Draft) -> Actor:
    """Whoever wrote it, as strongly proven as when they sent it."""
    return access.one_of_ours(draft.author, level=draft.level)
