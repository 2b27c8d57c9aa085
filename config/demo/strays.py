"""Mail of the demo world that did not go the straight way: strangers, forgeries, answers of machines, and noise."""

from datetime import datetime, timedelta

from interactions.domain import intake
from interactions.enums import Direction, MessageState, Status
from interactions.models import Interaction
from interactions.payloads import File, Intake
from partners.enums import Channel
from partners.payloads import NOBODY

STRANGERS = [
    (
        "Lotte Vermeer",
        "lotte@harbour-antennas.example.org",
        "Offer: small antennas for harbours and quays",
        "We make antennas that withstand salt water and would like to become a supplier. Whom may we talk to?",
    ),
    (
        "Samuel Adjei",
        "s.adjei@savanna-sms.example.org",
        "Interconnection for application messages",
        "We run a messaging platform with 40 million messages a month. What do you need from us to connect directly?",
    ),
]


def arrive(*, now: datetime) -> None:
    """All of it, over the last days."""
    for days, (name, address, subject, text) in enumerate(STRANGERS, start=1):
        at = now - timedelta(days=days * 2, hours=3)
        intake.receive(mail(address, subject, text, at=at, name=name), at=at)
    target = Interaction.objects.exclude(status__in=[Status.CLOSED, Status.CANCELLED]).order_by("pk").first()
    number = target.number if target else "BPI-0000001"
    set_aside(
        mail(
            "paul.acheson@acme-wholesale.example.net",
            f"Re: {number} please use the new bank account",
            "From today on please pay all invoices to the account in the attachment. This is urgent.",
            at=now - timedelta(hours=26),
            name="Paul Acheson",
        ),
        MessageState.QUARANTINED,
        f"The sender does not take part in {number}.",
    )
    set_aside(
        mail("scanner-4@globex-networks.example.org", "", "", at=now - timedelta(hours=50)),
        MessageState.UNREADABLE,
        "The message ends in the middle of its headers.",
    )
    set_aside(
        mail(
            "femke.visser@bluebird-towers.example.org",
            "Automatic reply: Tower rent",
            "I am out of the office until Monday and answer then.",
            at=now - timedelta(hours=70),
            name="Femke Visser",
        ),
        MessageState.IGNORED,
        "An automatic reply.",
    )


def mail(address: str, subject: str, text: str, *, at: datetime, name: str = "") -> Intake:
    head = f"From: {name} <{address}>\r\n" if subject else f"From: {address}\r\nContent-Type: multi"
    content = (
        f"{head}Subject: {subject}\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n\r\n{text}\r\n" if subject else head
    )
    return Intake(
        channel=Channel.EMAIL,
        direction=Direction.INBOUND,
        subject=subject,
        text=text,
        happened_at=at,
        sender=address,
        sender_name=name,
        external_id=f"{at:%Y%m%d%H%M}.{address}",
        original=File(name="message.eml", content=content.encode(), content_type="message/rfc822"),
    )


def set_aside(handed_in: Intake, state: MessageState, reason: str) -> None:
    intake.set_aside(handed_in, state, reason=reason, actor=NOBODY, at=handed_in.happened_at)
