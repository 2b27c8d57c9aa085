"""What a mail becomes: a new matter, an answer in an interaction, or something that is kept and does nothing.

A mail proves little: whoever sends it writes what he likes into From and Subject. It speaks in an interaction when it
carries an address or a message id that only our own mail can have taught its sender, or when its sender takes part in
the interaction or belongs to its partner. It never speaks for the enterprise. What is in doubt waits for staff.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from interactions.channels import email, mail_headers, reply_address
from interactions.domain import correspondents, facts, intake
from interactions.enums import Direction, Event, MessageState
from interactions.errors import NotAccepted, Unreadable
from interactions.models import InboundMessage, Interaction
from interactions.payloads import File, Intake, Mail
from partners.domain import record
from partners.enums import Channel
from partners.payloads import SYSTEM

MOST_FROM_TEXT = 120  # characters of the text that stand in for a subject
MOST_SEARCHED = 2_000_000  # bytes of an automatic mail in which our own ids are looked for
MOST_IDS = 100
MOST_MESSAGE_ID = 180

NUMBER = re.compile(r"\bBPI-(\d{7,18})\b", re.IGNORECASE | re.ASCII)
DIGEST = re.compile(r"#[0-9a-f]{32}\Z")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
OUR_IDS = re.compile(rb"(?:bpim\.\d{1,18}\.\d{1,18}\.|reply\+\d{1,18}\.)[a-z2-7]{26}@[a-z0-9.-]{1,253}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is to become of a mail, why, and the interaction it belongs to."""

    state: MessageState
    reason: str = ""
    interaction: Interaction | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The ledger's row for a mail; a duplicate had its effect before."""

    message: InboundMessage
    is_duplicate: bool = False


def take_in(raw: bytes, *, envelope_sender: str, envelope_recipients: Sequence[str], at: datetime) -> Taken:
    """Everything a mail brings about, or nothing of it: committed on return, unless the caller's transaction is open.

    Never raises for what a mail says; a database or a disk that fails does.
    """
    try:
        mail = email.read(raw, envelope_sender=envelope_sender, envelope_recipients=envelope_recipients, received_at=at)
    except Unreadable as error:
        return keep(unread(raw, envelope_sender, at=at), Verdict(state=MessageState.UNREADABLE, reason=error.reason))
    return take(mail, at=at)


@transaction.atomic
def take(mail: Mail, *, at: datetime) -> Taken:
    """Decide on a mail that could be read, and do it."""
    handed_in = intake_of(mail, at=at)
    if found := earlier(handed_in):
        return Taken(message=found, is_duplicate=True)
    verdict = decide(mail, at=at)
    if verdict.state == MessageState.ACCEPTED:
        try:
            return accept(mail, handed_in, verdict.interaction, at=at)
        except NotAccepted as error:
            verdict = Verdict(state=MessageState.QUARANTINED, reason=error.reason)
    return keep(handed_in, verdict)


def decide(mail: Mail, *, at: datetime) -> Verdict:
    """Whether a mail may act, and where; changes nothing."""
    proven = proven_by(mail)
    if mail.is_automatic:
        return Verdict(state=MessageState.IGNORED, reason=mail.automatic_reason, interaction=proven)
    if reason := correspondents.false_voice(mail):
        return Verdict(state=MessageState.QUARANTINED, reason=reason)
    interaction = proven or named_in(mail.subject)
    if interaction is not None:
        reason = correspondents.why_not(mail.sender, interaction, is_proven=proven is not None, at=at)
        if reason:
            return Verdict(state=MessageState.QUARANTINED, reason=reason)
    elif reason := correspondents.too_often(mail.sender, at=at):
        return Verdict(state=MessageState.QUARANTINED, reason=reason)
    return Verdict(state=MessageState.ACCEPTED, interaction=interaction)


def proven_by(mail: Mail) -> Interaction | None:
    """The interaction that a genuine reply address or message id of ours leads to; a wrong one counts as none.

    The report of a mail server carries our own mail inside, and our ids in it.
    """
    secret, domain = settings.REPLY_SECRET.encode(), settings.MAIL_DOMAIN
    found = reply_address.read(mail.recipients, secret, domain)
    if found is None:
        found = reply_address.read_references(mail.in_reply_to, secret, domain)
    if found is None and mail.is_automatic:
        matches = islice(OUR_IDS.finditer(mail.original.content, 0, MOST_SEARCHED), MOST_IDS)
        inside = [match.group().decode() for match in matches]
        found = reply_address.read_references(inside, secret, domain) or reply_address.read(inside, secret, domain)
    return Interaction.objects.select_related("type").filter(pk=found).first() if found is not None else None


def named_in(subject: str) -> Interaction | None:
    """The interaction whose number stands in a subject; anybody can write that, so it proves nothing."""
    match = NUMBER.search(subject)
    found = Interaction.objects.select_related("type")
    return found.filter(pk=int(match.group(1))).first() if match else None


def accept(mail: Mail, handed_in: Intake, interaction: Interaction | None, *, at: datetime) -> Taken:
    """Let a mail act: as an answer where it names an interaction, else as a new matter. Raises NotAccepted."""
    if interaction is None:
        received = intake.receive(handed_in, at=at)
    else:
        speaker = correspondents.speaker(mail, interaction, at=at)
        received = intake.receive(correspondents.joining(handed_in, interaction, speaker), actor=speaker.actor, at=at)
    message = received.message
    if message is None:
        raise NotAccepted("external_id", _("A mail needs an external id."))
    if message.sender != mail.sender and not received.is_duplicate:
        message.sender = mail.sender
        message.save(update_fields=["sender"])
    return Taken(message=message, is_duplicate=received.is_duplicate)


@transaction.atomic
def keep(handed_in: Intake, verdict: Verdict) -> Taken:
    """Set a mail aside with its original; one that proves its interaction leaves a quiet trace there."""
    at = handed_in.happened_at
    message = intake.set_aside(handed_in, verdict.state, reason=verdict.reason, actor=SYSTEM, at=at)
    if verdict.interaction is not None and message.interaction_id is None:
        message.interaction = verdict.interaction
        message.save(update_fields=["interaction"])
        record.append(
            facts.about(
                verdict.interaction,
                Event.NOTICE_BOUNCED if verdict.reason == "delivery report" else Event.MESSAGE_IGNORED,
                actor=SYSTEM,
                at=at,
                channel=Channel.EMAIL,
                texts={"sender": handed_in.sender, "reason": verdict.reason},
                quiet=True,
                message=message.pk,
            )
        )
    return Taken(message=message)


def earlier(handed_in: Intake) -> InboundMessage | None:
    """The row of the same mail, when it came before."""
    return InboundMessage.objects.filter(
        channel=handed_in.channel, scope=handed_in.scope, external_id=handed_in.external_id
    ).first()


def intake_of(mail: Mail, *, at: datetime) -> Intake:
    """A mail as intake. Whom it was sent to as well takes no part: From and Cc can be forged together."""
    first_line = mail.text.split("\n", 1)[0].strip()
    return replace(
        email.to_intake(mail, received_at=at),
        subject=mail.subject or f"{_('(no subject)')} {first_line[:MOST_FROM_TEXT]}".strip(),
        quoted_text=mail.full_text if mail.full_text != mail.text else "",
        external_id=external_id_of(mail),
        recipients=(),
    )


def unread(raw: bytes, envelope_sender: str, *, at: datetime) -> Intake:
    """What could not be read, as intake that only keeps it."""
    return Intake(
        channel=Channel.EMAIL,
        direction=Direction.INBOUND,
        subject="",
        text="",
        happened_at=at,
        external_id=f"sha256-{hashlib.sha256(raw).hexdigest()}",
        scope=email.SCOPE,
        sender=mail_headers.clean_address(envelope_sender),
        original=File(name="original.eml", content=raw, content_type="message/rfc822"),
    )


def external_id_of(mail: Mail) -> str:
    """The message id with a digest of sender, subject and body.

    A message id alone is the sender's claim: whoever knows another's could use it first, and that mail would be lost
    as a duplicate. A mail that is delivered twice has the same body, whatever its way added to its head.
    """
    raw = mail.original.content
    blank = BLANK_LINE.search(raw)
    digest = hashlib.sha256(f"{mail.message_id}\n{mail.sender}\n{mail.subject}\n".encode("utf-8", "replace"))
    digest.update(memoryview(raw)[blank.end() if blank else 0 :])
    return f"{mail.message_id[:MOST_MESSAGE_ID]}#{digest.hexdigest()[:32]}"


def message_id_in(external_id: str) -> str:
    """The message id that a mail came with, out of the id it is known by here; empty when it was too long to keep."""
    message_id = DIGEST.sub("", external_id)
    return message_id if len(message_id) < MOST_MESSAGE_ID else ""
