"""Finding interactions: by number, by somebody else's number, by words."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from interactions.channels import text as texts
from interactions.models import ExternalIdentifier, Interaction, Item, Reference
from interactions.models.interaction import InteractionQuerySet, shared_with
from partners.payloads import Actor

NUMBER = re.compile(r"^\s*(?:BPI-?)?0*(\d{1,18})\s*$", re.IGNORECASE)
MOST_HITS = 1000
MOST_QUERY = 200


def number_in(text: str) -> int | None:
    """The interaction that a number such as BPI-0000042, bpi42 or 42 names."""
    match = NUMBER.match(text)
    return int(match.group(1)) if match else None


def find(text: str, *, actor: Actor) -> InteractionQuerySet:
    """Interactions the actor may see with this number, external id, or all of these words, at most MOST_HITS.

    Nothing is ranked: an unbounded match is never sorted by relevance.
    """
    seen = Interaction.objects.visible_to(actor)
    text = texts.flatten(text, most=MOST_QUERY)
    if not text:
        return seen.none()
    number = number_in(text)
    by_id = Q(pk=number) if number is not None else Q(pk=None)
    # fenced before it is cut: another partner's hits would otherwise push out one's own
    theirs = Q(interaction__partner_id=actor.partner_id) & shared_with(actor, "interaction__")
    fence = Q() if actor.is_representative else theirs
    named = [
        *ExternalIdentifier.objects.filter(fence, value=text).values_list("interaction_id", flat=True)[:MOST_HITS],
        *Reference.objects.filter(fence, value=text).values_list("interaction_id", flat=True)[:MOST_HITS],
    ]
    words = SearchQuery(text, config="simple", search_type="websearch")
    said = Item.objects.filter(fence, search=words).order_by("-id").values_list("interaction_id", flat=True)
    subjects = seen.filter(search=words).order_by("-id").values_list("id", flat=True)
    hits = {*named, *said[:MOST_HITS], *subjects[:MOST_HITS]}
    return seen.filter(by_id | Q(pk__in=hits))


def named(text: str) -> set[int]:
    """Interactions that bear this number of somebody else; for who may see all of them."""
    return {
        *ExternalIdentifier.objects.filter(value=text).values_list("interaction_id", flat=True)[:MOST_HITS],
        *Reference.objects.filter(value=text).values_list("interaction_id", flat=True)[:MOST_HITS],
    }
