"""Requests that finish without staff: asked, answered and closed in one go, and logged as fully as any other."""

from datetime import datetime

from django.db import transaction

from interactions.domain import actions, catalogue, conversation, facts, lifecycle
from interactions.domain.actions import NotPossible, Outcome
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Event, ItemKind, Side
from interactions.models import Interaction
from partners.domain import fence, record
from partners.enums import Channel
from partners.payloads import SYSTEM, Actor

ANSWERED_BY = {Channel.WEB, Channel.API, Channel.DEVICE}  # where the partner reads it; else it goes by mail


@transaction.atomic
def fulfil(interaction: Interaction, *, actor: Actor, at: datetime) -> Interaction:
    """Do what the type does by itself and close; what cannot be done is left to people, with the reason as a note.

    Returns the interaction as it stands then; it is open when people have to go on with it.
    """
    name = catalogue.version_of(interaction).self_service
    try:
        outcome = actions.perform(name, interaction, actor=actor, at=at)
    except NotPossible as refusal:
        with fence.standing_for(fence.ENTERPRISE):  # notes are ours alone
            conversation.note(interaction, str(refusal), actor=SYSTEM, at=at)
        record.append(facts.about(interaction, Event.LEFT_TO_STAFF, actor=SYSTEM, at=at, action=name, quiet=True))
        return interaction
    record.append(facts.about(interaction, Event.SELF_SERVED, actor=SYSTEM, at=at, action=name, quiet=True))
    answer(interaction, outcome, at=at)
    return lifecycle.settle(interaction, Words(resolution=outcome.text), actor=SYSTEM, at=at)


def answer(interaction: Interaction, outcome: Outcome, *, at: datetime) -> None:
    channel = Channel(interaction.channel)
    saying = Saying(
        text=outcome.text,
        side=Side.ENTERPRISE,
        channel=channel if channel in ANSWERED_BY else Channel.EMAIL,
        kind=ItemKind.RESPONSE,
        files=outcome.files,
    )
    conversation.say(interaction, saying, actor=SYSTEM, at=at)
