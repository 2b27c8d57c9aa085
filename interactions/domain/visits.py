"""What somebody has opened lately: listed for them, and how it is known what they have not looked at since."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from interactions.enums import ItemKind, Side
from interactions.models import Interaction, Item, Mention, Visit
from partners.models import Partner
from partners.payloads import Actor

KEPT_FOR = timedelta(days=60)
MOST_LATELY, MOST_PARTNERS = 40, 6
NEWS_FOR = timedelta(days=30)  # less than visits are kept: to forget one makes nothing unread


def note(interaction: Interaction, *, actor: Actor, at: datetime) -> None:
    """Note that somebody opened it now. Nothing of the matter itself: looking is no fact of it."""
    keep([interaction.pk], ["at", "is_put_back"], actor=actor, at=at)


def look_at(interaction_ids: Iterable[int], *, actor: Actor, at: datetime) -> None:
    """Mark as read: as if each had been opened now, and seen where somebody was called in it."""
    ids = list(interaction_ids)
    keep(ids, ["at", "is_put_back"], actor=actor, at=at)
    Mention.objects.unread_by(actor.user_id).filter(note__interaction__in=ids).update(read_at=at)


def put_back(interaction_ids: Iterable[int], *, actor: Actor, at: datetime) -> None:
    """Mark as unread; what was never opened is not listed as opened because of it."""
    keep(interaction_ids, ["is_put_back"], actor=actor, at=at - KEPT_FOR, is_put_back=True)


def keep(
    interaction_ids: Iterable[int], changed: list[str], *, actor: Actor, at: datetime, is_put_back: bool = False
) -> None:
    """One row for each; of those that are there `changed` is written anew."""
    if (user_id := actor.user_id) is not None:
        Visit.objects.bulk_create(
            [
                Visit(interaction_id=number, user_id=user_id, at=at, is_put_back=is_put_back)
                for number in sorted(interaction_ids)  # in one order, so that two at once do not wait for each other
            ],
            update_conflicts=True,
            unique_fields=["user", "interaction"],
            update_fields=changed,
        )


def mark(interactions: Sequence[Interaction], *, actor: Actor, at: datetime) -> None:
    """Set `has_news` of each: the partner had the last word and the actor has not looked since, or was called since,
    or put it back. What is older than NEWS_FOR is no news.

    A statement of its own for the rows of a page: as a column of the list it would be worked out for all of it.
    """
    user_id = actor.user_id
    shown = [one.pk for one in interactions]
    visits = Visit.objects.filter(user=user_id)
    said = Item.objects.exclude(kind=ItemKind.NOTIFICATION)  # a notice that leaves by itself is no word of ours
    later = said.filter(interaction=OuterRef("interaction"), sequence__gt=OuterRef("sequence"))
    words = Item.objects.filter(interaction__in=shown, side=Side.PARTNER, at__gt=at - NEWS_FOR).filter(
        ~Exists(later), ~Exists(visits.filter(interaction=OuterRef("interaction"), at__gte=OuterRef("at")))
    )
    calls = Mention.objects.unread_by(user_id).filter(note__interaction__in=shown, note__at__gt=at - NEWS_FOR)
    since = visits.filter(interaction=OuterRef("note__interaction"), at__gte=OuterRef("note__at"))
    news = (
        words.exclude(author=user_id)
        .values_list("interaction")
        .union(
            calls.filter(~Exists(since)).values_list("note__interaction"),
            visits.filter(interaction__in=shown, is_put_back=True).values_list("interaction"),
            all=True,
        )
    )
    unread = {number for (number,) in news} if shown else set()
    for one in interactions:
        one.has_news = one.pk in unread  # type: ignore[attr-defined]


def partners_of(actor: Actor) -> Sequence[Partner]:
    """Of whom somebody opened something lately, the newest first."""
    newest = Visit.objects.filter(user=actor.user_id, is_put_back=False).order_by("-at")[:MOST_LATELY]
    found = [visit.interaction.partner for visit in newest.select_related("interaction__partner")]
    return list(dict.fromkeys(found))[:MOST_PARTNERS]


def forget(*, at: datetime) -> int:
    """Remove what was opened long ago; returns how much."""
    gone, _each = Visit.objects.filter(at__lt=at - KEPT_FOR, is_put_back=False).delete()
    return gone
