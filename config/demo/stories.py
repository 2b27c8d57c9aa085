"""One matter from its first contact to where it stands today, told by the verbs that the product itself uses."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from config.demo import errands, speech, work
from config.demo.matters import Line, Matter
from config.demo.pace import Pace
from config.demo.world import Company
from interactions.domain import catalogue, completeness, intake, lifecycle, ownership
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Move, Status
from interactions.models import ExternalIdentifier, Interaction, Reference
from partners.enums import Channel, Priority
from partners.models import User
from partners.payloads import Actor

Act = Callable[[datetime], object]


class Ending(StrEnum):
    """How far a story goes; all but the first three are only for stories that began lately."""

    CLOSED = "closed"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    ANNULLED = "annulled"
    UNTOUCHED = "untouched"
    IN_PROGRESS = "in progress"
    WAITING = "waiting"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Story:
    """A matter with its people, its particulars and its pace; `ours` is the representative whose matter it is."""

    number: int
    matter: Matter
    company: Company
    role: str
    person: User
    ours: User
    channel: Channel
    begins_at: datetime
    ending: Ending
    particulars: dict[str, str]
    chance: random.Random
    pace: Pace
    teams: dict[str, list[User]]

    def fill(self, text: str) -> str:
        return text.format_map(self.particulars)

    @property
    def us(self) -> Actor:
        return work.representative(self.ours)

    @property
    def them(self) -> Actor:
        return self.company.actor(self.person, self.role)


def tell(story: Story) -> Iterator[datetime]:
    """Play the story; yields the moment of what comes next and goes on when that moment has come."""
    at = story.begins_at
    yield at
    story = errands.able(story)
    interaction = begin(story, at)
    if interaction.status == Status.CLOSED or story.ending == Ending.UNTOUCHED:
        return
    for wait, act in acts(story, interaction):
        at = story.pace.after(at, wait, story.chance)
        yield at
        act(at)


def begin(story: Story, at: datetime) -> Interaction:
    """The first contact, with the numbers that other systems know the matter by."""
    received = intake.receive(speech.opening(story, at), actor=speech.opener(story), at=at)
    interaction = received.interaction
    if interaction is None:
        raise RuntimeError(f"the opening of story {story.number} was not accepted")
    Reference.objects.bulk_create(
        Reference(interaction=interaction, kind=kind, value=story.fill(value))
        for kind, value in story.matter.references
    )
    if story.channel in {Channel.API, Channel.DOCUMENT}:
        ExternalIdentifier.objects.create(
            interaction=interaction,
            partner=interaction.partner,
            owner=story.company.partner.name,
            kind="ticket",
            value=f"{story.company.domain[:3].upper()}-{7000 + story.number}",
        )
    if story.number % 25 == 0:
        follow_up(story, interaction, at)
    return interaction


def follow_up(story: Story, interaction: Interaction, at: datetime) -> None:
    """Refer to the matter that the partner had before this one."""
    same = Interaction.objects.filter(partner=interaction.partner, pk__lt=interaction.pk)
    earlier = same.order_by("-pk").first()
    if earlier is not None:
        intake.link(interaction, earlier, actor=story.us, at=at)


def acts(story: Story, interaction: Interaction) -> Iterator[tuple[float, Act]]:
    """What is done, each with the hours that pass before; ends where the story stands today."""
    yield 2, partial(take_up, story, interaction)
    if story.ending == Ending.CANCELLED:
        words = Words(reason="The partner no longer needs it.")
        yield 5, partial(move, interaction, Move.CANCEL, story.us, words)
        return
    if story.ending == Ending.ANNULLED:
        words = Words(reason="Logged twice; see the other one.")
        yield 1, partial(move, interaction, Move.ANNUL, story.us, words)
        return
    yield from conversation(story, interaction)
    if story.ending not in {Ending.IN_PROGRESS, Ending.WAITING}:
        yield from ending(story, interaction)


def conversation(story: Story, interaction: Interaction) -> Iterator[tuple[float, Act]]:
    """The script line by line, the back-office work in between."""
    lines = shortened(story)
    for place, line in enumerate(lines, start=1):
        yield hours_before(line), partial(speech.say, story, interaction, line)
        if story.ending == Ending.WAITING and place == len(lines):
            return
        yield 1.5, partial(work.advance, story, interaction, place / (len(lines) + 1))


def shortened(story: Story) -> list[Line]:
    """The lines of a story that is not yet over: up to a question that waits, or the first words of ours."""
    script = story.matter.script
    if story.ending == Ending.WAITING:
        asked = next((place for place, line in enumerate(script) if line.waiting_for), None)
        if asked is None:
            return [line for line in script if line.who == "note"] + [speech.QUESTION]
        return script[: asked + 1]
    if story.ending == Ending.IN_PROGRESS:
        ours = next((place for place, line in enumerate(script) if line.who in {"we", "await"}), 0)
        return script[: ours + 1]
    return script


def hours_before(line: Line) -> float:
    return {"they": 11, "note": 1.5, "await": 0.2}.get(line.who, 3.5)


def ending(story: Story, interaction: Interaction) -> Iterator[tuple[float, Act]]:
    """Resolved, and then closed: at once, by the partner's word, by ours, or only after it was reopened."""
    code = completeness.usual_code(interaction)
    words = Words(resolution=story.fill(story.matter.resolution), resolution_code=code)
    yield 2, partial(work.finish_all, story, interaction)
    yield 0.3, partial(move, interaction, Move.RESOLVE, story.us, words)
    if story.ending == Ending.RESOLVED or not catalogue.version_of(interaction).asks_confirmation:
        return
    if story.ending == Ending.REOPENED:
        yield 20, partial(move, interaction, Move.REOPEN, story.them, Words(reason=story.chance.choice(speech.REASONS)))
        yield 3, partial(speech.say, story, interaction, speech.SORRY)
        yield 9, partial(move, interaction, Move.RESOLVE, story.us, words)
    if story.matter.direction == Direction.INBOUND and story.chance.random() < 0.6:
        yield 14, partial(move, interaction, Move.CONFIRM, story.them, Words())
    else:
        yield 40, partial(move, interaction, Move.CLOSE, story.us, Words())


def take_up(story: Story, interaction: Interaction, at: datetime) -> None:
    """Somebody makes it theirs, and now and then changes how urgent it is."""
    if interaction.assignee_id != story.ours.pk:
        ownership.assign(interaction, story.ours, actor=story.us, at=at)
    work.advance(story, interaction, 0, at)
    if catalogue.version_of(interaction).plan_id is None:  # otherwise the first step that is finished starts it
        move(interaction, Move.START, story.us, Words(), at)
    if story.number % 29 == 0:
        ownership.set_priority(interaction, Priority.HIGH, actor=story.us, at=at)


def move(interaction: Interaction, what: Move, actor: Actor, words: Words, at: datetime) -> None:
    lifecycle.make_move(interaction, what, actor=actor, at=at, words=words)
