"""Somebody who wrote to us unknown turns out to belong to a partner, becomes one, or is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from partners.domain import contacts, onboarding, record
from partners.enums import ContactMedium, PartnerEvent, PartnerStatus, RoleStatus
from partners.errors import NotANewcomer, NotJoinable
from partners.models import Contact, Membership, Partner, PartnerRole, RoleKind
from partners.payloads import Actor, Fact

MOST_NAME = 200
MOST_REASON = 300
SHOWN = 20


def candidates(newcomer: Partner, actor: Actor, *, text: str = "") -> list[Partner]:
    """Whom it could belong to: partners of that name, or without one those known under the same mail domain."""
    active = Partner.objects.visible_to(actor).active()
    if text.strip():
        found = active.named_like(text.strip()[:MOST_NAME])
    else:
        keys = newcomer.contacts.filter(medium=ContactMedium.EMAIL).values_list("key", flat=True)
        known = Q(pk__in=[])
        for domain in {key.rpartition("@")[2] for key in keys if "@" in key}:
            there = Contact.objects.filter(medium=ContactMedium.EMAIL, key__endswith=f"@{domain}")
            people = Membership.objects.filter(user__email__endswith=f"@{domain}")
            known |= Q(pk__in=there.values("partner")) | Q(pk__in=people.values("partner"))
        found = active.filter(known)
    return list(found.order_by("name", "id")[:SHOWN])


def hold(newcomer: Partner, *others: Partner) -> list[Partner]:
    """The newcomer and the others, locked in the order of their ids; raises NotANewcomer where that is decided."""
    wanted = [newcomer.pk, *(other.pk for other in others)]
    rows = Partner.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    held = {partner.pk: partner for partner in rows}
    if held[newcomer.pk].status != PartnerStatus.PROSPECT:
        raise NotANewcomer
    return [held[pk] for pk in wanted]


@transaction.atomic
def join(newcomer: Partner, partner: Partner, *, actor: Actor, at: datetime) -> None:
    """Its contacts are the partner's from now on; what it was stays on the record. Raises NotANewcomer, NotJoinable."""
    newcomer, partner = hold(newcomer, partner)
    if partner.status != PartnerStatus.ACTIVE or partner.pk == newcomer.pk:
        raise NotJoinable(_("%(partner)s is not active.") % {"partner": partner.name})
    if newcomer.memberships.exists() or newcomer.roles.exists():
        raise NotJoinable(_("It has people or roles of its own."))
    moved = move_contacts(newcomer, partner, at=at)
    end(newcomer, _("Belongs to %(partner)s") % {"partner": partner.name})
    known = {"newcomer": newcomer.pk, "belongs_to": partner.pk, "contacts": sorted(moved)}
    names = {"name": newcomer.name, "partner": partner.name}
    for one in (newcomer, partner):
        record.append(told(one, PartnerEvent.NEWCOMER_JOINED, actor=actor, at=at, texts=names, **known))


def move_contacts(newcomer: Partner, partner: Partner, *, at: datetime) -> list[int]:
    """Each becomes a contact of the partner where it is not one already, and ends here; the ids of the new ones."""
    yesterday = at.date() - timedelta(days=1)
    made = []
    for contact in newcomer.contacts.in_force(at.date()):
        fields = {"medium": contact.medium, "key": contact.key, "purpose": contact.purpose}
        given = {"name": contact.name, "value": contact.value, "verified_at": contact.verified_at}
        new, is_new = Contact.objects.get_or_create(partner=partner, **fields, defaults=given)
        made += [new.pk] if is_new else []
        contact.valid_from, contact.valid_until = None, yesterday
        contact.save(update_fields=["valid_from", "valid_until"])
    return made


@transaction.atomic
def register(
    newcomer: Partner,
    *,
    name: str,
    kind: RoleKind,
    administrator: str,
    administrator_name: str = "",
    actor: Actor,
    at: datetime,
) -> PartnerRole:
    """A partner from now on, in one role, whose first administrator is invited.

    Raises NotANewcomer, and what `onboarding.invite` raises.
    """
    [newcomer] = hold(newcomer)
    newcomer.name, newcomer.status, newcomer.status_reason = name.strip()[:MOST_NAME], PartnerStatus.ACTIVE, ""
    newcomer.save(update_fields=["name", "status", "status_reason"])
    role = PartnerRole.objects.create(partner=newcomer, kind=kind, status=RoleStatus.ACTIVE, valid_from=at.date())
    record.append(told(newcomer, PartnerEvent.REGISTERED, actor=actor, at=at, role=role.pk, kind=kind.code))
    address = contacts.key_of(ContactMedium.EMAIL, administrator)
    given: dict[str, Any] = {"name": administrator_name, "language": newcomer.language, "is_administrator": True}
    onboarding.invite(newcomer, address, roles=[role], **given, actor=actor, at=at)
    return role


@transaction.atomic
def refuse(newcomer: Partner, *, reason: str, actor: Actor, at: datetime) -> None:
    """No partner of ours, and why. Raises NotANewcomer."""
    [newcomer] = hold(newcomer)
    end(newcomer, reason)
    texts = {"reason": newcomer.status_reason}
    record.append(told(newcomer, PartnerEvent.NEWCOMER_REFUSED, actor=actor, at=at, texts=texts))


def end(newcomer: Partner, reason: str) -> None:
    newcomer.status, newcomer.status_reason = PartnerStatus.ENDED, reason.strip()[:MOST_REASON]
    newcomer.save(update_fields=["status", "status_reason"])


def told(
    partner: Partner,
    event: PartnerEvent,
    *,
    actor: Actor,
    at: datetime,
    texts: Mapping[str, str] | None = None,
    **known: Any,
) -> Fact:
    return Fact(
        stream=partner.stream,
        event=event,
        actor=actor,
        at=at,
        partner_id=partner.pk,
        facts=known,
        texts={"name": partner.name, **(texts or {})},
        quiet=True,
    )
