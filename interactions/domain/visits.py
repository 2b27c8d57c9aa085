"""What somebody has opened lately: listed for them, and how it is known what changed since they looked."""

from datetime import datetime, timedelta

from interactions.models import Interaction, Visit
from partners.payloads import Actor

KEPT_FOR = timedelta(days=60)


def note(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Note that somebody opened it now. Nothing of the matter itself: looking is no fact of it."""
    if actor.user_id is not None:
        Visit.objects.bulk_create(
            [Visit(interaction=interaction, user_id=actor.user_id, at=at)],
            update_conflicts=True,
            unique_fields=["user", "interaction"],
            update_fields=["at"],
        )


def forget(*, at: datetime) -> int:
    """Remove what was opened long ago; returns how much."""
    gone, _each = Visit.objects.filter(at__lt=at - KEPT_FOR).delete()
    return gone
