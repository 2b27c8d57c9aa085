"""Who is on the phone, or is to be spoken to: found by number, by name, or chosen; and what is open with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.channels import text as texts
from interactions.models import Call, Interaction
from partners.domain import contacts
from partners.enums import ContactMedium
from partners.models import Contact, Membership, Partner, PartnerRole
from partners.payloads import Actor

MOST_FOUND = 8
MOST_PEOPLE = 50
RECENT = timedelta(minutes=45)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """What is known of a caller: the partners it may be, the one it is, the person, and the partner's open matters."""

    partners: Sequence[Partner]
    partner: Partner | None = None
    person: str = ""
    open_matters: Sequence[Interaction] = ()


def find(*, number: str, name: str, chosen: Partner | None, actor: Actor, at: datetime) -> Caller:
    """Recognise a caller by his number, or find partners by name; a chosen partner stands."""
    number, name = texts.flatten(number, most=40), texts.flatten(name, most=200)
    known = contacts.recognise(ContactMedium.PHONE, number, at=at) if number else None
    found = partners_named(name, actor) if name else []
    if known is not None and known.partner not in found:
        found = [known.partner, *found]
    if chosen is not None and chosen not in found:
        found = [chosen, *found]
    partner = chosen or (known.partner if known else None) or (found[0] if len(found) == 1 else None)
    return Caller(
        partners=found,
        partner=partner,
        person=known.name if known and partner == known.partner else "",
        open_matters=open_with(partner, actor) if partner else [],
    )


def partners_named(name: str, actor: Actor) -> list[Partner]:
    """Partners with this in their name; those that begin with it first."""
    found = Partner.objects.visible_to(actor).named_like(name).order_by("name", "id")[: MOST_FOUND * 4]
    return sorted(found, key=lambda partner: not partner.name.lower().startswith(name.lower()))[:MOST_FOUND]


def open_with(partner: Partner, actor: Actor) -> list[Interaction]:
    """The newest open matters with a partner."""
    seen = Interaction.objects.visible_to(actor).open().filter(partner=partner)
    return list(seen.select_related("type").order_by("-id")[:MOST_FOUND])


def recent_calls(*, at: datetime) -> list[Call]:
    """Calls of the last minutes that nobody has written down yet, the newest first."""
    calls = Call.objects.filter(interaction=None, updated_at__gte=at - RECENT).select_related("partner", "person")
    return list(calls.order_by("-updated_at")[:MOST_FOUND])


def roles_of(partner: Partner, *, at: datetime) -> list[PartnerRole]:
    return list(PartnerRole.objects.in_force(at.date()).filter(partner=partner).select_related("kind").order_by("id"))


def addresses_of(partner: Partner, *, at: datetime) -> list[tuple[str, str]]:
    """E-mail addresses of a partner's people and of the company itself, each with whose it is."""
    on = at.date()
    members = Membership.objects.in_force(on).filter(partner=partner).select_related("user").order_by("user__name")
    reached = Contact.objects.in_force(on).filter(partner=partner, medium=ContactMedium.EMAIL, user=None)
    found = {member.user.email: f"{member.user.name} · {member.user.email}" for member in members[:MOST_PEOPLE]}
    for contact in reached.order_by("-is_preferred", "id")[:MOST_PEOPLE]:
        words = " · ".join(filter(None, [contact.name, contact.value, str(contact.get_purpose_display())]))
        found.setdefault(contact.key, words)
    return list(found.items())
