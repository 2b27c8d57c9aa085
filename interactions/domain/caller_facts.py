"""What only the partner should know, and where it is reached: what callers are asked, and where we find them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from interactions.models import Interaction, Reference
from partners.enums import AgreementStatus, ContactMedium
from partners.models import Agreement, Contact, Membership, Partner

LATELY = timedelta(days=180)
MOST_READ = 200
MOST_LINES = 20
SHORTEST = 4  # characters of an answer: what is shorter is guessed
POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}[ -]?)?\d{4,6}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something to ask; `answers` are the right ones, bare, and never leave the domain.

    What is public proves little: of the right answers only one may be to such a question.
    """

    code: str
    text: str
    answers: frozenset[str] = field(repr=False)
    is_public: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A verified way to reach a partner; `key` names it in a form."""

    key: str
    address: str
    whose: str
    contact_id: int | None = None

    @property
    def masked(self) -> str:
        """An e-mail address as it may be read on a screen by somebody who must not learn it."""
        name, at, domain = self.address.partition("@")
        return f"{name[:1]}•••{at}{domain}"


def bare(text: str) -> str:
    """An answer without what is heard differently: case, blanks, dashes."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())[:100]


def questions(partner: Partner, *, at: datetime) -> list[Question]:
    """What this partner's callers can be asked, from what is on file; nothing that could be guessed."""
    agreements = Agreement.objects.filter(partner=partner, status=AgreementStatus.IN_FORCE)
    values = list(
        Interaction.objects.filter(partner=partner, created_at__gte=at - LATELY)
        .order_by("-id")
        .values_list("values", flat=True)[:MOST_READ]
    )
    references = list(
        Reference.objects.filter(interaction__partner=partner, interaction__created_at__gte=at - LATELY)
        .order_by("-id")
        .values_list("kind", "value")[:MOST_READ]
    )

    def named(kind: str) -> list[str]:
        told = [value for of, value in references if of.lower() == kind]
        return told + [str(given[kind]) for given in values if given.get(kind)]

    posts = Contact.objects.in_force(at.date()).filter(partner=partner, medium=ContactMedium.POST)
    codes = [code for post in posts[:MOST_LINES] for code in POSTCODE.findall(post.value.upper())]
    found = [
        asked("agreement", _("The number of an agreement with us"), agreements.values_list("reference", flat=True)),
        asked("bill", _("The number of an invoice between us of the last months"), named("bill")),
        asked("order", _("The number of an order of the last months"), named("order")),
        asked("customer-number", _("Your number with us"), [partner.external_id or ""]),
        asked("postcode", _("The postal code of your office"), codes, is_public=True),
    ]
    return [question for question in found if question.answers]


def asked(code: str, text: str, answers: Iterable[str], *, is_public: bool = False) -> Question:
    known = frozenset(answer for given in answers if len(answer := bare(given)) >= SHORTEST)
    return Question(code=code, text=text, answers=known, is_public=is_public)


def phones(partner: Partner, *, at: datetime) -> list[Line]:
    """Numbers on file that somebody verified, of the company and of people who still act for it."""
    return [
        Line(key=f"contact-{contact.pk}", address=contact.value, whose=whose(contact), contact_id=contact.pk)
        for contact in verified(partner, ContactMedium.PHONE, at=at)
    ]


def mailboxes(partner: Partner, *, at: datetime) -> list[Line]:
    """Verified mail addresses: those of people with an account, which their invitation proved, and contacts."""
    members = Membership.objects.in_force(at.date()).filter(partner=partner).select_related("user")
    found = {
        member.user.email.lower(): Line(
            key=f"member-{member.user_id}", address=member.user.email.lower(), whose=member.user.name
        )
        for member in members.order_by("user__name")[:MOST_LINES]
    }
    for contact in verified(partner, ContactMedium.EMAIL, at=at):
        line = Line(key=f"contact-{contact.pk}", address=contact.key, whose=whose(contact), contact_id=contact.pk)
        found.setdefault(contact.key, line)
    return list(found.values())


def verified(partner: Partner, medium: ContactMedium, *, at: datetime) -> list[Contact]:
    """Contacts in force that were verified; one of a person only while the person acts for the partner."""
    on = at.date()
    people = Membership.objects.in_force(on).filter(partner=partner).values("user_id")
    contacts = Contact.objects.in_force(on).filter(
        Q(user=None) | Q(user__in=people), partner=partner, medium=medium, verified_at__lte=at
    )
    return list(contacts.select_related("user").order_by("-is_preferred", "id")[:MOST_LINES])


def whose(contact: Contact) -> str:
    return contact.user.name if contact.user else contact.name or str(contact.get_purpose_display())
