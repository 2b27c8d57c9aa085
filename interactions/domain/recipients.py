"""Whom a message to the partner goes to: who takes part, else whom the partner named; or those its writer chose."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.db.models import Q
from django.utils.translation import ngettext

from interactions.domain import sharing
from interactions.enums import ParticipantRole, Side, Visibility
from interactions.models import Interaction, Participant
from partners.enums import MONEY, ContactMedium, ContactPurpose, PartnerStatus
from partners.models import Contact, Membership, User
from partners.models.membership import MembershipQuerySet

NAMED = 3
TOLD = (PartnerStatus.ACTIVE, PartnerStatus.PROSPECT)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody of the partner, by a lower-case address; a `user` where they have an account."""

    address: str
    name: str = ""
    detail: str = ""
    user: User | None = None

    @property
    def label(self) -> str:
        return self.name or self.address


@dataclass(frozen=True, kw_only=True)
class Circle:
    """Who of a partner is around one matter: members and contacts in force, and who takes part for the partner.

    Of what moves money `members` are those whose roles let them see it, and `contacts` nobody. `readers` are the
    colleagues it is shared with, by user id, where it is kept to named ones.
    """

    interaction: Interaction
    members: Sequence[Membership]
    contacts: Sequence[Contact]
    participants: Sequence[Participant]
    readers: Collection[int] = ()

    def usual(self) -> list[Recipient]:
        """Everybody who hears of what happens here."""
        return self.taking_part() or self.named()

    def chosen(self, addresses: Collection[str]) -> list[Recipient]:
        """Those of the addresses that still belong to somebody here."""
        return [one for one in self.everybody() if one.address in addresses]

    def everybody(self) -> list[Recipient]:
        """Who of those that were read may be written to."""
        contacts = self.contacts if is_for_all(self.interaction) else []
        members = [of_member(place) for place in self.members if self.may_know(place)]
        return self.told([*self.taking_part(), *members, *map(of_contact, contacts)])

    def taking_part(self) -> list[Recipient]:
        """Participants who may still know of it: who left the partner hears nothing more."""
        members = {place.user_id: place for place in self.members}
        found = []
        for participant in self.participants:
            if participant.user_id is None and "@" in participant.address:
                if is_for_all(self.interaction) or participant.role == ParticipantRole.REQUESTER:
                    found.append(Recipient(address=participant.address.lower(), name=participant.name))
            elif participant.user_id in members and self.may_know(members[participant.user_id]):
                found.append(of_member(members[participant.user_id]))
        return self.told(found)

    def named(self) -> list[Recipient]:
        """Contacts for this vertical, or general ones, or administrators, or all members: the first that there are.

        Of what is kept to some, those, or else the administrators.
        """
        if not self.interaction.is_company_wide:
            among = self.among or ()
            theirs = [of_member(place) for place in self.members if place.user_id in among]
            return self.told(theirs) or self.administrators()
        for purpose in (self.interaction.type.vertical, ContactPurpose.GENERAL):
            if named := [of_contact(contact) for contact in self.contacts if contact.purpose == purpose]:
                return self.told(named)
        return self.administrators() or self.told(of_member(place) for place in self.members)

    def administrators(self) -> list[Recipient]:
        return self.told(of_member(place) for place in self.members if place.is_administrator)

    def may_know(self, member: Membership) -> bool:
        """Whether one of the partner's people may know of it: administrators do, so that nothing is lost."""
        among = self.among
        return among is None or member.is_administrator or member.user_id in among

    @property
    def among(self) -> set[int] | None:
        """Whom it is kept to, by user id; None for what everybody of the partner may know of."""
        if self.interaction.is_company_wide:
            return None
        is_named = self.interaction.visibility == Visibility.NAMED
        return {*(self.readers if is_named else ()), self.interaction.created_by_id or 0}

    def told(self, found: Iterable[Recipient]) -> list[Recipient]:
        """Each address once, and none of ours; nobody of a partner that we have ended with."""
        if self.interaction.partner.status not in TOLD:
            return []
        apart: dict[str, Recipient] = {}
        for one in found:
            if not is_our_own(one.address):
                apart.setdefault(one.address, one)
        return list(apart.values())


def of_member(member: Membership) -> Recipient:
    user = member.user
    return Recipient(address=user.email.lower(), name=user.name, detail=member.title, user=user)


def of_contact(contact: Contact) -> Recipient:
    return Recipient(address=contact.key, name=contact.name, detail=str(contact.get_purpose_display()))


def names(labels: Sequence[str]) -> str:
    """Whom something went to, in a few words."""
    first, others = ", ".join(labels[:NAMED]), len(labels) - NAMED
    if others <= 0:
        return first
    return ngettext("%(first)s and %(others)d more", "%(first)s and %(others)d more", others) % {
        "first": first,
        "others": others,
    }


def around(interaction: Interaction, *, at: datetime, participants: Iterable[Participant] | None = None) -> Circle:
    """The circle of one matter with those only who may usually hear of it; `participants` if they are read already."""
    on, partner_id = at.date(), interaction.partner_id
    present = interaction.participants.select_related("user").order_by("id") if participants is None else participants
    taking_part = [one for one in present if one.side == Side.PARTNER]
    readers = sharing.readers_of(interaction) if interaction.visibility == Visibility.NAMED else set()
    near = {one.user_id for one in taking_part if one.user_id} | readers | {interaction.created_by_id or 0}
    places = members_of(interaction, on=on).order_by("id")
    members = list(places.filter(Q(user__in=near) | Q(is_administrator=True)))
    if not any(place.is_administrator for place in members):
        members = list(places)
    contacts = Contact.objects.in_force(on).filter(partner_id=partner_id, medium=ContactMedium.EMAIL)
    return Circle(
        interaction=interaction,
        members=members,
        contacts=list(contacts.order_by("-is_preferred", "id")) if is_for_all(interaction) else [],
        participants=taking_part,
        readers=readers,
    )


def members_of(interaction: Interaction, *, on: date) -> MembershipQuerySet:
    """Who acts for the partner; of what moves money those whose roles let them see it."""
    members = Membership.objects.in_force(on).filter(partner_id=interaction.partner_id).select_related("user")
    permission = interaction.type.permission
    return members.permitted(permission, on) if permission in MONEY else members


def is_for_all(interaction: Interaction) -> bool:
    """Whether everybody of the partner may know of it, and so an address that is nobody's account."""
    return interaction.is_company_wide and interaction.type.permission not in MONEY


def is_our_own(address: str) -> bool:
    """A notice to an address of ours would come back in as a mail."""
    name, _, domain = address.partition("@")
    is_reply_address = name.startswith("reply+") and domain == settings.MAIL_DOMAIN.lower()
    return is_reply_address or address == sender_address(settings.DEFAULT_FROM_EMAIL)


@lru_cache
def sender_address(sender: str) -> str:
    return parseaddr(sender)[1].lower()
