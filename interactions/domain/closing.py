"""Silence closes: a solution that the partner did not answer within the time of its type counts as accepted."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import LinkKind, Move, Status
from interactions.errors import NotFinished
from interactions.models import ENDED, Interaction, Link
from partners.payloads import SYSTEM

AT_ONCE = 500


def sweep(*, at: datetime, most: int = AT_ONCE) -> int:
    """Close what was silent for long enough; returns how many. Safe to run twice, and by two at once."""
    return sum(close_silent(number, at=at) for number in due(at)[:most])


def due(at: datetime) -> list[int]:
    """What may close now; one with an open part waits for the part."""
    open_parts = Link.objects.in_force().filter(kind=LinkKind.PARENT, other=OuterRef("pk"))
    silent = Interaction.objects.filter(status=Status.RESOLVED, close_due_at__lte=at)
    ready = silent.exclude(Exists(open_parts.exclude(interaction__status__in=ENDED)))
    return list(ready.order_by("close_due_at").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def close_silent(number: int, *, at: datetime) -> bool:
    """Close one, unless somebody holds it or moved it meanwhile."""
    # skip_locked: whoever holds it is breaking the silence, or is a second sweep
    held = Interaction.objects.filter(pk=number, status=Status.RESOLVED, close_due_at__lte=at)
    interaction = held.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if interaction is None:
        return False
    words = Words(reason=_("Nobody objected to the solution in time."))
    try:
        lifecycle.make_move(interaction, Move.CLOSE, actor=SYSTEM, at=at, words=words)
    except NotFinished:
        return False
    return True
