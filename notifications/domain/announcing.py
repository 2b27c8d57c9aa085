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
from notifications.domain import letters, rendering, routing
from notifications.domain.people import Directory, Person
from notifications.domain.rendering import Reading, Rendered
from notifications.domain.routing import Rule
from notifications.domain.threads import Threads
from notifications.enums import Medium
from notifications.models import Delivery
from partners.models import RecordEntry


@dataclass(kw_only=True)
class Announcement:
    """One entry told to one side in one wording: one notice on the record, a message to each of its people."""

    entry: RecordEntry
    moment: Sequence[RecordEntry]
    interaction: Interaction
    wording: str
    is_partner_side: bool
    people: list[Person] = field(default_factory=list)


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
    items = notices.enter([noted(a, texts) for a, texts in zip(announcements, written, strict=True)], at=at)
    due_at = database_now()
    Delivery.objects.bulk_create(
        [
            delivery
            for announcement, texts, item in zip(announcements, written, items, strict=True)
            for delivery in addressed(announcement, texts, item, threads, at, due_at)
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
    for entry in sorted(moment, key=routing.weight):
        for rule in routing.rules_for(entry, interaction):
            for person in directory.hearers(rule, entry, interaction):
                best[person.address] = (entry, rule, person)
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
    return list(found.values())


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


def noted(announcement: Announcement, texts: dict[Reading, Rendered]) -> Notice:
    return Notice(
        interaction=announcement.interaction,
        entry_id=announcement.entry.pk,
        event=announcement.entry.event,
        side=Side.PARTNER if announcement.is_partner_side else Side.ENTERPRISE,
        text=next(iter(texts.values())).words,
        users=sorted({person.user_id for person in announcement.people if person.user_id}),
        addresses=[person.address for person in announcement.people],
    )


def addressed(
    announcement: Announcement,
    texts: dict[Reading, Rendered],
    item: Item | None,
    threads: Threads,
    at: datetime,
    due_at: datetime,
) -> Iterable[Delivery]:
    """A delivery for each of the people; it is due as soon as it is committed."""
    for person in announcement.people:
        rendered = texts[person.reading]
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
            headers=threads.headers(announcement.interaction.pk, is_partner_side=announcement.is_partner_side),
            next_at=due_at,
            created_at=at,
        )


def database_now() -> datetime:
    """Leases and due times follow the database's clock: workers' clocks may differ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
