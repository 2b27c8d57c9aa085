"""From what happened to who is told: the routing table applied to a batch, and written down as deliveries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from interactions.domain import notices
from interactions.domain.notices import Notice
from interactions.enums import Side
from interactions.models import Interaction, Item, Step
from notifications.domain import letters, rendering, routing, topics
from notifications.domain.people import Directory, Person
from notifications.domain.rendering import Reading, Rendered
from notifications.domain.routing import Rule
from notifications.domain.threads import Threads
from notifications.domain.timing import UNWANTED, Timetable, Timing
from notifications.enums import DeliveryState, Manner, Medium, Topic
from notifications.models import Delivery
from partners.models import RecordEntry


@dataclass(kw_only=True)
class Announcement:
    """One entry told to one side in one wording: one notice on the record, a message to each of its people.

    `topics` are, by address, all that the moment is about for somebody.
    """

    entry: RecordEntry
    moment: Sequence[RecordEntry]
    interaction: Interaction
    wording: str
    is_partner_side: bool
    people: list[Person] = field(default_factory=list)
    topics: dict[str, set[Topic]] = field(default_factory=dict)


def announce(entries: Sequence[RecordEntry], *, at: datetime) -> None:
    """Make the deliveries of entries. Queries do not depend on how many; an entry told before is not told again."""
    interactions = interactions_of(entries)
    about = [entry for entry in entries if entry.facts.get("interaction") in interactions]
    directory = Directory(interactions.values(), about, at)
    chosen = [
        announcement
        for moment in moments(about)
        for announcement in choose(moment, interactions[moment[0].facts["interaction"]], directory)
    ]
    announcements = without_repeats(chosen)
    steps = step_names(interactions)
    threads = Threads(interactions)
    written = [write(announcement, steps) for announcement in announcements]
    due_at = database_now()
    timings = timings_of(announcements, due_at)
    told = list(zip(announcements, written, timings, strict=True))
    items = notices.enter([noted(a, texts, timing) for a, texts, timing in told], at=at)
    Delivery.objects.bulk_create(
        [
            delivery
            for (announcement, texts, timing), item in zip(told, items, strict=True)
            for delivery in addressed(announcement, texts, timing, item, threads, at)
        ]
        + list(letters.write(entries, at=at, due_at=due_at)),
        ignore_conflicts=True,
    )


def interactions_of(entries: Iterable[RecordEntry]) -> dict[int, Interaction]:
    ids = {entry.facts.get("interaction") for entry in entries} - {None}
    # prefetched, not joined: a batch has few partners, types, teams and owners, and each is read once
    whole = Interaction.objects.prefetch_related("partner", "type", "team", "assignee")
    return dict(whole.defer("search", "description", "values").in_bulk(ids))


def moments(entries: Iterable[RecordEntry]) -> list[list[RecordEntry]]:
    """Entries that came about in one transaction and one interaction, in order: they make one message to a person."""
    found: dict[tuple[str, int], list[RecordEntry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.pk):
        found[(entry.stream, entry.transaction_id)].append(entry)
    return list(found.values())


def choose(moment: Sequence[RecordEntry], interaction: Interaction, directory: Directory) -> list[Announcement]:
    """For everybody concerned by a moment the one event that is worth a message."""
    best: dict[str, tuple[RecordEntry, Rule, Person]] = {}
    about: dict[str, set[Topic]] = defaultdict(set)
    chosen = recipients_of(moment)
    for entry in sorted(moment, key=routing.weight):
        for rule in routing.rules_for(entry, interaction):
            for person in directory.hearers(rule, entry, interaction, chosen):
                best[person.address] = (entry, rule, person)
                about[person.address].add(topics.TOPICS[entry.event])
    found: dict[tuple[int, str, bool], Announcement] = {}
    for entry, rule, person in best.values():
        announcement = found.setdefault(
            (entry.pk, rule.wording, person.is_partner_side),
            Announcement(
                entry=entry,
                moment=moment,
                interaction=interaction,
                wording=rule.wording,
                is_partner_side=person.is_partner_side,
            ),
        )
        announcement.people.append(person)
        announcement.topics[person.address] = about[person.address]
    return list(found.values())


def recipients_of(moment: Sequence[RecordEntry]) -> Sequence[str]:
    """The addresses that were chosen for what was said in a moment: all else that it tells the partner goes to them."""
    return [address for entry in moment for address in entry.text("to").split(", ") if address]


def without_repeats(announcements: Sequence[Announcement]) -> list[Announcement]:
    """Leave out who has a delivery for an entry already; the constraint would refuse it, the notice would be double."""
    entries = {announcement.entry.pk for announcement in announcements}
    told = set(Delivery.objects.filter(entry__in=entries, medium=Medium.EMAIL).values_list("entry_id", "address"))
    for announcement in announcements:
        announcement.people = [one for one in announcement.people if (announcement.entry.pk, one.address) not in told]
    return [announcement for announcement in announcements if announcement.people]


def step_names(interactions: Iterable[int]) -> dict[tuple[int, int], str]:
    named = Step.objects.filter(interaction__in=list(interactions)).values_list("interaction_id", "position", "name")
    return {(interaction_id, position): name for interaction_id, position, name in named}


def write(announcement: Announcement, steps: dict[tuple[int, int], str]) -> dict[Reading, Rendered]:
    """The words for every way of reading among the people, each written once."""
    entry = announcement.entry
    step = steps.get((announcement.interaction.pk, entry.facts.get("step", 0)), "")
    happening = rendering.happening(entry, announcement.moment, announcement.interaction, step)
    readings = dict.fromkeys(person.reading for person in announcement.people)
    return {reading: rendering.render(happening, announcement.wording, reading) for reading in readings}


def timings_of(announcements: Sequence[Announcement], due_at: datetime) -> list[dict[str, Timing]]:
    """How and when each message of each announcement leaves, by its address."""
    timetable = Timetable([(one.interaction, person) for one in announcements for person in one.people], due_at)
    return [
        {person.address: timetable.timing(one.interaction, person, one.topics[person.address]) for person in one.people}
        for one in announcements
    ]


def noted(announcement: Announcement, texts: dict[Reading, Rendered], timings: dict[str, Timing]) -> Notice:
    """What the record says; a notice that nobody wants by mail is still told on the page."""
    return Notice(
        interaction=announcement.interaction,
        entry_id=announcement.entry.pk,
        event=announcement.entry.event,
        side=Side.PARTNER if announcement.is_partner_side else Side.ENTERPRISE,
        text=next(iter(texts.values())).words,
        users=sorted({person.user_id for person in announcement.people if person.user_id}),
        addresses=[one.address for one in announcement.people if not timings[one.address].is_unwanted],
    )


def addressed(
    announcement: Announcement,
    texts: dict[Reading, Rendered],
    timings: dict[str, Timing],
    item: Item | None,
    threads: Threads,
    at: datetime,
) -> Iterable[Delivery]:
    """A delivery for each of the people; who wants no mail about it has one that is cancelled and says so."""
    for person in announcement.people:
        rendered, timing = texts[person.reading], timings[person.address]
        yield Delivery(
            entry=announcement.entry,
            interaction=announcement.interaction,
            item=item,
            user_id=person.user_id,
            medium=Medium.EMAIL,
            address=person.address,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            gist=rendered.gist if timing.manner == Manner.GATHERED else "",
            headers=threads.headers(announcement.interaction.pk, is_partner_side=announcement.is_partner_side),
            state=DeliveryState.CANCELLED if timing.is_unwanted else DeliveryState.INITIAL,
            error=UNWANTED if timing.is_unwanted else "",
            manner=timing.manner,
            next_at=timing.at,
            created_at=at,
        )


def database_now() -> datetime:
    """Leases and due times follow the database's clock: workers' clocks may differ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
