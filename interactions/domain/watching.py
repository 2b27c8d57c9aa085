"""Following an interaction that is not one's own."""

from datetime import datetime

from django.db import transaction

from interactions.models import Interaction, Watcher
from partners.payloads import Actor


@transaction.atomic
def begin(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Be told from now on what happens; nothing when that is so already. Who watches is no fact of the matter."""
    if actor.user_id is not None:
        watcher = Watcher(interaction=interaction, user_id=actor.user_id, since=at)
        Watcher.objects.bulk_create([watcher], ignore_conflicts=True)


def end(interaction: Interaction, *, actor: Actor) -> None:
    Watcher.objects.filter(interaction=interaction, user=actor.user_id).delete()
