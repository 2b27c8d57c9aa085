"""What was set aside, looked at by staff: it is let in after all, or it is refused for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import email
from interactions.domain import correspondents, facts, intake, mail
from interactions.domain.intake import Received
from interactions.domain.senders import Sender, identify
from interactions.enums import Event, MessageState, Side
from interactions.errors import MessageDecided, NotAccepted
from interactions.models import InboundMessage, Interaction
from interactions.payloads import Intake, Mail
from partners.domain import record
from partners.enums import Channel
from partners.models import User
from partners.payloads import Actor, Fact

WAITING = frozenset({MessageState.QUARANTINED, MessageState.UNREADABLE})
RESCUABLE = WAITING | {MessageState.IGNORED}  # what looked automatic may have been a person's after all


@transaction.atomic
def accept(message: InboundMessage, *, actor: Actor, at: datetime, interaction: Interaction | None = None) -> Received:
    """Let a mail act that was set aside: in the interaction chosen, or as a new matter of its sender.

    Raises MessageDecided, Unreadable when it still cannot be read, and NotAccepted.
    """
    message = lock(message, RESCUABLE)
    came_from = message.state
    read = read_again(message)
    refuse_colleague(read)
    handed_in = mail.intake_of(read, at=message.received_at)
    received = join(read, handed_in, interaction, at=at) if interaction else begin(handed_in, at=at)
    message.state, message.interaction, message.item = MessageState.ACCEPTED, received.interaction, received.item
    message.save(update_fields=["state", "interaction", "item"])
    if received.interaction is not None:
        record.append(
            facts.about(
                received.interaction,
                Event.MESSAGE_ACCEPTED,
                actor=actor,
                at=at,
                channel=Channel.EMAIL,
                texts={"sender": message.sender},
                quiet=True,
                message=message.pk,
                came_from=came_from,
            )
        )
    return Received(interaction=received.interaction, item=received.item, message=message)


@transaction.atomic
def reject(message: InboundMessage, *, reason: str, actor: Actor, at: datetime) -> InboundMessage:
    """Refuse for good what was set aside; the original is kept. Raises MessageDecided and NotAccepted."""
    if not reason.strip():
        raise NotAccepted("reason", _("Say why it is refused."))
    message = lock(message, WAITING)
    came_from, message.state = message.state, MessageState.REJECTED
    message.reason = reason.strip()[:300]
    message.save(update_fields=["state", "reason"])
    record.append(
        Fact(
            stream=record.INSTALLATION,
            event=Event.MESSAGE_REJECTED,
            actor=actor,
            at=at,
            channel=Channel.EMAIL,
            facts={"message": message.pk, "came_from": came_from},
            texts={"sender": message.sender, "reason": message.reason},
            quiet=True,
        )
    )
    return message


def lock(message: InboundMessage, states: frozenset[MessageState]) -> InboundMessage:
    """The message, held until the transaction ends; raises MessageDecided when it no longer waits."""
    held = InboundMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
    if held.channel != Channel.EMAIL or held.state not in states:
        raise MessageDecided(MessageState(held.state))
    return held


def read_again(message: InboundMessage) -> Mail:
    """The mail from the original kept, by the same reader as at first."""
    try:
        with message.original.open("rb") as kept:
            raw = kept.read()
    except (OSError, ValueError) as error:
        raise NotAccepted("original", _("The original is no longer there.")) from error
    return email.read(raw, envelope_sender=message.sender, envelope_recipients=[], received_at=message.received_at)


def join(read: Mail, handed_in: Intake, interaction: Interaction, *, at: datetime) -> Received:
    """Add a mail to the interaction that staff chose."""
    speaker = correspondents.speaker(read, interaction, at=at)
    answer = correspondents.joining(handed_in, interaction, speaker)
    sender = Sender(
        partner=interaction.partner,
        actor=speaker.actor,
        side=Side.PARTNER,
        person=User.objects.filter(pk=speaker.actor.user_id).first() if speaker.actor.user_id else None,
        name=speaker.actor.label,
        address=answer.sender,
    )
    return intake.continue_interaction(answer, sender, at=at, is_signed_in=False)


def begin(handed_in: Intake, *, at: datetime) -> Received:
    """Open a new matter for the sender, who is recognised or met as a potential partner."""
    if not handed_in.sender:
        raise NotAccepted("interaction", _("It names no sender: choose the interaction it belongs to."))
    return intake.begin(handed_in, identify(handed_in, None, at=at), at=at)


def refuse_colleague(read: Mail) -> None:
    """A representative's mail would stand as the partner's words."""
    if User.objects.filter(email__in={read.sender, *read.authors}, is_representative=True).exists():
        raise NotAccepted("sender", _("It names a representative as its author: write it yourself, as answer or note."))
