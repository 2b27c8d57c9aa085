"""What a day asks of somebody: what is due, what waits for them, who called them, and what changed that they watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from interactions.domain import mentions, workload
from interactions.domain.workload import Group
from interactions.models import Interaction, Mention, Note, Step, Visit
from interactions.models.interaction import InteractionQuerySet
from partners.payloads import Actor

SHOWN = 40  # of each list


@dataclass(frozen=True, kw_only=True)
class Day:
    """Each list once: what is due today or was before does not wait a second time."""

    due: Sequence[Interaction]
    due_steps: Sequence[Step]
    waiting: Sequence[Interaction]
    mentions: Sequence[Mention]
    changed: Sequence[Interaction]


def of(actor: Actor, *, at: datetime, today: datetime) -> Day:
    """`today` is the first moment of the day where the actor works."""
    seen = workload.rows(Interaction.objects.visible_to(actor))
    people = workload.people_of(actor.user_id or 0, on=today.date())
    tonight = today + timedelta(days=1)
    mine = list(seen.open().filter(assignee_id__in=people).order_by("due_at", "id")[: 2 * SHOWN])
    due = [one for one in mine if one.due_at is not None and one.due_at < tonight]
    known = {one.pk for one in due}
    to_do = [one for one in mine if one.pk not in known and workload.reason(one, at=at).group == Group.TO_DO]
    steps = workload.open_steps().filter(assignee_id__in=people, due_at__lt=tonight)
    return Day(
        due=due[:SHOWN],
        due_steps=list(steps[:SHOWN]),
        waiting=to_do[:SHOWN],
        mentions=mentions.unread(actor),
        changed=list(changed(seen, actor)[:SHOWN]),
    )


def changed(seen: InteractionQuerySet, actor: Actor) -> InteractionQuerySet:
    """What somebody watches and has not opened since it changed or a colleague wrote a note, the newest first."""
    visits = Visit.objects.filter(user=actor.user_id, interaction=OuterRef("pk"))
    watched = seen.filter(watchers__user=actor.user_id).annotate(
        looked_at=Coalesce(Subquery(visits.values("at")[:1]), F("watchers__since"))
    )
    notes = Note.objects.filter(interaction=OuterRef("pk"), at__gt=OuterRef("looked_at")).exclude(author=actor.user_id)
    return watched.filter(Q(updated_at__gt=F("looked_at")) | Exists(notes)).order_by("-updated_at", "-id")
