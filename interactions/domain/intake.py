"""The one way in: every channel ends here."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import text as texts
from interactions.domain import (
    catalogue,
    clocks,
    completeness,
    conversation,
    facts,
    fields,
    files,
    ledger,
    lifecycle,
    orchestration,
    order_lines,
    participants,
    references,
    self_service,
    sharing,
    staffing,
)
from interactions.domain.catalogue import Listing
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.domain.senders import Sender, identify
from interactions.enums import Direction, Event, FieldKind, MessageState, Move, Side, Status
from interactions.errors import NotAccepted, ReopenTooLate
from interactions.models import InboundMessage, Interaction, Item, Link, Plan
from interactions.payloads import Intake
from partners.domain import policies, record, rows
from partners.domain.translations import translated
from partners.enums import Channel
from partners.payloads import SYSTEM, Actor, Fact

FALLBACK_TYPE = "general-query"


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of an intake; without an interaction when the message was set aside."""

    interaction: Interaction | None
    item: Item | None
    message: InboundMessage | None = None
    is_duplicate: bool = False


@transaction.atomic
def receive(intake: Intake, *, actor: Actor | None = None, at: datetime) -> Received:
    """Log what came in: it continues an interaction or begins one, with its record, clocks, steps and notices.

    `actor` is who was signed in; without one the sender is recognised by address or taken in as a potential partner.
    The same external id over the same channel and scope has one effect. Raises NotAccepted.
    """
    return take_in(intake, actor=actor, at=at)


def take_in(intake: Intake, *, actor: Actor | None, at: datetime) -> Received:
    """What `receive` does, for a caller that holds a transaction and gives all of it up when this fails."""
    intake = ledger.storable(intake)
    message, is_new = ledger.remember(intake, at=at)
    if message is not None and not is_new:
        return Received(interaction=message.interaction, item=message.item, message=message, is_duplicate=True)
    sender = identify(intake, actor, at=at)
    if intake.reply_to is not None:
        is_signed_in = actor is not None and actor.partner_id is not None
        outcome = continue_interaction(intake, sender, at=at, is_signed_in=is_signed_in)
    else:
        outcome = begin(intake, sender, at=at)
    if message is not None:
        ledger.settle(message, outcome.interaction, outcome.item)
    return Received(interaction=outcome.interaction, item=outcome.item, message=message)


@transaction.atomic
def set_aside(intake: Intake, state: MessageState, *, reason: str, actor: Actor, at: datetime) -> InboundMessage:
    """Keep a message that must not act: quarantined, unreadable, or an automatic one. Safe to repeat."""
    intake = ledger.storable(intake)
    message, is_new = ledger.remember(intake, at=at)
    if message is None:
        raise NotAccepted("external_id", _("A message that is set aside needs an external id."))
    if is_new:
        reason = texts.flatten(reason, most=300)
        message.state, message.reason = state, reason
        message.save(update_fields=["state", "reason"])
        if intake.original is not None:
            message.original.save("message", ContentFile(intake.original.content))
        record.append(
            Fact(
                stream=record.INSTALLATION,
                event=Event.MESSAGE_REFUSED,
                actor=actor,
                at=at,
                channel=intake.channel,
                facts={"message": message.pk, "state": state},
                texts={"sender": intake.sender, "reason": reason},
            )
        )
    return message


def continue_interaction(intake: Intake, sender: Sender, *, at: datetime, is_signed_in: bool) -> Received:
    """Add to the interaction that is replied to; one that ended too long ago is followed up by a new one.

    Raises NotAccepted when a signed-in partner names another's; for a mail the channel has proven the reply.
    """
    found = Interaction.objects.filter(pk=intake.reply_to or 0).first()
    if found is None:
        return begin(intake, sender, at=at)
    if is_signed_in and found.partner_id != sender.partner.pk:
        raise NotAccepted("reply_to", _("There is no such interaction."))
    if found.status == Status.CLOSED:
        found = completeness.newest_of(found)
    if sender.actor.is_partner_side and not found.is_shared_with(sender.actor):
        if is_signed_in:
            raise NotAccepted("reply_to", _("There is no such interaction."))
        return begin(intake, sender, at=at)
    interaction = lifecycle.lock(found.pk)
    if interaction.status in {Status.CANCELLED, Status.ANNULLED}:
        return follow_up(intake, sender, interaction, at=at)
    if interaction.status in {Status.RESOLVED, Status.CLOSED}:
        try:
            with transaction.atomic():
                words = Words(reason=_("A further message arrived."))
                lifecycle.make_move(interaction, Move.REOPEN, actor=sender.actor, at=at, words=words)
        except ReopenTooLate:
            return follow_up(intake, sender, interaction, at=at)
    item = conversation.say(interaction, saying_of(intake, sender), actor=sender.actor, at=at)
    return Received(interaction=lifecycle.lock(interaction.pk), item=item)


def follow_up(intake: Intake, sender: Sender, earlier: Interaction, *, at: datetime) -> Received:
    """Begin a new interaction that refers to an ended one."""
    received = begin(replace(intake, **sharing.as_in(earlier, actor=sender.actor, at=at)), sender, at=at)
    if received.interaction is not None:
        link(received.interaction, earlier, actor=sender.actor, at=at)
    return received


def link(interaction: Interaction, earlier: Interaction, *, actor: Actor, at: datetime) -> None:
    Link.objects.create(interaction=interaction, other=earlier, kind="follow-up", at=at)
    record.append(
        facts.about(interaction, Event.LINKED, actor=actor, at=at, kind="follow-up", other=earlier.pk, quiet=True)
    )


def begin(intake: Intake, sender: Sender, *, at: datetime) -> Received:
    """Open a new interaction and everything that belongs to it."""
    listing = listing_of(intake)
    interaction = new_interaction(intake, sender, listing, at=at)
    policy = policies.applying(
        partner_id=interaction.partner_id,
        role_kind_id=sender.role.kind_id if sender.role else None,
        interaction_type=listing.type.code,
        priority=interaction.priority,
        on=at.date(),
    )
    promises = clocks.wind(interaction, policy, at=at)
    if (plan := plan_of(intake, listing)) is not None and not listing.version.self_service:
        orchestration.foresee(interaction, promises, plan, at=at)
    is_given = not (interaction.assignee_id or intake.is_closed_at_once or listing.version.self_service)
    if is_given:
        interaction.assignee = staffing.choose(interaction.team, skill_id=listing.type.skill_id, at=at)
    rows.insert([interaction])
    clocks.start(promises)
    participants.note_parts(interaction, sender, intake.recipients)
    sharing.name(interaction, intake.readers, at=at)
    item = conversation.add(interaction, saying_of(intake, sender), after=0, actor=sender.actor, at=at)
    record.begin(begun(interaction, item, sender.actor, at=at))
    if is_given and interaction.assignee is not None:
        record.append(facts.about(interaction, Event.ASSIGNED, actor=SYSTEM, at=at, assignee=interaction.assignee_id))
    return Received(interaction=lead(interaction, intake, listing, sender.actor, at=at), item=item)


def lead(interaction: Interaction, intake: Intake, listing: Listing, actor: Actor, *, at: datetime) -> Interaction:
    """What becomes of a matter that has just begun: it ends at once, by itself, by its plan, or in its team's queue."""
    references.note_fields(interaction, listing.version.fields)
    if intake.lines:
        refuse_what_is_still_to_come(intake)
        order_lines.add(interaction, intake.lines, actor=actor, at=at)
        interaction.refresh_from_db(fields=["version", "updated_at"])
    if intake.is_closed_at_once:
        return close_at_once(interaction, intake, actor, at=at)
    if listing.version.self_service and interaction.direction == Direction.INBOUND:
        interaction = self_service.fulfil(interaction, actor=actor, at=at)
    plan = plan_of(intake, listing)
    return orchestration.lay_out(interaction, plan, actor=actor, at=at) if plan and interaction.is_open else interaction


def refuse_what_is_still_to_come(intake: Intake) -> None:
    """Raises NotAccepted for an order that ends at once, since its lines would be left to do."""
    if intake.is_closed_at_once:
        raise NotAccepted("orderItem", _("What is still to be delivered is not completed."))


def plan_of(intake: Intake, listing: Listing) -> Plan | None:
    """The plan that leads it, unless it ends at once."""
    return None if intake.is_closed_at_once else listing.version.plan


def listing_of(intake: Intake) -> Listing:
    """The type asked for, or the general one; raises NotAccepted when it is unknown or not for this direction."""
    code = intake.type_code or FALLBACK_TYPE
    found = catalogue.LISTED.get(code)
    if found is None:
        raise NotAccepted("type", _("There is no interaction type “%(code)s”.") % {"code": code[:60]})
    if intake.direction not in found.type.directions:
        raise NotAccepted(
            "direction",
            _("“%(type)s” is not used %(direction)s.")
            % {"type": translated(found.type.name), "direction": intake.direction},
        )
    return found


def new_interaction(intake: Intake, sender: Sender, listing: Listing, *, at: datetime) -> Interaction:
    """An interaction not yet stored; raises NotAccepted for a missing subject or a field that does not fit."""
    subject = texts.flatten(intake.subject, most=ledger.MOST_SUBJECT).strip()
    if not subject:
        raise NotAccepted("subject", _("Say in a few words what it is about."))
    if intake.is_closed_at_once and not intake.resolution.strip():
        raise NotAccepted("resolution", _("Say what was answered."))
    is_outbound = intake.direction == Direction.OUTBOUND
    return Interaction(
        type=listing.type,
        type_version=listing.version,
        partner=sender.partner,
        role=sender.role,
        direction=intake.direction,
        channel=intake.channel,
        status=Status.RECEIVED,
        status_changed_at=at,
        priority=intake.priority,
        subject=subject,
        description=texts.clean(intake.text, most=conversation.MOST_TEXT).strip(),
        values=values_of(intake, listing),
        ball=Side.ENTERPRISE,
        ball_since=at,
        team=listing.type.team,
        assignee_id=sender.actor.user_id if sender.actor.is_representative else None,
        started_at=intake.happened_at,
        created_at=at,
        updated_at=at,
        enterprise_told_at=None if is_outbound else at,
        partner_told_at=at if is_outbound else None,
        created_by_id=sender.actor.user_id,
        created_by_client=sender.actor.client_id,
        visibility=intake.visibility,
        acting_role=sender.actor.role,
        acting_level=sender.actor.level,
    )


def values_of(intake: Intake, listing: Listing) -> dict[str, str]:
    """What was filled in, as it is stored; raises NotAccepted naming the field."""
    asked = listing.version.fields
    values = fields.check(asked, intake.values, complete=is_complete(intake))
    sent = {files.name_of(file) for file in intake.files}
    for field in asked:
        if field["kind"] == FieldKind.FILE and values.get(field["name"], "") not in {"", *sent}:
            raise NotAccepted(
                field["name"], _("“%(label)s” names a file that was not sent.") % {"label": translated(field["label"])}
            )
    return values


def is_complete(intake: Intake) -> bool:
    """A form asks for everything at once; a mail, a call or a system may leave something out."""
    return intake.channel == Channel.WEB and not intake.may_be_incomplete


def saying_of(intake: Intake, sender: Sender) -> Saying:
    return Saying(
        text=intake.text or intake.subject,
        side=sender.side,
        channel=intake.channel,
        kind=intake.kind,
        ended_at=intake.ended_at,
        files=intake.files,
        original=intake.original,
        quoted_text=intake.quoted_text,
    )


def begun(interaction: Interaction, item: Item, actor: Actor, *, at: datetime) -> Fact:
    """The first fact of an interaction."""
    return facts.about(
        interaction,
        Event.RAISED if interaction.direction == Direction.OUTBOUND else Event.RECEIVED,
        actor=actor,
        at=at,
        channel=Channel(interaction.channel),
        texts={"subject": interaction.subject, "text": item.text},
        direction=interaction.direction,
        type=interaction.type.code,
        type_version=interaction.type_version.number,
        status=Status.RECEIVED,
        priority=int(interaction.priority),
        started_at=interaction.started_at.isoformat(),
        role=interaction.role_id,
        policy=interaction.policy.policy_id if interaction.policy else None,
        policy_version=interaction.policy.number if interaction.policy else None,
        item=item.sequence,
        kind=item.kind,
        side=item.side,
        visibility=interaction.visibility,
    )


def close_at_once(interaction: Interaction, intake: Intake, actor: Actor, *, at: datetime) -> Interaction:
    """What was answered on the spot is resolved and closed in the same step."""
    return lifecycle.settle(interaction, Words(resolution=intake.resolution), actor=actor, at=at)
