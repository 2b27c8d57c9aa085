"""One thing done to many interactions: each by the same verb, at the version that was looked at, and on its own.

The rows are the truth. A worker may die anywhere: what it had done is done, and the rest is done by the next.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import desks, lifecycle, ownership, watching
from interactions.domain.lifecycle import Words
from interactions.enums import Move
from interactions.errors import (
    ChangedMeanwhile,
    ContinuedElsewhere,
    MoveNotAllowed,
    NotAccepted,
    NotFinished,
    ReasonMissing,
    ReopenTooLate,
)
from interactions.models import Batch, BatchAction, BatchRow, Interaction, Outcome, Team, Watcher
from partners.domain import access
from partners.enums import Priority
from partners.models import User
from partners.payloads import Actor

MOST = 500  # interactions of one batch
AT_ONCE = 100  # rows of one sweep
REVERSIBLE = (BatchAction.ASSIGN, BatchAction.PRIORITY, BatchAction.WATCH)
REFUSALS = (
    ChangedMeanwhile,
    ContinuedElsewhere,
    MoveNotAllowed,
    NotAccepted,
    NotFinished,
    ReasonMissing,
    ReopenTooLate,
)

log = logging.getLogger(__name__)

May = Callable[[Actor, Interaction], bool]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be done: which of the fields count, the action says."""

    action: BatchAction
    user: User | None = None
    team: Team | None = None
    priority: Priority | None = None
    words: str = ""
    resolution_code: str = ""


@transaction.atomic
def ask(wanted: Wanted, versions: Mapping[int, int], *, came_from: str = "", actor: Actor, at: datetime) -> Batch:
    """Note what is to be done to these interactions, by the version of each. Raises NotAccepted for too many."""
    if not versions:
        raise NotAccepted("rows", _("Choose at least one interaction."))
    if len(versions) > MOST:
        raise NotAccepted("rows", _("At most %(most)d at once.") % {"most": MOST})
    batch = Batch.objects.create(
        actor_id=desks.owner_of(actor),
        level=actor.level,
        action=wanted.action,
        user=wanted.user,
        team=wanted.team,
        priority=wanted.priority,
        words=wanted.words,
        resolution_code=wanted.resolution_code,
        came_from=came_from,
        asked_at=at,
    )
    BatchRow.objects.bulk_create(
        BatchRow(batch=batch, interaction_id=number, version=version) for number, version in versions.items()
    )
    return batch


@transaction.atomic
def take_back(batch: Batch, *, actor: Actor, at: datetime) -> Batch:
    """Go back with every row that was done, unless it was changed since. Raises NotAccepted where there is no way."""
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if not can_take_back(batch):
        raise NotAccepted("", _("This cannot be taken back."))
    back = Batch.objects.create(
        actor_id=desks.owner_of(actor),
        level=actor.level,
        action=batch.action,
        user=batch.user,
        undoes=batch,
        came_from=batch.came_from,
        asked_at=at,
    )
    Batch.objects.filter(pk=batch.pk, seen_at=None).update(seen_at=at)
    done = batch.rows.filter(outcome=Outcome.DONE).order_by("pk")
    BatchRow.objects.bulk_create(
        BatchRow(batch=back, interaction_id=row.interaction_id, version=row.became or row.version, before=row.before)
        for row in done
    )
    return back


def can_take_back(batch: Batch) -> bool:
    """Whether the domain knows a way back, it is over, and nobody went back yet."""
    is_over = batch.ended_at is not None and batch.undoes_id is None
    return (
        is_over
        and batch.action in REVERSIBLE
        and not Batch.objects.filter(undoes=batch).exists()
        and batch.rows.filter(outcome=Outcome.DONE).exists()
    )


def sweep(*, may: May, at: datetime) -> int:
    """Work off the next rows, a few of each batch in turn; returns how many. `may` says who may work on what."""
    done = 0
    for batch in Batch.objects.filter(ended_at=None).select_related("actor", "user", "team").order_by("pk"):
        for row_id in batch.rows.waiting().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
            done += work_off(batch, row_id, may=may, at=at)
        if not batch.rows.waiting().exists():
            Batch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=at)
    return done


def work_off(batch: Batch, row_id: int, *, may: May, at: datetime) -> bool:
    """Do one row wholly or not at all, and note which; False when another worker has it."""
    try:
        with transaction.atomic():
            row = claim(row_id)
            if row is None:
                return False
            row.outcome = do(batch, row, may=may, at=at)
            row.save(update_fields=["outcome", "before", "became"])
    except REFUSALS as error:
        return refuse(row_id, str(error))
    except Exception:  # one that fails must not keep the others waiting for ever
        log.exception("row %s of batch %s failed", row_id, batch.pk)
        return refuse(row_id, _("It failed on our side and was left as it was; it is in the log as row %d.") % row_id)
    return True


@transaction.atomic
def refuse(row_id: int, why: str) -> bool:
    row = claim(row_id)
    if row is None:
        return False
    row.outcome, row.reason = Outcome.REFUSED, why
    row.save(update_fields=["outcome", "reason"])
    return True


def claim(row_id: int) -> BatchRow | None:
    """The row if it still waits; skip_locked: another worker does it just now."""
    rows = BatchRow.objects.waiting().select_for_update(of=("self",), no_key=True, skip_locked=True)
    return rows.select_related("interaction").filter(pk=row_id).first()


def do(batch: Batch, row: BatchRow, *, may: May, at: datetime) -> Outcome:
    """What is wanted of one interaction, as if its page had been open at that version."""
    actor = actor_of(batch)
    interaction = row.interaction
    if not (batch.actor.is_active and batch.actor.is_representative and may(actor, interaction)):
        raise NotAccepted("", _("Whoever asked may not work on this."))
    if batch.action != BatchAction.WATCH and interaction.version != row.version:
        raise ChangedMeanwhile
    verb = BACK[batch.action] if batch.undoes_id else VERBS[batch.action]
    became = verb(batch, row, interaction, {"actor": actor, "at": at})
    row.became = became.version if became is not None else None
    return Outcome.SAME if became is None else Outcome.DONE


Verb = Callable[[Batch, BatchRow, Interaction, Mapping[str, Any]], Interaction | None]


def assign(batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction | None:
    if interaction.assignee_id == batch.user_id:
        return None
    row.before = {"assignee": interaction.assignee_id}
    return ownership.assign(interaction, batch.user, version=row.version, **by)


def assign_back(_batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction:
    owner = User.objects.filter(pk=row.before["assignee"]).first() if row.before["assignee"] else None
    return ownership.assign(interaction, owner, version=row.version, **by)


def hand_over(batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction | None:
    if batch.team is None or interaction.team_id == batch.team_id:
        return None
    return ownership.hand_over(interaction, batch.team, reason=batch.words, version=row.version, **by)


def set_priority(batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction | None:
    if batch.priority is None or interaction.priority == batch.priority:
        return None
    row.before = {"priority": interaction.priority}
    return ownership.set_priority(interaction, Priority(batch.priority), version=row.version, **by)


def set_priority_back(_batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction:
    return ownership.set_priority(interaction, Priority(row.before["priority"]), version=row.version, **by)


def watch(batch: Batch, _row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction | None:
    if batch.user is None or Watcher.objects.filter(interaction=interaction, user=batch.user).exists():
        return None
    watching.let_watch(interaction, batch.user, at=by["at"])
    return interaction


def watch_no_more(batch: Batch, _row: BatchRow, interaction: Interaction, _by: Mapping[str, Any]) -> Interaction:
    Watcher.objects.filter(interaction=interaction, user=batch.user).delete()
    return interaction


def resolve(batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction:
    words = Words(resolution=batch.words, resolution_code=batch.resolution_code)
    return lifecycle.make_move(interaction, Move.RESOLVE, words=words, version=row.version, **by)


def close(_batch: Batch, row: BatchRow, interaction: Interaction, by: Mapping[str, Any]) -> Interaction:
    return lifecycle.make_move(interaction, Move.CLOSE, version=row.version, **by)


VERBS: Mapping[str, Verb] = {
    BatchAction.ASSIGN: assign,
    BatchAction.HAND_OVER: hand_over,
    BatchAction.PRIORITY: set_priority,
    BatchAction.WATCH: watch,
    BatchAction.RESOLVE: resolve,
    BatchAction.CLOSE: close,
}
BACK: Mapping[str, Verb] = {
    BatchAction.ASSIGN: assign_back,
    BatchAction.PRIORITY: set_priority_back,
    BatchAction.WATCH: watch_no_more,
}


def actor_of(batch: Batch) -> Actor:
    """Whoever asked, as strongly proven as when they asked."""
    return access.one_of_ours(batch.actor, level=batch.level)
