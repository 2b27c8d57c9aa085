"""Who is behind an address or a number?"""

from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from django.conf import settings
from django.db import connection, transaction

from partners.domain import record
from partners.enums import ContactMedium, PartnerStatus
from partners.models import Contact, Membership, Partner, User
from partners.payloads import SYSTEM, Fact


@dataclass(frozen=True, kw_only=True)
class Known:
    """Whom an address leads to; `user` is None for an address that is only the company's."""

    partner: Partner
    user: User | None
    name: str


def key_of(medium: ContactMedium, value: str) -> str:
    """The comparable form: an e-mail address in lower case, a phone number in E.164 where it is one."""
    value = value.strip()
    if medium == ContactMedium.PHONE:
        return phone_key(value)
    return value.lower()[:254]


def phone_key(value: str) -> str:
    try:
        number = phonenumbers.parse(value, settings.PHONE_REGION)
    except phonenumbers.NumberParseException:
        return value[:254]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def recognise(medium: ContactMedium, value: str, *, at: datetime) -> Known | None:
    """The partner and person with this address; people with an account first, then contacts, the preferred first."""
    key = key_of(medium, value)
    if not key:
        return None
    if medium == ContactMedium.EMAIL and (member := member_with(key, at=at)):
        return Known(partner=member.partner, user=member.user, name=member.user.name)
    contact = (
        Contact.objects.in_force(at.date())
        .reached_at(medium, key)
        .select_related("partner", "user")
        .order_by("-is_preferred", "user_id", "id")
        .first()
    )
    if contact is None:
        return None
    name = contact.user.name if contact.user else contact.name
    return Known(partner=contact.partner, user=contact.user, name=name)


def member_with(address: str, *, at: datetime) -> Membership | None:
    return (
        Membership.objects.in_force(at.date())
        .filter(user__email=address)
        .select_related("user", "partner")
        .order_by("id")
        .first()
    )


@transaction.atomic
def meet(medium: ContactMedium, value: str, *, name: str, at: datetime) -> Known:
    """Take in somebody we do not know as a potential partner, for triage; the partner's record begins with it."""
    key = key_of(medium, value)
    if key and (known := met_meanwhile(medium, key, at=at)):
        return known
    partner = Partner.objects.create(
        name=(name or key or "Unknown caller")[:200], status=PartnerStatus.PROSPECT, status_reason="First contact"
    )
    if key:
        Contact.objects.create(partner=partner, name=name[:150], medium=medium, value=value[:500], key=key)
    record.append(
        Fact(
            stream=partner.stream,
            event="partner.met",
            actor=SYSTEM,
            at=at,
            partner_id=partner.pk,
            facts={"medium": medium},
            texts={"name": partner.name, "address": key},
            quiet=True,
        )
    )
    return Known(partner=partner, user=None, name=name)


def met_meanwhile(medium: ContactMedium, key: str, *, at: datetime) -> Known | None:
    """Hold the address until the transaction ends: two first messages of one sender make one potential partner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{medium}:{key}"])
    return recognise(medium, key, at=at)
