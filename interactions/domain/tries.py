"""Tries to tell a partner's system: however many there were of one event, a timeline has one line for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from interactions.domain import sentences, webhook_sentences
from interactions.domain.sentences import Happened, Names
from interactions.enums import Event
from partners.models import RecordEntry
from partners.payloads import Actor

MOST = 500
Rounds = Mapping[int, Sequence[RecordEntry]]


def after(first: Sequence[RecordEntry], *, actor: Actor) -> Rounds:
    """By the sequence of each of these first tries of one interaction: it and what followed it, in order."""
    rounds: dict[int, list[RecordEntry]] = {one.sequence: [one] for one in first}
    deliveries = {one.facts.get("delivery") for one in first}
    record = RecordEntry.objects.of_matter(first[0].stream, actor).filter(event=Event.NOTICE_RETRIED)
    later = record.filter(sequence__gt=min(rounds), facts__delivery__in=deliveries).order_by("sequence")
    for entry in later[:MOST]:
        begun = [one.sequence for one in first if is_before(one, entry)]
        # a round that begins on another page than is shown counts from one again
        if begun and number_of(rounds[max(begun)][-1]) < number_of(entry):
            rounds[max(begun)].append(entry)
    return rounds


def is_before(one: RecordEntry, entry: RecordEntry) -> bool:
    return one.facts.get("delivery") == entry.facts.get("delivery") and one.sequence < entry.sequence


def number_of(entry: RecordEntry) -> int:
    return int(entry.facts.get("try", 0))


def with_further(happened: Happened, tried: Sequence[RecordEntry], names: Names) -> Happened:
    """The line of a first try; where others followed it tells how it went on, with each of them."""
    if len(tried) < 2:
        return happened
    each = [replace(sentences.of(entry, names), words=webhook_sentences.of_one(entry)) for entry in tried]
    return replace(happened, words=webhook_sentences.so_far(tried[-1]), tries=each)
