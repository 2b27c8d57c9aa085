"""A matter and its parts: the whole shows how its parts stand, and hears when the last of them ended."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from interactions.domain import facts
from interactions.enums import Event, LinkKind
from interactions.models import ENDED, Interaction, Link
from interactions.models.link import LinkQuerySet
from partners.domain import record
from partners.payloads import Actor

LAST_PART = 0x42504D03  # the advisory locks of who ends parts of one whole


def tell_whole(part: Interaction, *, actor: Actor, at: datetime) -> None:
    """When the last part of an open matter has ended, its record says so."""
    for link in Link.objects.in_force().filter(interaction=part, kind=LinkKind.PARENT).select_related("other"):
        hold(link.other_id)
        if link.other.is_open and not open_parts(link.other).exists():
            record.append(facts.about(link.other, Event.PARTS_ENDED, actor=actor, at=at, part=part.pk))


def hold(whole: int) -> None:
    """Of two who end the last two parts at once, the second sees what the first did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LAST_PART, whole % 2**31])


def open_parts(whole: Interaction) -> LinkQuerySet:
    return Link.objects.to_parts_of(whole).exclude(interaction__status__in=ENDED)


def links_to(whole: Interaction) -> Sequence[Link]:
    """The links from the parts of a matter, each with its part, the oldest first."""
    links = Link.objects.to_parts_of(whole).select_related("interaction__type", "interaction__team")
    return list(links.order_by("id"))
