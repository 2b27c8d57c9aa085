"""What we say to a partner together with what follows from it: both happen, or neither."""

from datetime import datetime

from django.db import transaction

from interactions.domain import conversation, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Move
from interactions.errors import NotAccepted
from interactions.models import Interaction, Item
from interactions.payloads import Intake
from partners.payloads import Actor


@transaction.atomic
def put_to_partner(matter: Intake, words: Words, *, actor: Actor, at: datetime) -> Interaction:
    """Raise a query or complaint, and wait for the partner's answer. Raises NotAccepted and ReasonMissing."""
    interaction = intake.receive(matter, actor=actor, at=at).interaction
    if interaction is None:
        raise NotAccepted("partner", "")
    return lifecycle.make_move(interaction, Move.ASK, actor=actor, at=at, words=words, channel=matter.channel)


@transaction.atomic
def answer_and_resolve(
    interaction: Interaction, saying: Saying, words: Words, *, actor: Actor, at: datetime, version: int | None = None
) -> Item:
    """Say what solves the matter and resolve it. Raises what `conversation.say` and `lifecycle.make_move` raise."""
    item = conversation.say(interaction, saying, actor=actor, at=at, version=version)
    lifecycle.make_move(interaction, Move.RESOLVE, actor=actor, at=at, words=words, channel=saying.channel)
    return item
