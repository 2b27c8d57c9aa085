"""What happens in the year: partners write, answer late or never; people work as far as they come; the watch looks."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from interactions.domain import (
    closing,
    conversation,
    dates,
    intake,
    lifecycle,
    orchestration,
    progress,
    unanswered,
    watch,
)
from interactions.domain.conversation import Saying
from interactions.domain.dates import NewDate
from interactions.domain.lifecycle import Words
from interactions.enums import ClockKind, Jeopardy, Move, Side, Status
from interactions.models import Clock, Interaction
from partners.domain import business_time, calendars
from partners.enums import Channel
from partners.payloads import SYSTEM, Actor
from tests.factories.world import an_intake
from tests.year.scene import Scene

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WORDS = Words(reason="As agreed.", resolution="Done as asked.")


@dataclass(kw_only=True)
class Life:
    """The simulation: `tick` is how often the watch looks, `rest` how many days follow in which nothing new comes.

    `touches` is how often the team comes to each matter on average; with too few its promises break. Everything random
    comes from `seed`.
    """

    scene: Scene
    begin: datetime
    days: int
    interactions: int
    tick: timedelta = timedelta(minutes=15)
    rest: int = 20
    touches: float = 3.3
    seed: int = 1
    at: datetime = field(init=False)
    coming: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    untouched: dict[int, datetime] = field(default_factory=dict)
    asked: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random, self.numbers, self.at = Random(self.seed), count(), self.begin  # noqa: S311  nothing secret is drawn
        self.hours = calendars.working(calendars.promised_on(self.scene.policy))
        for _ in range(self.interactions):
            moment = self.begin + self.days * DAY * self.random.random()
            self.later(moment, partial(self.arrive, self.random.randrange(len(self.scene.partners))))

    @property
    def end(self) -> datetime:
        """Some weeks after the last one came, so that what is left comes to its end."""
        return self.begin + (self.days + self.rest) * DAY

    def run(self) -> None:
        stirred_at = self.begin
        while self.at < self.end and (self.coming or Interaction.objects.open().exists()):
            self.at += self.tick
            has_happened = self.happen()
            if is_open := business_time.is_open(self.at, self.hours):
                self.work()
            if is_open or has_happened:
                stirred_at = self.at
            # while it is closed no time passes for any promise; but what is due as it closes, or as somebody acts
            # whose time was used up, is seen by the look after that
            if self.at - stirred_at <= 2 * self.tick:
                self.look()

    def happen(self) -> bool:
        """Whatever comes until now; whether there was anything."""
        has_happened = False
        while self.coming and self.coming[0][0] <= self.at:
            heapq.heappop(self.coming)[2]()
            has_happened = True
        return has_happened

    def look(self) -> None:
        """What the beat rings for."""
        watch.sweep(at=self.at)
        progress.tell_progress(actor=SYSTEM, at=self.at)
        unanswered.sweep(at=self.at)
        closing.sweep(at=self.at)

    def later(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self.coming, (moment, next(self.numbers), act))

    # the partners

    def arrive(self, which: int) -> None:
        there, actor = self.scene.partners[which]
        code = self.random.choice(self.scene.types)
        said = an_intake("Please look at this", type_code=code, partner_id=there.pk, happened_at=self.at)
        received = intake.receive(said, actor=actor, at=self.at)
        assert received.interaction is not None

    def answer(self, number: int) -> None:
        """The answer to what was asked, or one word more where nobody waits any longer."""
        interaction = Interaction.objects.get(pk=number)
        if interaction.status in {Status.IN_PROGRESS, Status.WAITING}:
            said = Saying(text="Here it is.", side=Side.PARTNER, channel=Channel.WEB)
            conversation.say(interaction, said, actor=self.partner_of(interaction), at=self.at)

    def react(self, number: int, move: Move) -> None:
        interaction = Interaction.objects.get(pk=number)
        if interaction.status == Status.RESOLVED:
            lifecycle.make_move(interaction, move, actor=self.partner_of(interaction), at=self.at, words=WORDS)

    def partner_of(self, interaction: Interaction) -> Actor:
        return next(actor for there, actor in self.scene.partners if there.pk == interaction.partner_id)

    # the team

    def work(self) -> None:
        """What is due first is worked on first, as far as people come: some weeks half of them are away."""
        week = (self.at - self.begin).days // 7
        present = len(self.scene.staff) / 2 if week % 4 == 1 else len(self.scene.staff)
        chances = present * (self.tick / timedelta(minutes=60)) * self.pace
        number = int(chances) + (self.random.random() < chances % 1)
        ours = Interaction.objects.filter(status__in=[Status.RECEIVED, Status.IN_PROGRESS])
        for interaction in ours.select_related("type").order_by("due_at", "id")[:number]:
            self.touch(interaction)
        self.promise_anew()

    @property
    def pace(self) -> float:
        """Touches an hour that a person manages: just enough for what comes in, so that bad weeks hurt."""
        hours_a_day = 8 * 5 / 7
        return self.interactions / self.days * self.touches / (len(self.scene.staff) * hours_a_day)

    def touch(self, interaction: Interaction) -> None:
        actor = self.random.choice(self.scene.staff)
        if interaction.first_response_at is None:
            said = Saying(text="We look at it.", side=Side.ENTERPRISE, channel=Channel.WEB)
            conversation.say(interaction, said, actor=actor, at=self.at)
        elif (step := interaction.steps.filter(status="open").first()) is not None:
            orchestration.finish(step, outcome="Done.", actor=actor, at=self.at)
        elif self.asked.get(interaction.pk, 0) < 2 and self.random.random() < 0.4:
            self.ask(interaction, actor)
        else:
            self.resolve(interaction, actor)

    def ask(self, interaction: Interaction, actor: Actor) -> None:
        number = interaction.pk
        self.asked[number] = self.asked.get(number, 0) + 1
        lifecycle.make_move(interaction, Move.ASK, actor=actor, at=self.at, words=Words(waiting_for="the form"))
        if self.random.random() < 0.8:
            self.later(self.at + HOUR * self.random.uniform(1, 70), partial(self.answer, number))
        elif self.random.random() < 0.5:
            self.later(self.at + DAY * self.random.uniform(6, 12), partial(self.answer, number))

    def resolve(self, interaction: Interaction, actor: Actor) -> None:
        lifecycle.make_move(interaction, Move.RESOLVE, actor=actor, at=self.at, words=WORDS)
        chance = self.random.random()
        if chance < 0.48:
            move = Move.CONFIRM if chance < 0.4 else Move.REOPEN
            self.later(self.at + HOUR * self.random.uniform(1, 30), partial(self.react, interaction.pk, move))

    def promise_anew(self) -> None:
        """Of what cannot be done in time some gets another date before the old one passes."""
        risky = Interaction.objects.filter(jeopardy=Jeopardy.AT_RISK, status=Status.IN_PROGRESS)
        near = Clock.objects.running().filter(interaction__in=risky, kind=ClockKind.RESOLUTION, round=0)
        for clock in near.filter(due_at__gt=self.at, due_at__lt=self.at + HOUR).select_related("interaction")[:2]:
            if self.random.random() < 0.3:
                to = business_time.due(clock.due_at or self.at, 8 * HOUR, self.hours)
                new = NewDate(to=to, reason="The crew is ill.")
                dates.move(clock.interaction, new, actor=self.scene.staff[0], at=self.at)
