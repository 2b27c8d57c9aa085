"""What a matter is about in other systems: orders, bills, services; found again by their numbers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from interactions.enums import FieldKind, Status, Subject, Visibility
from interactions.models import ExternalIdentifier, Interaction, Reference
from interactions.models.interaction import InteractionQuerySet
from partners.domain.translations import translated
from partners.payloads import Actor

KINDS: Mapping[str, str] = {  # as TM Forum calls them
    Subject.ORDER: "ProductOrder",
    Subject.BILL: "CustomerBill",
    Subject.SERVICE: "Service",
    Subject.TICKET: "TroubleTicket",
    Subject.AGREEMENT: "Agreement",
}
MOST_VALUE = 100
WORDS = {KINDS[subject]: subject.label for subject in Subject}
WITHIN_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def note_fields(interaction: Interaction, fields: Sequence[Mapping[str, Any]]) -> None:
    """What was filled into fields that lead to something elsewhere; the record has the values already."""
    found = [
        Reference(interaction=interaction, kind=KINDS[field["refers_to"]], value=value[:MOST_VALUE])
        for field in fields
        if field["kind"] == FieldKind.REFERENCE and field.get("refers_to")
        if (value := interaction.values.get(field["name"]))
    ]
    if found:
        Reference.objects.bulk_create(found)


def told(references: Sequence[Reference], identifiers: Sequence[ExternalIdentifier]) -> Iterable[tuple[str, str, str]]:
    """Kind, number and name of each, once, in words: “ProductOrder” is an order to people."""
    about = [(in_words(one.kind), one.value, one.name) for one in references]
    known = [(one.owner or in_words(one.kind) or _("Number there"), one.value, "") for one in identifiers]
    return dict.fromkeys([*about, *known])


def in_words(kind: str) -> str:
    """Our word for what TM Forum calls so; anything else as sent, its words apart and translated where we know it."""
    return str(WORDS.get(kind) or translated(capfirst(WITHIN_WORD.sub(" ", kind).lower())))


def matters_about(subject: Subject, value: str, *, partner_id: int, actor: Actor) -> InteractionQuerySet:
    """A partner's matters about one order, bill and so on, or with this number elsewhere; the newest first.

    Only those that the actor may open as it is signed in now; where one of ours asks for the partner, those that all
    of it may know of.
    """
    value = value.strip()
    about = Reference.objects.filter(kind=KINDS[subject], value=value, interaction__partner_id=partner_id)
    named = Q(external_identifiers__value=value, external_identifiers__partner_id=partner_id)
    seen = Interaction.objects.visible_to(actor)
    if not actor.is_representative:
        seen = seen.filter(type__minimum_level__lte=actor.level)
    if not actor.is_partner_side:
        seen = seen.filter(visibility=Visibility.COMPANY)
    found = seen.filter(Q(pk__in=about.values("interaction")) | named, partner_id=partner_id)
    return found.exclude(status=Status.ANNULLED).distinct().order_by("-id")
