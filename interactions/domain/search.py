"""Finding interactions: by number, by somebody else's number, by words."""

import re

from django.db.models import Q

from interactions.channels import text as texts
from interactions.domain import matching
from interactions.domain.matching import EVERYTHING, Hits, Place
from interactions.models import ExternalIdentifier, Interaction, Reference
from interactions.models.interaction import InteractionQuerySet
from partners.payloads import Actor

NUMBER = re.compile(r"^\s*(?:BPI-?)?0*(\d{1,18})\s*$", re.IGNORECASE)
MOST_HITS = 1000
MOST_QUERY = 200


def number_in(text: str) -> int | None:
    """The interaction that a number such as BPI-0000042, bpi42 or 42 names."""
    match = NUMBER.match(text)
    return int(match.group(1)) if match else None


def find(text: str, *, actor: Actor) -> InteractionQuerySet:
    """Interactions the actor may see with this number, external id, or all of these words: the newest MOST_HITS."""
    hits = newest(text, actor=actor, most=MOST_HITS)
    return Interaction.objects.visible_to(actor).filter(pk__in=hits.ids)


def newest(text: str, *, actor: Actor, narrow: Q = EVERYTHING, place: Place | None = None, most: int) -> Hits:
    """The same, as many as are wanted of those that fit, from a place on."""
    text = texts.flatten(text, most=MOST_QUERY)
    if not text:
        return Hits(ids=[], is_all=True)
    number = number_in(text)
    meant = named(text, actor=actor) | ({number} if number is not None else set())
    return matching.interactions(text, named=meant, actor=actor, narrow=narrow, place=place, most=most, enough=most)


def named(text: str, *, actor: Actor) -> set[int]:
    """Interactions that bear this number of somebody else."""
    # fenced before it is cut: another partner's hits would otherwise push out one's own
    seen = Q() if actor.is_representative else Q(interaction__in=Interaction.objects.visible_to(actor))
    return {
        *ExternalIdentifier.objects.filter(seen, value=text).values_list("interaction_id", flat=True)[:MOST_HITS],
        *Reference.objects.filter(seen, value=text).values_list("interaction_id", flat=True)[:MOST_HITS],
    }
