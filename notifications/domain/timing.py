"""When a message leaves: as its reader wishes, and never so late that the promised longest silence is broken.

A side that has a promise hears of an open matter within its policy's limit. So a message waits for a daily mail, or for
the end of quiet hours, only until that limit has run since its side last heard of the matter: by a mail that left, or,
where everybody there wished for none, by the notice on the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from interactions.domain import ball
from interactions.models import Interaction
from notifications.domain import preferences
from notifications.domain.people import Person
from notifications.domain.preferences import PLAIN, Wishes
from notifications.enums import DeliveryState, Manner, Medium, Pace, Topic
from notifications.models import Delivery
from partners.domain import business_time
from partners.models import PolicyVersion

UNWANTED = gettext_noop("Its reader wants no mail about this; it is told on the page.")

Side = tuple[int, bool]  # an interaction, and whether its partner's side is meant


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How and when one message leaves; one that `is_unwanted` does not."""

    manner: Manner
    at: datetime
    is_unwanted: bool = False


class Timetable:
    """Everybody's wishes around a batch of messages; made with a fixed number of queries, whatever their number."""

    def __init__(self, told: Sequence[tuple[Interaction, Person]], due_at: datetime) -> None:
        self.due_at = due_at
        self.wishes = preferences.of_people({person.user_id for _, person in told if person.user_id})
        concerned = [interaction for interaction, person in told if not self.wishes_of(person).is_plain]
        self.limits = limits(concerned) if concerned else {}

    def wishes_of(self, person: Person) -> Wishes:
        return self.wishes.get(person.user_id or 0, PLAIN)

    def timing(self, interaction: Interaction, person: Person, topics: Iterable[Topic]) -> Timing:
        """How this person hears of this."""
        wishes = self.wishes_of(person)
        pace, moment = wishes.pace_of(topics), self.due_at
        if pace == Pace.OFF:
            return Timing(manner=Manner.AT_ONCE, at=moment, is_unwanted=True)
        if pace == Pace.DAILY:
            moment = wishes.next_daily(moment, person.time_zone)
        moment = wishes.after_quiet(moment, person.time_zone)
        limit = self.limits.get((interaction.pk, person.is_partner_side))
        moment = moment if limit is None else min(moment, limit)
        if moment <= self.due_at:
            return Timing(manner=Manner.AT_ONCE, at=self.due_at)
        return Timing(manner=Manner.GATHERED if pace == Pace.DAILY else Manner.HELD, at=moment)


def limits(interactions: Iterable[Interaction]) -> Mapping[Side, datetime]:
    """When each side of open matters has to have heard again, counted in business time."""
    promised = {one.pk: one for one in interactions if one.is_open and one.policy_id is not None}
    policies = PolicyVersion.objects.in_bulk({one.policy_id for one in promised.values()})
    heard = last_heard(promised)
    return {
        (pk, is_partner_side): business_time.due(
            heard.get((pk, is_partner_side), one.started_at), policies[one.policy_id].silence_limit, ball.hours(one)
        )
        for pk, one in promised.items()
        for is_partner_side in (False, True)
    }


def last_heard(interactions: Iterable[int]) -> Mapping[Side, datetime]:
    told = Delivery.objects.filter(
        Q(state=DeliveryState.COMPLETED) | Q(state=DeliveryState.CANCELLED, error=UNWANTED),
        interaction__in=interactions,
        medium=Medium.EMAIL,
    )
    sides = told.annotate(is_theirs=Q(item__isnull=False)).values_list("interaction_id", "is_theirs")
    return {(pk, side): at for pk, side, at in sides.annotate(last=Max(Coalesce("sent_at", "created_at")))}
