"""From what happened to the systems that are told: an event for every subscription that asks for it and may know."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Value

from interactions.domain.outward import parts, representation
from interactions.domain.outward.representation import ATTRIBUTES, LONGEST_IN_LIST
from interactions.enums import Status
from interactions.models import Interaction
from notifications.domain import hub_events, queries, subscriptions
from notifications.domain.announcing import database_now
from notifications.domain.hub_events import TOLD
from notifications.domain.queries import Query
from notifications.enums import HubEvent
from notifications.models import Delivery, Subscription
from partners.models import RecordEntry

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A subscription with what it asks for and the matters of a batch that it may know of."""

    subscription: Subscription
    query: Query
    known: Collection[int]


def announce(entries: Sequence[RecordEntry], *, at: datetime) -> None:
    """Make the deliveries of entries; queries do not depend on how many there are."""
    about = [entry for entry in entries if entry.event in TOLD and entry.facts.get("interaction")]
    heard = listening({entry.partner_id for entry in about if entry.partner_id}, at=at)
    if not heard:
        return
    about = sorted((entry for entry in about if entry.partner_id in heard), key=lambda entry: entry.pk)
    matters = {entry.facts["interaction"] for entry in about}
    listeners = with_knowledge(heard, matters)
    resources = resources_of(matters)
    due_at = database_now()
    Delivery.objects.bulk_create(
        [
            Delivery(**row, interaction_id=entry.facts["interaction"], next_at=due_at)
            for entry in about
            for row in rows_of(entry, listeners[entry.partner_id or 0], resources, at)
        ],
        ignore_conflicts=True,
    )


def listening(partner_ids: Collection[int], *, at: datetime) -> Mapping[int, Sequence[Subscription]]:
    """The subscriptions of partners, by partner; those that are paused hear later."""
    if not partner_ids:
        return {}
    standing = Subscription.objects.listening(at.date()).filter(role__partner__in=partner_ids, created_at__lte=at)
    found: dict[int, list[Subscription]] = {}
    for subscription in standing.select_related("role__kind").order_by("pk"):
        found.setdefault(subscription.role.partner_id, []).append(subscription)
    return found


def with_knowledge(
    heard: Mapping[int, Sequence[Subscription]], matters: Collection[int]
) -> Mapping[int, Sequence[Listener]]:
    """Which of the matters each may know of, asked of the fence itself and all at once."""
    standing = [subscription for some in heard.values() for subscription in some]
    known = [known_to(subscription, matters) for subscription in standing]
    seen = grouped_pairs(known[0].union(*known[1:], all=True) if len(known) > 1 else known[0])
    return {
        partner_id: [
            Listener(subscription=one, query=queries.read(one.query), known=seen.get(one.pk, set())) for one in some
        ]
        for partner_id, some in heard.items()
    }


def known_to(subscription: Subscription, matters: Collection[int]) -> Any:
    """Pairs of the subscription and a matter that it may know of, or might before it was annulled."""
    rows = Interaction.objects.known_to(subscriptions.eyes_of(subscription)).filter(pk__in=matters)
    return rows.values_list(Value(subscription.pk), "pk")


def grouped_pairs(pairs: Any) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {}
    for subscription_id, interaction_id in pairs:
        found.setdefault(subscription_id, set()).add(interaction_id)
    return found


def resources_of(matters: Collection[int]) -> Mapping[int, tuple[Interaction, Json]]:
    """The matters as the API shows them in a list."""
    rows = representation.readable(Interaction.objects.filter(pk__in=matters), most_text=LONGEST_IN_LIST)
    belonging = parts.of_each(list(matters), ATTRIBUTES, most_text=LONGEST_IN_LIST)
    return {row.pk: (row, representation.represented(row, belonging[row.pk], ATTRIBUTES)) for row in rows}


def rows_of(
    entry: RecordEntry,
    listeners: Sequence[Listener],
    resources: Mapping[int, tuple[Interaction, Json]],
    at: datetime,
) -> Iterator[dict[str, Any]]:
    """What an entry becomes for each that may know of it and asks for it; of what was annulled only that it was."""
    told, matter = TOLD[entry.event], entry.facts["interaction"]
    if matter not in resources:
        return
    interaction, resource = resources[matter]
    is_hidden = interaction.status == Status.ANNULLED and told.event != HubEvent.DELETE
    if is_hidden or not told.only(entry, resource):
        return
    for listener in listeners:
        query = listener.query
        if matter in listener.known and query.takes(told.event) and query.fits(resource):
            body = hub_events.body_of(entry, resource, query)
            yield subscriptions.delivery_of(listener.subscription, entry, told.event, body, at=at)
