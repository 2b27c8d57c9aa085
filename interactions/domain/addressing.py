"""A reply goes to whom its writer chose: people of the partner who may know of the matter, and nobody else."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr

from django.db.models import Q
from django.utils.translation import gettext as _

from interactions.domain import recipients, sharing
from interactions.domain.recipients import Circle, Recipient
from interactions.errors import NotAccepted
from interactions.models import Interaction
from partners.enums import ContactMedium
from partners.models import Contact, Membership
from partners.models.contact import ContactQuerySet
from partners.models.membership import MembershipQuerySet

MOST = 50
OFFERED = 8
APART = re.compile(r"[,;\n]+")


def of(interaction: Interaction, chosen: Collection[str] | None, *, at: datetime) -> list[Recipient]:
    """Everybody a reply goes to: the chosen addresses, or the usual ones for None.

    Raises NotAccepted where one of them may not know of the matter, or not any more, and where none is left.
    """
    usual = recipients.around(interaction, at=at).usual()
    if chosen is None:
        return usual
    if not chosen and usual:
        raise NotAccepted("to", _("Choose somebody who gets it, or write an internal note."))
    if len(chosen) > MOST:
        raise NotAccepted("to", _("At most %(most)d recipients at once.") % {"most": MOST})
    found = among(interaction, usual, chosen, at=at)
    if missing := [address for address in chosen if address not in found]:
        raise NotAccepted("to", refusal(interaction, missing))
    return [found[address] for address in dict.fromkeys(chosen)]


def choose(
    interaction: Interaction, chosen: Collection[str] | None, typed: str = "", *, at: datetime
) -> tuple[str, ...] | None:
    """The addresses chosen, with those of the names or addresses that were typed; None for just the usual ones.

    Raises NotAccepted where what was typed means nobody, or several.
    """
    usual = [one.address for one in recipients.around(interaction, at=at).usual()]
    wanted = [*(usual if chosen is None else chosen), *meant(interaction, typed, at=at)]
    return None if set(wanted) == set(usual) else tuple(dict.fromkeys(wanted))


def shown(
    circle: Circle, chosen: Collection[str] | None, *, at: datetime
) -> tuple[Sequence[Recipient], Sequence[Recipient]]:
    """The recipients while somebody writes, and those chosen who may not know of the matter (any more)."""
    usual = circle.usual()
    if chosen is None:
        return usual, []
    found = among(circle.interaction, usual, chosen, at=at)
    unknown = [Recipient(address=address) for address in chosen if address not in found]
    return [found[address] for address in dict.fromkeys(chosen) if address in found], unknown


def among(
    interaction: Interaction, usual: Iterable[Recipient], addresses: Collection[str], *, at: datetime
) -> Mapping[str, Recipient]:
    """By address, who of these may be written to; without a query where all are usual."""
    found = {one.address: one for one in usual}
    others = [address for address in addresses if address not in found]
    if not others:
        return found
    contacts = contacts_of(interaction, at=at).filter(key__in=others)
    members = members_of(interaction, at=at).filter(user__email__in=others)
    return {one.address: one for one in told(interaction, members, contacts)} | found


def find(interaction: Interaction, text: str, *, at: datetime, most: int = OFFERED) -> list[Recipient]:
    """Who may be written to and is called so, or has such an address; people before addresses, by name."""
    wanted = text.strip()
    members, contacts = members_of(interaction, at=at), contacts_of(interaction, at=at)
    if wanted:
        members = members.filter(Q(user__name__icontains=wanted) | Q(user__email__icontains=wanted))
        contacts = contacts.filter(Q(name__icontains=wanted) | Q(key__icontains=wanted))
    return told(interaction, members.order_by("user__name", "id")[:most], contacts.order_by("name", "id")[:most])[:most]


def meant(interaction: Interaction, typed: str, *, at: datetime) -> list[str]:
    """The addresses of what somebody typed: names or addresses, with commas between them."""
    return [the_one(interaction, part.strip(), at=at) for part in APART.split(typed) if part.strip()]


def the_one(interaction: Interaction, text: str, *, at: datetime) -> str:
    wanted = (parseaddr(text)[1] if "@" in text else text).lower() or text
    found = find(interaction, wanted, at=at)
    exact = [one for one in found if wanted in {one.address, one.name.lower()}] or found
    if len(exact) > 1:
        several = ", ".join(one.address for one in exact)
        raise NotAccepted("to_more", _("“%(text)s” may be several: %(several)s.") % {"text": text, "several": several})
    if not exact:
        raise NotAccepted("to_more", refusal(interaction, [text]))
    return exact[0].address


def refusal(interaction: Interaction, missing: Iterable[str]) -> str:
    """One sentence for strangers, for people of another partner, and for who has left: it tells nothing of them."""
    return _("Not among the people of %(partner)s who may see this: %(missing)s.") % {
        "partner": interaction.partner.name,
        "missing": ", ".join(missing),
    }


def members_of(interaction: Interaction, *, at: datetime) -> MembershipQuerySet:
    """Whoever acts for the partner and sees the matter in one of their roles."""
    members = recipients.members_of(interaction, on=at.date())
    if not interaction.is_company_wide:
        members = members.filter(Q(user__in=sharing.people_of(interaction)) | Q(is_administrator=True))
    return members


def contacts_of(interaction: Interaction, *, at: datetime) -> ContactQuerySet:
    """The partner's own addresses, which are nobody's account; none where a matter is not for all of it."""
    contacts = Contact.objects.in_force(at.date()).filter(partner_id=interaction.partner_id, user=None)
    return contacts.filter(medium=ContactMedium.EMAIL) if recipients.is_for_all(interaction) else contacts.none()


def told(interaction: Interaction, members: Iterable[Membership], contacts: Iterable[Contact]) -> list[Recipient]:
    circle = Circle(interaction=interaction, members=[], contacts=[], participants=[])
    return circle.told([*map(recipients.of_member, members), *map(recipients.of_contact, contacts)])
