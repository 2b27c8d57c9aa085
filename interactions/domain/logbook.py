"""A phone call, written down by who took it: what was asked, what was answered, and whether that was all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.domain import caller_checks, calls, conversation, disclosure, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import ItemKind, Side
from interactions.errors import NotAccepted
from interactions.models import Call, CallerCheck, Interaction
from interactions.payloads import Intake
from partners.enums import Channel
from partners.payloads import Actor


@transaction.atomic
def write_down(
    call: Intake,
    *,
    answer: str,
    actor: Actor,
    at: datetime,
    told: Call | None = None,
    check: CallerCheck | None = None,
) -> Interaction:
    """Log a call with the answer given; `is_closed_at_once` of the intake says that nothing is left to do.

    `told` is the call as the telephone system knows it, `check` how its caller was verified: whoever was not may leave
    a message, and is answered only what is public. Raises NotAccepted, CallerNotVerified, and NotFinished where
    something is left.
    """
    is_answered_and_done = call.is_closed_at_once
    if is_answered_and_done and not answer.strip():
        raise NotAccepted("answer", _("Say what was answered."))
    received = intake.receive(call, actor=actor, at=at)
    interaction, item = received.interaction, received.item
    if interaction is None or item is None:
        raise NotAccepted("caller", _("This call was logged already."))
    if check is not None and check.partner_id != interaction.partner_id:
        raise NotAccepted("caller", _("The caller was verified for another partner."))
    if answer.strip():
        disclosure.refuse_unverified(interaction, check, is_new=call.reply_to is None)
    caller_checks.attach(check, interaction, item, actor=actor, at=at)
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
