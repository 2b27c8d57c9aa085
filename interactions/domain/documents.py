"""All files of a partner's matters that somebody may read, wherever they were sent."""

from django.db.models import Q, QuerySet

from interactions.channels import text as texts
from interactions.domain.thread import READABLE
from interactions.models import Attachment, Interaction
from partners.payloads import Actor

MOST_QUERY = 200


def readable(actor: Actor, *, name: str = "") -> QuerySet[Attachment]:
    """The files with these words in their name; what is opened only after a stronger sign-in is left out."""
    opened = Interaction.objects.visible_to(actor).filter(type__minimum_level__lte=actor.level)
    found = Attachment.objects.filter(READABLE, interaction__in=opened).select_related("interaction", "item")
    for word in texts.flatten(name, most=MOST_QUERY).split():
        found = found.filter(Q(name__icontains=word))
    return found


def are_kept_back(actor: Actor) -> bool:
    """Whether there are matters whose files need a stronger sign-in."""
    return Interaction.objects.visible_to(actor).filter(type__minimum_level__gt=actor.level).exists()
