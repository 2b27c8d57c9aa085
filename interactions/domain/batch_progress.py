"""How far the batches of somebody are, and what came of each, until they have seen it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from interactions.domain import batches
from interactions.models import Batch, BatchRow, Outcome
from partners.payloads import Actor

MOST = 5  # batches told of at once
WAITS = (1, 1, 2, 4, 8, 15, 30)  # seconds until the next look, after so many at which nothing had happened
STILL = 4  # looks at which nothing had happened, after which it is said


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A batch with the number of its rows by what came of them."""

    batch: Batch
    counts: Mapping[str, int]
    can_take_back: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def over(self) -> int:
        """Rows that something came of."""
        return self.total - self.counts[Outcome.WAITING]

    @property
    def is_clean(self) -> bool:
        """Over, and nothing was refused: there is nothing to look at."""
        return self.batch.ended_at is not None and not self.counts[Outcome.REFUSED]


def of(found: Sequence[Batch]) -> list[Progress]:
    """In the order given; the rows of all are counted at once."""
    counted = BatchRow.objects.filter(batch__in=found).order_by().values_list("batch", "outcome").annotate(Count("pk"))
    counts = {(batch_id, outcome): count for batch_id, outcome, count in counted}
    return [
        Progress(
            batch=batch,
            counts={outcome: counts.get((batch.pk, outcome), 0) for outcome in Outcome},
            can_take_back=batches.can_take_back(batch),
        )
        for batch in found
    ]


def to_be_told(actor: Actor, *, at: datetime) -> list[Progress]:
    """Of what somebody asked for the newest that they have not seen the end of."""
    mine = Batch.objects.to_be_told(at).filter(actor=actor.user_id).select_related("user", "team")
    found = list(mine.order_by("-asked_at", "-pk")[:MOST])
    return of(found) if found else []


@dataclass(frozen=True, kw_only=True)
class Look:
    """How far something was when it was looked at, and how many looks in a row found the same."""

    over: int
    still: int = 0

    @property
    def wait(self) -> int:
        """Seconds until the next one: what moves is watched closely, what stands still is not."""
        return WAITS[min(self.still, len(WAITS) - 1)]

    @property
    def is_still(self) -> bool:
        return self.still >= STILL


def look(found: Sequence[Progress], last: Look | None, *, at: datetime) -> Look | None:
    """A look at those that are not over, after the `last` one; None where there is nothing to wait for."""
    running = [one for one in found if one.batch.ended_at is None]
    if not running:
        return None
    over = sum(one.over for one in found)
    if last is not None:
        return Look(over=over, still=last.still + 1 if last.over == over else 0)
    is_old = all(one.over == 0 and at - one.batch.asked_at > timedelta(seconds=sum(WAITS[:STILL])) for one in running)
    return Look(over=over, still=STILL if is_old else 0)


def see(batch: Batch, *, at: datetime) -> None:
    """Note that whoever asked saw what came of it; what still goes on is not seen to its end."""
    Batch.objects.filter(pk=batch.pk, ended_at__isnull=False, seen_at=None).update(seen_at=at)
