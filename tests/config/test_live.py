"""The live process: who may listen, and what a refused or cut line is told."""

import asyncio
import time
from collections.abc import Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.live import lines
from config.live.admission import admit
from config.live.feed import EVERYTHING, MOST_WAITING, Feed, Listener, Signal
from interactions.domain import presence
from interactions.domain.paging import EPOCH, MICROSECOND
from interactions.models import Interaction
from partners.domain import assurance
from partners.domain.following import Place, Told
from partners.models import RecordStream, User
from tests import database
from tests.factories.world import a_person_of, a_representative, an_actor_for, an_interaction, signed_in


def alone(work: Coroutine[Any, Any, Any]) -> Any:
    """What comes of it in a thread of its own: in this one the browser of a journey may keep its loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def cookies_of(client: Client) -> str:
    return f"theme=dark; sessionid={client.cookies['sessionid'].value}"


@pytest.mark.django_db
def test_a_representative_may_listen_and_is_told_how_long_the_record_is() -> None:
    rosa = a_representative()
    matter = an_interaction()

    admitted = admit(cookies_of(signed_in(rosa)), matter.pk)

    assert admitted is not None
    assert admitted.length == RecordStream.objects.get(name=matter.stream).length


@pytest.mark.django_db
def test_nobody_else_may_listen() -> None:
    rosa = a_representative()
    matter = an_interaction()
    left, over = signed_in(rosa), signed_in(rosa)
    left.logout()
    session = over.session
    session[assurance.SEEN_KEY] = (timezone.now() - timedelta(days=2)).timestamp()
    session[assurance.METHODS_KEY] = [{**one, "at": 1.0} for one in session[assurance.METHODS_KEY]]
    session.save()
    theirs = signed_in(a_person_of(matter.partner))

    for cookies in ("", "sessionid=x", "sessionid", cookies_of(theirs), cookies_of(over)):
        assert admit(cookies, matter.pk) is None
        assert admit(cookies, EVERYTHING) is None
    good = cookies_of(signed_in(rosa))
    assert admit(good, matter.pk) is not None
    everything = admit(good, EVERYTHING)
    assert everything is not None
    assert EPOCH + everything.length * MICROSECOND == Interaction.objects.latest("updated_at").updated_at
    assert admit(good, matter.pk + 1000) is None
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert admit(good, matter.pk) is None
    assert Interaction.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "method", "origin", "status"),
    [
        ("/live/interactions/BPI-0000001/", "POST", "", 404),
        ("/live/interactions/1/", "GET", "", 404),
        ("/elsewhere", "GET", "", 404),
        ("/live/interactions/BPI-0000001/", "GET", "https://evil.example.org", 403),
    ],
)
def test_what_is_not_a_line_of_ours_is_refused(path: str, method: str, origin: str, status: int) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    headers = [(b"origin", origin.encode())] if origin else []
    scope = {"type": "http", "path": path, "method": method, "headers": headers, "query_string": b""}
    alone(lines.application(scope, receive, send))

    assert sent[0]["status"] == status


@pytest.mark.parametrize(
    ("query", "header", "seen"), [(b"seen=4", "", 4), (b"seen=4", "7", 7), (b"seen=x", "y", 0), (b"a=1&seen=9", "", 9)]
)
def test_a_line_says_what_it_saw_last(query: bytes, header: str, seen: int) -> None:
    assert lines.seen_in({"query_string": query}, {"last-event-id": header}) == seen


def test_one_signal_tells_of_all_that_happened_and_only_where_it_did() -> None:
    async def listen() -> tuple[list[Signal], int]:
        feed, here, elsewhere = Feed(), Listener(1), Listener(2)
        feed.listeners = {here, elsewhere}
        told = [
            Told(place=Place(9, n), stream="interaction:1", event="note.added", partner_id=3, actor_id=n)
            for n in (1, 2)
        ]
        feed.tell_of(told)
        return [here.waiting.get_nowait()], here.waiting.qsize() + elsewhere.waiting.qsize()

    assert alone(listen()) == ([Signal(kind="changed", by=2)], 0)


def test_a_list_is_told_once_for_all_that_happens_within_a_while() -> None:
    def entry(number: int, stream: str) -> Told:
        return Told(place=Place(9, number), stream=stream, event="x", partner_id=3, actor_id=1)

    async def listen() -> list[int]:
        feed, queue, matter = Feed(), Listener(EVERYTHING), Listener(1)
        feed.listeners = {queue, matter}
        heard = []
        for now, told in (
            (0.0, [entry(1, "partner:1")]),
            (1.0, [entry(2, "interaction:7"), entry(3, "interaction:8")]),
            (2.0, [entry(4, "interaction:7")]),
            (4.0, []),
            (9.0, []),
        ):
            feed.tell_lists(told, now=now)
            heard.append(queue.waiting.qsize())
        return [*heard, matter.waiting.qsize()]

    assert alone(listen()) == [0, 1, 1, 2, 2, 0]


@pytest.mark.django_db
def test_a_list_is_told_where_somebody_came_or_left_and_one_that_joins_what_was_so_lately() -> None:
    rosa = an_actor_for(a_representative())
    database.flush_broker()

    async def listen() -> list[list[Signal]]:
        feed, queue, matter = Feed(), Listener(EVERYTHING), Listener(7)
        feed.listeners = {queue, matter}
        for now, place in ((1.0, 7), (2.0, None), (3.0, 8), (5.0, 8), (9.0, 8)):
            for one in (7, 8):
                presence.leave(one, rosa)
            if place:
                presence.beat(place, rosa, is_writing=False, now=time.time())
            await feed.look_around(now=now)
            feed.tell_lists_who_moved(now=now)
        feed.follower = asyncio.create_task(asyncio.sleep(9))
        late = await feed.join(EVERYTHING)
        return [[one.waiting.get_nowait() for _ in range(one.waiting.qsize())] for one in (queue, matter, late)]

    def moved(*where: int) -> Signal:
        return Signal(kind="present", where=where)

    assert alone(listen()) == [[moved(7), moved(7, 8)], [moved(), moved()], [moved(7, 8)]]


def test_who_reads_no_more_is_let_go() -> None:
    async def flood() -> bool:
        listener = Listener(1)
        for _ in range(MOST_WAITING + 1):
            listener.tell(Signal(kind="present"))
        return listener.is_lost

    assert alone(flood())
