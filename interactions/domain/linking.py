"""Matters that belong together: merged and taken apart again, or one a part of another. No row ever moves."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import completeness, facts, lifecycle, orchestration
from interactions.domain.lifecycle import MOST_WORDS, Words
from interactions.enums import Event, LinkKind, Move, StepStatus
from interactions.errors import NotAccepted
from interactions.models import Interaction, Link, Step
from interactions.models.step import StepQuerySet
from partners.domain import record
from partners.payloads import Actor

ANCESTORS = """
WITH RECURSIVE above(id) AS (
    SELECT %(start)s::bigint
    UNION
    SELECT link.other_id FROM interactions_link AS link JOIN above ON link.interaction_id = above.id
    WHERE link.kind = %(kind)s AND link.ended_at IS NULL
) SELECT EXISTS (SELECT 1 FROM above WHERE id = %(wanted)s)
"""


def held(first: Interaction, second: Interaction) -> tuple[Interaction, Interaction]:
    """Both, held until the transaction ends; always the older first, so that two never wait for each other."""
    locked = {number: lifecycle.lock(number) for number in sorted({first.pk, second.pk})}
    return locked[first.pk], locked[second.pk]


@transaction.atomic
def merge(interaction: Interaction, into: Interaction, *, reason: str, actor: Actor, at: datetime) -> Interaction:
    """Two matters turn out to be one: this one ends, and whoever comes to it is led to the other.

    Raises NotAccepted and what `lifecycle.make_move` raises.
    """
    if interaction.pk == into.pk:
        raise NotAccepted("other", _("This is the same interaction."))
    interaction, into = held(interaction, into)
    if interaction.partner_id != into.partner_id:
        raise NotAccepted("other", _("It is with another partner."))
    if not into.is_open:
        raise NotAccepted("other", _("It has ended; reopen it first."))
    if completeness.continuation_of(interaction) is not None or is_above(interaction, into, LinkKind.MERGED_INTO):
        raise NotAccepted("other", _("One of the two was merged before."))
    connect(interaction, into, LinkKind.MERGED_INTO, actor=actor, at=at)
    return lifecycle.make_move(
        interaction, Move.MERGE, actor=actor, at=at, words=Words(reason=reason, other_id=into.pk)
    )


@transaction.atomic
def unmerge(interaction: Interaction, *, reason: str, actor: Actor, at: datetime) -> Interaction:
    """They were two after all: the link ends, and this one goes on where it was. Raises NotAccepted."""
    interaction = lifecycle.lock(interaction.pk)
    merged = Link.objects.in_force().filter(interaction=interaction, kind=LinkKind.MERGED_INTO)
    link = merged.select_for_update(of=("self",), no_key=True).select_related("other").first()
    if link is None:
        raise NotAccepted("reason", _("It was not merged into another."))
    disconnect(link, actor=actor, at=at)
    interaction = lifecycle.make_move(interaction, Move.UNMERGE, actor=actor, at=at, words=Words(reason=reason))
    take_up(Step.objects.filter(interaction=interaction, status=StepStatus.CANCELLED, ended_at=link.at))
    orchestration.go_on(interaction, actor=actor, at=at)
    return lifecycle.lock(interaction.pk)


def take_up(steps: StepQuerySet) -> None:
    """Steps that ended with the merge are as they were before it."""
    steps.filter(opened_at=None).update(status=StepStatus.PENDING, ended_at=None)
    steps.filter(status=StepStatus.CANCELLED).update(status=StepStatus.OPEN, ended_at=None)


@transaction.atomic
def make_part(part: Interaction, whole: Interaction, *, actor: Actor, at: datetime) -> Link:
    """One matter becomes part of another, which does not end before it. Raises NotAccepted."""
    if part.pk == whole.pk:
        raise NotAccepted("other", _("This is the same interaction."))
    part, whole = held(part, whole)
    if not whole.is_open:
        raise NotAccepted("other", _("It has ended; reopen it first."))
    if is_above(whole, part, LinkKind.PARENT):
        raise NotAccepted("other", _("It is itself a part of this one."))
    if Link.objects.in_force().filter(interaction=part, kind=LinkKind.PARENT, other=whole).exists():
        raise NotAccepted("other", _("It is a part of that one already."))
    return connect(part, whole, LinkKind.PARENT, actor=actor, at=at)


@transaction.atomic
def end_part(link: Link, *, actor: Actor, at: datetime) -> Link:
    """The part stands for itself again. Raises NotAccepted."""
    link = (
        Link.objects.select_for_update(of=("self",), no_key=True).select_related("interaction", "other").get(pk=link.pk)
    )
    if link.kind != LinkKind.PARENT or link.ended_at is not None:
        raise NotAccepted("other", _("This link has ended already."))
    return disconnect(link, actor=actor, at=at)


def is_above(start: Interaction, wanted: Interaction, kind: LinkKind) -> bool:
    """Whether following links of a kind from `start` leads to `wanted`."""
    with connection.cursor() as cursor:
        cursor.execute(ANCESTORS, {"start": start.pk, "wanted": wanted.pk, "kind": kind})
        return bool(cursor.fetchone()[0])


def connect(interaction: Interaction, other: Interaction, kind: LinkKind, *, actor: Actor, at: datetime) -> Link:
    link = Link.objects.create(interaction=interaction, other=other, kind=kind, at=at)
    note(link, Event.LINKED, actor=actor, at=at)
    return link


def disconnect(link: Link, *, actor: Actor, at: datetime) -> Link:
    link.ended_at = at
    link.save(update_fields=["ended_at"])
    note(link, Event.UNLINKED, actor=actor, at=at)
    return link


def note(link: Link, event: Event, *, actor: Actor, at: datetime) -> None:
    """On the record of both."""
    record.append_all(
        [
            facts.about(here, event, actor=actor, at=at, kind=link.kind, other=there.pk, is_from_here=is_from_here)
            for here, there, is_from_here in [
                (link.interaction, link.other, True),
                (link.other, link.interaction, False),
            ]
        ]
    )


def cleaned(reason: str) -> str:
    text = texts.clean(reason, most=MOST_WORDS).strip()
    if not text:
        raise NotAccepted("reason", _("Say why."))
    return text
