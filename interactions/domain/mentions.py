"""Colleagues who are called by name in a note: “@Tom Berger”. They are told, it is listed for them, and they watch."""

from collections.abc import Sequence
from datetime import datetime

from interactions.models import Interaction, Mention, Note, Watcher
from partners.models import User
from partners.payloads import Actor

MARK = "@"
MOST = 20  # of one note
MOST_LISTED = 50


def called(text: str) -> list[User]:
    """Those of ours whose whole name follows an @; longer names first, so that “@Tom Berger” is not Tom."""
    if MARK not in text:
        return []
    found, left = [], text.casefold()
    for user in sorted(colleagues(), key=lambda one: -len(one.name)):
        mark = MARK + user.name.casefold()
        if mark in left:
            found.append(user)
            left = left.replace(mark, " ")
    return found[:MOST]


def colleagues() -> Sequence[User]:
    return list(User.objects.at_work().exclude(name="").order_by("name"))


def enter(note: Note, people: Sequence[User], *, at: datetime) -> None:
    """Keep who was called, as part of adding the note; from now on they watch."""
    Mention.objects.bulk_create(Mention(note=note, user=user) for user in people)
    watches = [Watcher(interaction_id=note.interaction_id, user=user, since=at) for user in people]
    Watcher.objects.bulk_create(watches, ignore_conflicts=True)


def unread(actor: Actor) -> Sequence[Mention]:
    """Where somebody was called and has not looked yet, the newest first."""
    mentions = Mention.objects.unread_by(actor.user_id)
    return list(mentions.select_related("note__interaction__partner", "note__author").order_by("-id")[:MOST_LISTED])


def look(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Note that somebody has seen where they were called in an interaction."""
    Mention.objects.unread_by(actor.user_id).filter(note__interaction=interaction).update(read_at=at)
