"""A phone call, written down by who took it: what was asked, what was answered, and whether that was all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import calls, conversation, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import ItemKind, Side
from interactions.errors import NotAccepted
from interactions.models import Call, Interaction
from interactions.payloads import Intake
from partners.enums import Channel
from partners.payloads import Actor


@transaction.atomic
def write_down(call: Intake, *, answer: str, actor: Actor, at: datetime, told: Call | None = None) -> Interaction:
    """Log a call with the answer given; `is_closed_at_once` of the intake says that nothing is left to do.

    `told` is the call as the telephone system knows it. Raises NotAccepted, and NotFinished where something is left.
    """
    is_answered_and_done = call.is_closed_at_once
    if is_answered_and_done and not answer.strip():
        raise NotAccepted("answer", _("Say what was answered."))
    interaction = intake.receive(call, actor=actor, at=at).interaction
    if interaction is None:
        raise NotAccepted("caller", _("This call was logged already."))
    if told is not None:
        calls.attach(told, interaction, actor=actor, at=at)
    if answer.strip() and not (is_answered_and_done and not interaction.is_open):
        say_answer(interaction, answer, actor=actor, at=at)
    if is_answered_and_done and interaction.is_open:
        interaction = close(interaction, answer, actor=actor, at=at)
    return interaction


def say_answer(interaction: Interaction, answer: str, *, actor: Actor, at: datetime) -> None:
    saying = Saying(text=answer, side=Side.ENTERPRISE, channel=Channel.PHONE, kind=ItemKind.RESPONSE)
    conversation.say(interaction, saying, actor=actor, at=at)


def close(interaction: Interaction, answer: str, *, actor: Actor, at: datetime) -> Interaction:
    """A call that continued a matter ended it."""
    words = Words(resolution=answer)
    return lifecycle.settle(interaction, words, actor=actor, at=at, channel=Channel.PHONE)
