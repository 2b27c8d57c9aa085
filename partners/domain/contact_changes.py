"""A partner names another contact: the earlier one ends, and both stay known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Greatest

from partners.domain import contacts, record
from partners.enums import ContactMedium, ContactPurpose
from partners.models import Contact, Partner
from partners.payloads import Actor, Fact

CHANGED = "contact.changed"


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """An address or number that counts from now on for a purpose, in the place of the ones before."""

    name: str
    medium: ContactMedium
    value: str
    purpose: ContactPurpose = ContactPurpose.GENERAL


@transaction.atomic
def take_over(partner: Partner, new: NewContact, *, actor: Actor, at: datetime) -> Contact:
    """Make this the partner's preferred contact for its purpose; those of the same medium end with yesterday."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)  # two changes at once are one after the other
    key = contacts.key_of(new.medium, new.value)
    same = Contact.objects.filter(partner=partner, user=None, medium=new.medium, purpose=new.purpose)
    yesterday = at.date() - timedelta(days=1)
    # greatest: what began today ends today; without a begin it ends yesterday
    ended = (
        same.in_force(at.date())
        .exclude(key=key)
        .update(valid_until=Greatest("valid_from", yesterday), is_preferred=False)
    )
    contact, _is_new = Contact.objects.update_or_create(
        partner=partner,
        medium=new.medium,
        key=key,
        purpose=new.purpose,
        defaults={
            "name": new.name[:150],
            "value": new.value.strip()[:500],
            "is_preferred": True,
            "valid_until": None,
            "verified_at": None,
        },
    )
    record.append(
        Fact(
            stream=partner.stream,
            event=CHANGED,
            actor=actor,
            at=at,
            partner_id=partner.pk,
            facts={"contact": contact.pk, "medium": new.medium, "purpose": new.purpose, "ended": ended},
            texts={"name": contact.name, "address": contact.value},
            quiet=True,
        )
    )
    return contact
