"""What somebody has opened lately: listed for them, and how it is known what they have not looked at since."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef

from interactions.enums import ItemKind, Side
from interactions.models import Interaction, Item, Mention, Visit
from interactions.models.interaction import InteractionQuerySet
from partners.models import Partner
from partners.payloads import Actor

KEPT_FOR = timedelta(days=60)
MOST_LATELY, MOST_PARTNERS = 40, 6
MOST_HEARD = 500  # that a list of what is unread holds: it costs the same however much is unread
NEWS_FOR = timedelta(days=30)  # less than visits are kept: to forget one makes nothing unread
# Hand-written, since to compose it anew for every page took a sixth of the page's time. A notice that leaves by itself
# is no word of ours.
NEWS = """
    SELECT word.interaction_id FROM interactions_item AS word
    WHERE word.interaction_id = ANY(%(shown)s) AND word.side = %(partner)s AND word.at > %(since)s
        AND word.author_id IS DISTINCT FROM %(user)s
        AND NOT EXISTS (SELECT FROM interactions_item AS later WHERE later.interaction_id = word.interaction_id
            AND later.sequence > word.sequence AND later.kind <> %(notice)s)
        AND NOT EXISTS (SELECT FROM interactions_visit AS visit WHERE visit.interaction_id = word.interaction_id
            AND visit.user_id = %(user)s AND visit.at >= word.at)
    UNION ALL
    SELECT note.interaction_id FROM interactions_mention AS mention
    JOIN interactions_note AS note ON note.id = mention.note_id
    WHERE note.interaction_id = ANY(%(shown)s) AND note.at > %(since)s
        AND mention.user_id = %(user)s AND mention.read_at IS NULL
        AND NOT EXISTS (SELECT FROM interactions_visit AS visit WHERE visit.interaction_id = note.interaction_id
            AND visit.user_id = %(user)s AND visit.at >= note.at)
    UNION ALL
    SELECT visit.interaction_id FROM interactions_visit AS visit
    WHERE visit.user_id = %(user)s AND visit.interaction_id = ANY(%(shown)s) AND visit.is_put_back
"""


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
    unread = unread_among([one.pk for one in interactions], actor=actor, at=at)
    for one in interactions:
        one.has_news = one.pk in unread  # type: ignore[attr-defined]


def unread_in(interactions: InteractionQuerySet, *, actor: Actor, at: datetime) -> set[int]:
    """Which of them `mark` marks; of those in which the partner had the last word the newest MOST_HEARD."""
    since = at - NEWS_FOR
    visits = Visit.objects.filter(user=actor.user_id)
    later = Item.objects.exclude(kind=ItemKind.NOTIFICATION).filter(
        interaction=OuterRef("interaction"), sequence__gt=OuterRef("sequence")
    )
    looked = visits.filter(interaction=OuterRef("interaction"), at__gte=OuterRef("at"))
    words = Item.objects.filter(interaction=OuterRef("pk"), side=Side.PARTNER, at__gt=since)
    words = words.exclude(author=actor.user_id).filter(~Exists(later), ~Exists(looked))
    heard = interactions.heard_last().filter(Exists(words), enterprise_told_at__gt=since)
    called = Mention.objects.unread_by(actor.user_id).filter(note__at__gt=since).values("note__interaction")
    others = interactions.filter(pk__in=called.union(visits.filter(is_put_back=True).values("interaction")))
    newest = heard.order_by("-enterprise_told_at").values_list("pk", flat=True)[:MOST_HEARD]
    return {*newest, *unread_among(list(others.values_list("pk", flat=True)), actor=actor, at=at)}


def unread_among(interaction_ids: list[int], *, actor: Actor, at: datetime) -> set[int]:
    """Of some that are known already."""
    given = {
        "shown": interaction_ids,
        "user": actor.user_id,
        "since": at - NEWS_FOR,
        "partner": Side.PARTNER,
        "notice": ItemKind.NOTIFICATION,
    }
    if not interaction_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(NEWS, given)
        return {number for (number,) in cursor.fetchall()}


def partners_of(actor: Actor) -> Sequence[Partner]:
    """Of whom somebody opened something lately, the newest first."""
    newest = Visit.objects.filter(user=actor.user_id, is_put_back=False).order_by("-at")[:MOST_LATELY]
    found = [visit.interaction.partner for visit in newest.select_related("interaction__partner")]
    return list(dict.fromkeys(found))[:MOST_PARTNERS]


def forget(*, at: datetime) -> int:
    """Remove what was opened long ago; returns how much."""
    gone, _each = Visit.objects.filter(at__lt=at - KEPT_FOR, is_put_back=False).delete()
    return gone
