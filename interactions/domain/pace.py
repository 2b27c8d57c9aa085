"""How long a step of a type usually takes: the median of those that were done, or else what its team agreed to."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from interactions.models import Step, StepPace
from partners.domain.remembered import Remembered

LOOKED_BACK = timedelta(days=180)
ENOUGH = 5  # so few done steps say nothing yet

LEARN = """
    INSERT INTO interactions_steppace (type_id, name, usual, steps, learned_at)
    SELECT interaction.type_id, step.name,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY step.worked), count(*), %(at)s
      FROM interactions_step step JOIN interactions_interaction interaction ON interaction.id = step.interaction_id
     WHERE step.status = 'done' AND step.worked IS NOT NULL AND step.ended_at > %(since)s AND step.ended_at <= %(at)s
  GROUP BY interaction.type_id, step.name
    HAVING count(*) >= %(enough)s
    ON CONFLICT (type_id, name)
    DO UPDATE SET usual = excluded.usual, steps = excluded.steps, learned_at = excluded.learned_at
"""

Paces = Mapping[tuple[int, str], timedelta]


@transaction.atomic
def learn(*, at: datetime) -> int:
    """Look again at what was done lately; returns how many kinds of steps are known. Safe to run again."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, {"at": at, "since": at - LOOKED_BACK, "enough": ENOUGH})
        known: int = cursor.rowcount
    StepPace.objects.filter(learned_at__lt=at).delete()
    return known


def known(_all: str) -> Paces:
    return {(pace.type_id, pace.name): pace.usual for pace in StepPace.objects.all()}


KNOWN = Remembered(known)


def usual(type_id: int, step: Step) -> timedelta:
    """The business time that a step usually takes; nothing where neither the past nor an agreement says it."""
    return KNOWN.get("all").get((type_id, step.name)) or step.within or timedelta(0)
