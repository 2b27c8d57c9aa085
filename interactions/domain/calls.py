"""Phone calls as the telephone system tells them: who is calling, and what is open with them?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels.phone import CallEvent
from interactions.domain import disclosure, facts
from interactions.enums import CallState, Event
from interactions.errors import NotAccepted
from interactions.models import Call, CallerCheck, Interaction
from partners.domain import contacts, record
from partners.domain.locks import Lock
from partners.enums import Channel, ContactMedium
from partners.models import User
from partners.payloads import SYSTEM, Actor, Fact

MOST_OFFERED = 10
ORDER = {CallState.RINGING: 0, CallState.ANSWERED: 1, CallState.ENDED: 2}
MOMENT_OF = {CallState.RINGING: "rang_at", CallState.ANSWERED: "answered_at", CallState.ENDED: "ended_at"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A call as it stands after an event, and whether the event was new."""

    call: Call
    is_new: bool


LOCK = Lock(lambda: Call.objects.select_related("partner", "person", "agent"))


@transaction.atomic
def tell(event: CallEvent, *, at: datetime) -> Told:
    """Take in one event of a call; events may come twice and in any order, the state never goes back."""
    call, _is_first = Call.objects.get_or_create(
        external_id=event.call_id,
        defaults={
            "state": event.state,
            "caller": event.caller[:40],
            "called": event.callee[:40],
            "updated_at": at,
        },
    )
    call = LOCK.hold(call.pk)
    moment = MOMENT_OF[event.state]
    if getattr(call, moment) is not None:
        return Told(call=call, is_new=False)
    setattr(call, moment, event.happened_at)
    if event.state == CallState.ENDED and event.duration and call.answered_at is None:
        call.answered_at = event.happened_at - event.duration
    call.state = max(CallState(call.state), event.state, key=ORDER.__getitem__)
    call.updated_at = at
    fill_in(call, event, at=at)
    call.save()
    record.append(told(call, event, at=at))
    return Told(call=call, is_new=True)


def fill_in(call: Call, event: CallEvent, *, at: datetime) -> None:
    """What one event knows and an earlier one did not: numbers, who calls, who answers."""
    call.caller = call.caller or event.caller[:40]
    call.called = call.called or event.callee[:40]
    if call.partner is None and event.partner_number:
        known = contacts.recognise(ContactMedium.PHONE, event.partner_number, at=at)
        if known is not None:
            call.partner, call.person = known.partner, known.user
    if event.agent:
        agent = User.objects.at_work().filter(email=event.agent.lower()).first()
        call.agent = agent or call.agent


def told(call: Call, event: CallEvent, *, at: datetime) -> Fact:
    """On the partner's record, or on the installation's while nobody knows the number."""
    return Fact(
        stream=call.partner.stream if call.partner else record.INSTALLATION,
        event=Event.CALL_TOLD,
        actor=SYSTEM,
        at=at,
        partner_id=call.partner_id,
        channel=Channel.PHONE,
        facts={
            "call": call.pk,
            "state": event.state,
            "direction": event.direction,
            "happened_at": event.happened_at.isoformat(),
            "agent": call.agent_id,
        },
        texts={"number": event.partner_number},
        quiet=True,
    )


def open_with(call: Call, *, at: datetime) -> Sequence[tuple[Interaction, bool]]:
    """The newest open interactions with the partner who calls, each with whether the caller may hear of it by now."""
    if call.partner_id is None:
        return []
    check = CallerCheck.objects.running(at).filter(call=call, partner_id=call.partner_id).order_by("-pk").first()
    found = Interaction.objects.open().filter(partner_id=call.partner_id).select_related("type").order_by("-id")
    return [(one, disclosure.may_hear(check, one.type, is_new=False)) for one in found[:MOST_OFFERED]]


@transaction.atomic
def attach(call: Call, interaction: Interaction, *, actor: Actor, at: datetime) -> Call:
    """Say which interaction a call belongs to; raises NotAccepted when it belongs to another."""
    call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    if call.interaction_id == interaction.pk:
        return call
    if call.interaction_id is not None:
        raise NotAccepted("call", _("This call belongs to another interaction."))
    if call.partner_id not in {None, interaction.partner_id}:
        raise NotAccepted("call", _("This call was with another partner."))
    call.interaction, call.partner_id, call.updated_at = interaction, interaction.partner_id, at
    call.save(update_fields=["interaction", "partner", "updated_at"])
    record.append(
        facts.about(
            interaction,
            Event.CALL_TOLD,
            actor=actor,
            at=at,
            channel=Channel.PHONE,
            quiet=True,
            call=call.pk,
            state=call.state,
        )
    )
    return call
