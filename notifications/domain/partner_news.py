"""News of no interaction: a partner's administrators hear what becomes of its keys, endpoints and bank account."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as lazy

from interactions.channels import text as texts
from interactions.domain.recipients import TOLD
from notifications.domain import rendering
from notifications.domain.announcing import database_now
from notifications.domain.people import Person, grouped, of_partner, outsider
from notifications.domain.rendering import MOST_SUBJECT, Rendered
from notifications.enums import Medium
from notifications.models import Delivery
from partners.enums import ContactMedium, ContactPurpose, PartnerEvent
from partners.models import Contact, Membership, Partner, RecordEntry

# every event of a partner's own stream that somebody hears of, and its wording; templates/notifications/<wording>.txt
WORDINGS: Mapping[str, str] = {
    PartnerEvent.CREDENTIAL_EXPIRING: "key_expiring",
    PartnerEvent.CREDENTIAL_EXPIRED: "key_expired",
    PartnerEvent.WEBHOOK_FAILING: "webhook_failing",
    PartnerEvent.WEBHOOK_GONE: "webhook_gone",
    PartnerEvent.ACCOUNT_PROPOSED: "account_proposed",
    PartnerEvent.ACCOUNT_IN_FORCE: "account_in_force",
    PartnerEvent.ACCOUNT_REFUSED: "account_refused",
}


def announce(entries: Sequence[RecordEntry], *, at: datetime) -> None:
    """Make the deliveries of entries; queries do not depend on how many. Who acted is not told."""
    about = [entry for entry in entries if entry.event in WORDINGS and entry.partner_id is not None]
    if not about:
        return
    partners = Partner.objects.filter(status__in=TOLD).in_bulk({entry.partner_id for entry in about})
    hearers = administrators_of(partners, at=at)
    due_at = database_now()
    Delivery.objects.bulk_create(
        [
            addressed(entry, partners[entry.partner_id], person, at=at, due_at=due_at)
            for entry in about
            if entry.partner_id in partners
            for person in hearers.get(entry.partner_id or 0, [])
            if person.user_id is None or person.user_id != entry.actor_id
        ],
        ignore_conflicts=True,
    )


def administrators_of(partners: Mapping[int, Partner], *, at: datetime) -> Mapping[int, Sequence[Person]]:
    """Who administers each partner; where nobody does, its general addresses."""
    members = Membership.objects.in_force(at.date()).filter(partner__in=partners, is_administrator=True)
    people = grouped(members.select_related("user").order_by("id"), "partner_id")
    contacts = Contact.objects.in_force(at.date()).filter(
        partner__in=partners, medium=ContactMedium.EMAIL, purpose=ContactPurpose.GENERAL
    )
    addresses = grouped(contacts.order_by("-is_preferred", "id"), "partner_id")
    return {
        pk: distinct(
            [of_partner(member.user) for member in people.get(pk, [])]
            or [outsider(contact.key, partner) for contact in addresses.get(pk, [])]
        )
        for pk, partner in partners.items()
    }


def distinct(people: Collection[Person]) -> list[Person]:
    return list({person.address: person for person in people}.values())


def addressed(entry: RecordEntry, partner: Partner, person: Person, *, at: datetime, due_at: datetime) -> Delivery:
    rendered = written(entry, partner, person)
    return Delivery(
        entry=entry,
        user_id=person.user_id,
        medium=Medium.EMAIL,
        address=person.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        next_at=due_at,
        created_at=at,
    )


def written(entry: RecordEntry, partner: Partner, person: Person) -> Rendered:
    values: dict[str, Any] = {
        "partner": texts.flatten(partner.name, most=MOST_SUBJECT),
        "key": texts.flatten(entry.text("name"), most=MOST_SUBJECT),
        "identifier": entry.facts.get("identifier", ""),
        "expires_at": parse_datetime(str(entry.facts.get("expires_at") or "")),
        "callback": texts.flatten(entry.text("callback"), most=MOST_SUBJECT),
        "since": parse_datetime(str(entry.facts.get("since") or "")),
        "answer": entry.facts.get("answer") or "",
        "account": texts.flatten(entry.text("account"), most=MOST_SUBJECT),
        "who": texts.flatten(entry.actor_label, most=MOST_SUBJECT),
        "reason": texts.flatten(entry.text("reason"), most=MOST_SUBJECT),
        **(leading_to(entry) if person.user_id else {"action": "", "link": ""}),
    }
    return rendering.put(WORDINGS[entry.event], lambda: values, time_zone=person.time_zone, language=person.language)


def leading_to(entry: RecordEntry) -> dict[str, Any]:
    """Where the news leads on, for who can sign in."""
    place = f"{settings.BASE_URL}/portal/organisation"
    if "credential" in entry.facts:
        return {"action": lazy("See the key"), "link": f"{place}/access/{entry.facts['credential']}/"}
    if "subscription" in entry.facts:
        return {"action": lazy("See the endpoint"), "link": f"{place}/webhooks/{entry.facts['subscription']}/"}
    return {"action": lazy("See the bank account"), "link": f"{place}/bank-account/"}
