"""Who is called so, or is reached there: partners and people, by parts of names, addresses and numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from partners.domain import contacts
from partners.enums import ContactMedium
from partners.models import Contact, Membership, Partner, User
from partners.models.partner import PartnerQuerySet
from partners.payloads import Actor

NUMBER = re.compile(r"^[+(\d][\d\s()/.-]{4,}$")
NOT_A_DIGIT = re.compile(r"\D")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of a partner; without a place of their own where they are only a contact."""

    name: str
    reached: str
    partner: Partner
    membership_id: int | None = None


def words_in(text: str) -> list[str]:
    """What is asked for, without the marks of a search for text."""
    words = text.replace('"', " ").split()
    return [word for word in words if not word.startswith("-") and word.lower() != "or"]


def partners(text: str, *, actor: Actor, most: int) -> PartnerQuerySet:
    """Partners of this name or with this id in other systems, by name."""
    named = containing(words_in(text), "name") | Q(external_id=text)
    return Partner.objects.visible_to(actor).filter(named).order_by("name", "id")[:most]


def people(text: str, *, actor: Actor, most: int) -> list[Person]:
    """People who belong to partners now or are known as contacts, by name."""
    words = words_in(text)
    if not words:
        return []
    users = User.objects.filter(containing(words, "name") | containing(words, "email")).order_by("-id")
    reached = Contact.objects.filter(reached_at(text, words), partner__in=Partner.objects.visible_to(actor))
    found = list(reached.select_related("partner").order_by("-id")[:most])
    ids = {*users.values_list("pk", flat=True)[:most], *(contact.user_id for contact in found)} - {None}
    members = Membership.objects.visible_to(actor).filter(user__in=ids, ended_at=None)
    contact_of = {contact.user_id: contact.value for contact in found}
    some = [
        Person(
            name=member.user.name,
            reached=contact_of.get(member.user_id, member.user.email),
            partner=member.partner,
            membership_id=member.pk,
        )
        for member in members.select_related("user", "partner").order_by("-id")[:most]
    ]
    others = [
        Person(name=contact.name or contact.value, reached=contact.value, partner=contact.partner)
        for contact in found
        if contact.user_id is None
    ]
    return by_name([*some, *others])[:most]


def by_name(found: Sequence[Person]) -> list[Person]:
    return sorted(found, key=lambda person: (person.name.lower(), person.partner.name))


def containing(words: Sequence[str], field: str) -> Q:
    """All of the words in one field, in any order; none are in nothing."""
    condition = Q() if words else Q(pk=None)
    for word in words:
        condition &= Q(**{f"{field}__icontains": word})
    return condition


def reached_at(text: str, words: Sequence[str]) -> Q:
    """Contacts of this name, with this part of an address, or with this number however it is written."""
    condition = containing(words, "name") | containing(words, "key")
    if NUMBER.match(text):
        number = contacts.key_of(ContactMedium.PHONE, text)
        condition |= Q(key__icontains=number if number.startswith("+") else NOT_A_DIGIT.sub("", text).lstrip("0"))
    return condition
