"""Following an interaction that is not one's own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.errors import NotAccepted
from interactions.models import Interaction, Watcher
from partners.models import User
from partners.payloads import Actor


@transaction.atomic
def begin(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Be told from now on what happens; nothing when that is so already. Who watches is no fact of the matter."""
    if actor.user_id is not None:
        add(interaction, actor.user_id, at=at)


def let_watch(interaction: Interaction, user: User, *, at: datetime) -> None:
    """Let a colleague be told. Raises NotAccepted for somebody who is none."""
    if not (user.is_representative and user.is_active):
        raise NotAccepted("user", _("%(name)s is not a representative.") % {"name": user.name})
    add(interaction, user.pk, at=at)


def add(interaction: Interaction, user_id: int, *, at: datetime) -> None:
    watcher = Watcher(interaction=interaction, user_id=user_id, since=at)
    Watcher.objects.bulk_create([watcher], ignore_conflicts=True)


def end(interaction: Interaction, *, actor: Actor) -> None:
    Watcher.objects.filter(interaction=interaction, user=actor.user_id).delete()
