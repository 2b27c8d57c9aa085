"""Who writes, and may he? A mail's sender and the interaction he writes to, compared."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from interactions.domain import sharing
from interactions.enums import ItemKind, MessageState, Side
from interactions.models import InboundMessage, Interaction, Participant
from interactions.payloads import Intake, Mail
from partners.domain import contacts
from partners.enums import ActorKind, Channel, ContactMedium, PartnerStatus
from partners.models import Contact, Membership, User
from partners.payloads import Actor

# A new matter is answered with its number: a program that answers this with a new mail would go on for ever,
# and whoever forges a sender could have us write to anybody any number of times.
MOST_OF_STRANGER = 10
MOST_OF_PARTNER = 100
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who speaks with a mail in an interaction; a stranger is heard, but is not told what follows."""

    actor: Actor
    is_stranger: bool


def false_voice(mail: Mail) -> str:
    """Why the author cannot be who the mail names, or nothing; From proves nothing, so nobody speaks for us by mail."""
    claimed = {mail.sender, *mail.authors}
    if not mail.sender:
        return _("It names no sender.")
    if User.objects.filter(email__in=claimed, is_representative=True).exists():
        return _("It claims to come from a representative; nobody speaks for the enterprise by mail.")
    if any(address.endswith(f"@{settings.MAIL_DOMAIN.lower()}") for address in claimed):
        return _("It claims to come from one of our own addresses.")
    return ""


def why_not(address: str, interaction: Interaction, *, is_proven: bool, at: datetime) -> str:
    """Why somebody may not speak in an interaction by mail, or nothing.

    `is_proven`: the mail carries what only our own mail can have taught its sender.
    """
    if interaction.type.is_guarded:
        return _("It answers %(number)s, which is answered only after signing in.") % {"number": interaction.number}
    if not interaction.is_company_wide:
        if sharing.reaches(interaction, address, at=at):
            return ""
        return _("It names %(number)s, which is not shared with the sender.") % {"number": interaction.number}
    if is_of_partner(address, interaction.partner_id, at=at) or takes_part(address, interaction, at=at):
        return ""
    known = contacts.recognise(ContactMedium.EMAIL, address, at=at)
    if known is not None and known.partner.status != PartnerStatus.PROSPECT:
        return _("It names %(number)s of another partner; the sender belongs to %(partner)s.") % {
            "number": interaction.number,
            "partner": known.partner,
        }
    if User.objects.filter(email=address).exists():
        return _("It names %(number)s; the sender has no place at its partner.") % {"number": interaction.number}
    if not is_proven:
        return _("It names %(number)s, in which the sender takes no part.") % {"number": interaction.number}
    return ""


def too_often(address: str, *, at: datetime) -> str:
    """Why somebody may not begin yet another matter by mail, or nothing."""
    known = contacts.recognise(ContactMedium.EMAIL, address, at=at)
    is_stranger = known is None or known.partner.status == PartnerStatus.PROSPECT
    most = MOST_OF_STRANGER if is_stranger else MOST_OF_PARTNER
    lately = InboundMessage.objects.filter(
        channel=Channel.EMAIL, state=MessageState.ACCEPTED, sender=address, received_at__gt=at - WITHIN
    )
    if lately[:most].count() < most:
        return ""
    return _("Its sender wrote %(most)d times within an hour; this may be a program that answers us.") % {"most": most}


def is_of_partner(address: str, partner_id: int, *, at: datetime) -> bool:
    """A person or a contact of the partner on that day."""
    on = at.date()
    return (
        Membership.objects.in_force(on).filter(user__email=address, partner_id=partner_id).exists()
        or Contact.objects.in_force(on).reached_at(ContactMedium.EMAIL, address).filter(partner_id=partner_id).exists()
    )


def takes_part(address: str, interaction: Interaction, *, at: datetime) -> bool:
    """Somebody added to the interaction by address, or with an account that still acts for somebody."""
    present = Participant.objects.filter(interaction=interaction).exclude(side=Side.ENTERPRISE)
    if present.filter(user=None, address__iexact=address).exists():
        return True
    user = present.filter(user__email=address).values("user")
    return Membership.objects.in_force(at.date()).filter(user__in=user).exists()


def speaker(mail: Mail, interaction: Interaction, *, at: datetime) -> Speaker:
    """The person behind a mail as the interaction's partner knows him; else his address, and not the name he gives."""
    on, partner_id = at.date(), interaction.partner_id
    member = Membership.objects.in_force(on).filter(user__email=mail.sender, partner_id=partner_id).first()
    reached = Contact.objects.in_force(on).reached_at(ContactMedium.EMAIL, mail.sender).filter(partner_id=partner_id)
    contact = reached.order_by("-is_preferred", "user_id", "id").first()
    user = member.user if member else contact.user if contact else None
    actor = Actor(
        kind=ActorKind.PARTNER if user else ActorKind.UNKNOWN,
        user_id=user.pk if user else None,
        label=(user.name if user else contact.name if contact else "") or mail.sender,
        partner_id=partner_id,
    )
    is_stranger = not (member or contact or takes_part(mail.sender, interaction, at=at))
    return Speaker(actor=actor, is_stranger=is_stranger)


def joining(handed_in: Intake, interaction: Interaction, speaker: Speaker) -> Intake:
    """The intake of an answer; a stranger's address stays out, so that he becomes no participant of what follows."""
    return replace(
        handed_in,
        reply_to=interaction.pk,
        kind=ItemKind.RESPONSE,
        sender="" if speaker.is_stranger else handed_in.sender,
    )
