"""One follower of the record and of who is there, for everybody who listens in this process."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DatabaseError, connection

from interactions.domain import presence
from interactions.domain.presence import Present
from partners.domain import fence, following
from partners.domain.following import Place, Told

EVERY = 0.7  # seconds between two looks
AFTER_FAILURE = 5.0
LISTS_EVERY = 3.0  # seconds between two signals to a list: where much happens, it would count again all the time
LATELY = 10.0  # seconds from the reading of a page until it listens, at most
EVERYTHING = 0  # what a list listens to, instead of one interaction
MOST_WAITING = 100  # signals that a listener may be behind; one that reads no more is let go
T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Signal:
    """That something is new; what it is, the page asks for itself."""

    kind: str
    by: int | None = None
    where: tuple[int, ...] = ()  # of a list: the interactions in which somebody came, left, or began to write


@dataclass(eq=False)
class Listener:
    """Somebody who listens to one interaction, or to EVERYTHING."""

    interaction_id: int
    waiting: "asyncio.Queue[Signal]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    is_lost: bool = False

    def tell(self, signal: Signal) -> None:
        try:
            self.waiting.put_nowait(signal)
        except asyncio.QueueFull:
            self.is_lost = True


class Feed:
    """Looks for all listeners at once; it works only while somebody listens."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.present: Mapping[int, Sequence[Present]] = {}
        self.moved_at: dict[int, float] = {}  # where somebody came or left LATELY
        self.moves_told_at = -LISTS_EVERY
        self.is_list_behind = False
        self.lists_told_at = -LISTS_EVERY
        self.follower: asyncio.Task[None] | None = None
        self.threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")

    async def ask(self, question: Callable[..., T], *arguments: object) -> T:
        """Ask the database or the cache in a thread of ours."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, question, *arguments)

    async def join(self, interaction_id: int) -> Listener:
        """Begin to listen; everything that is decided from now on will be told."""
        listener = Listener(interaction_id)
        self.listeners.add(listener)
        if interaction_id == EVERYTHING and self.moved_at:  # it may be since its page was read
            listener.tell(Signal(kind="present", where=tuple(sorted(self.moved_at))))
        if self.follower is None or self.follower.done():
            place = await self.ask(closing(following.here))
            self.follower = asyncio.create_task(self.follow(place))
        return listener

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    async def follow(self, place: Place) -> None:
        while self.listeners:
            await asyncio.sleep(EVERY)
            try:
                told = await self.ask(closing(following.after), place)
            except DatabaseError:
                log.warning("the record cannot be read; listeners wait", exc_info=True)
                await asyncio.sleep(AFTER_FAILURE)
                continue
            place = told[-1].place if told else place
            self.tell_of(told)
            self.tell_lists(told, now=time.monotonic())
            await self.look_around(now=time.monotonic())
            self.tell_lists_who_moved(now=time.monotonic())

    def tell_lists(self, told: Iterable[Told], *, now: float) -> None:
        """One signal for all that happened to interactions meanwhile, not sooner than LISTS_EVERY after the last."""
        self.is_list_behind |= any(one.stream.startswith("interaction:") for one in told)
        if not self.is_list_behind or now - self.lists_told_at < LISTS_EVERY:
            return
        self.is_list_behind, self.lists_told_at = False, now
        for listener in list(self.listeners):
            if listener.interaction_id == EVERYTHING:
                listener.tell(Signal(kind="changed"))

    def tell_of(self, told: Iterable[Told]) -> None:
        """One signal for each interaction, however much happened in it."""
        newest = {one.stream: Signal(kind="changed", by=one.actor_id) for one in told}
        for listener in list(self.listeners):
            if signal := newest.get(f"interaction:{listener.interaction_id}"):
                listener.tell(signal)

    async def look_around(self, *, now: float) -> None:
        """Tell where somebody came, left, or began to write."""
        wanted = {listener.interaction_id for listener in self.listeners}
        before, self.present = self.present, await self.ask(present_in, wanted)
        moved = {one for one in {*before, *self.present} if before.get(one, []) != self.present.get(one, [])}
        self.moved_at = {one: at for one, at in self.moved_at.items() if now - at < LATELY} | dict.fromkeys(moved, now)
        for listener in list(self.listeners):
            if listener.interaction_id in moved:
                listener.tell(Signal(kind="present"))

    def tell_lists_who_moved(self, *, now: float) -> None:
        """One signal for all who came or left meanwhile, with where: a list asks only about what it shows."""
        moved = tuple(sorted(one for one, at in self.moved_at.items() if at > self.moves_told_at))
        if not moved or now - self.moves_told_at < LISTS_EVERY:
            return
        self.moves_told_at = now
        for listener in list(self.listeners):
            if listener.interaction_id == EVERYTHING:
                listener.tell(Signal(kind="present", where=moved))


def present_in(interaction_ids: Collection[int]) -> Mapping[int, Sequence[Present]]:
    if EVERYTHING in interaction_ids:
        return presence.everywhere(now=time.time())
    return presence.of(interaction_ids, now=time.time())


def closing(question: Callable[..., T]) -> Callable[..., T]:
    """The same question, asked for the enterprise; its connection goes back to the pool."""

    def asked(*arguments: object) -> T:
        try:
            with fence.standing_for(fence.ENTERPRISE):
                return question(*arguments)
        finally:
            connection.close()

    return asked
