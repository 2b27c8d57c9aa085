"""What a partner finds first: what waits for it, what we do, what is new. Only reads, only what it may see."""

from datetime import datetime

from django.db.models import F, Prefetch, Q

from interactions.enums import Side, Status
from interactions.models import Interaction, Item, Step
from interactions.models.interaction import InteractionQuerySet
from partners.payloads import Actor

WAITING = Q(status=Status.WAITING, ball=Side.PARTNER) | Q(status=Status.RESOLVED)
DOING = Q(status__in=[Status.RECEIVED, Status.IN_PROGRESS]) | Q(status=Status.WAITING) & ~Q(ball=Side.PARTNER)

PORTION = 50  # matters whose items are read together
MOST_READ = 500


def with_steps(interactions: InteractionQuerySet) -> InteractionQuerySet:
    """With what `standing.of` reads, in one query more."""
    return interactions.select_related("type").prefetch_related(Prefetch("steps", Step.objects.in_order()))


def waiting(actor: Actor) -> InteractionQuerySet:
    """What we asked of the partner, the most urgent first, and solutions it may confirm."""
    seen = Interaction.objects.visible_to(actor).filter(WAITING)
    return seen.order_by(F("waiting_until").asc(nulls_last=True), "id")


def doing(actor: Actor) -> InteractionQuerySet:
    """What we are at, the latest change first."""
    return Interaction.objects.visible_to(actor).filter(DOING).order_by("-updated_at", "-id")


def news(actor: Actor, *, since: datetime, most: int) -> list[Item]:
    """What the enterprise said lately, the newest first; not what is opened only after a stronger sign-in.

    Read from where the partner heard last, until nothing newer can follow: a partner may have many thousand matters.
    """
    matters = Interaction.objects.visible_to(actor).filter(type__minimum_level__lte=actor.level)
    heard = matters.filter(partner_told_at__gte=since).order_by("-partner_told_at", "-id")
    found: list[Item] = []
    for begin in range(0, MOST_READ, PORTION):
        portion = dict(heard.values_list("id", "partner_told_at")[begin : begin + PORTION])
        said = Item.objects.filter(interaction__in=portion, side=Side.ENTERPRISE, at__gte=since)
        latest = said.select_related("interaction").order_by("-at", "-id")[:most]
        found = sorted([*found, *latest], key=lambda item: (item.at, item.pk), reverse=True)[:most]
        if len(portion) < PORTION or (len(found) == most and found[-1].at >= min(filter(None, portion.values()))):
            break
    return found
