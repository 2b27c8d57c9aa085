"""Following the record while others write: the order of commits is not the order of ids."""

import threading
import time
from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.utils import timezone

from partners.domain import following, record
from partners.domain.following import Place, Told
from partners.payloads import SYSTEM, Fact

# with the tests of the demo world, which hold one transaction open for many seconds
pytestmark = pytest.mark.xdist_group("seed")


def note(stream: str) -> None:
    record.append(Fact(stream=stream, event="test.noted", actor=SYSTEM, at=timezone.now()))


def heard(place: Place, count: int, *, most: int = following.MOST) -> Sequence[Told]:
    """What was told after a place once so much is decided: whoever else works in this server holds it up."""
    until = time.monotonic() + 60
    while len(found := following.after(place, most=most)) < count and time.monotonic() < until:
        time.sleep(0.05)
    return found


def test_what_commits_late_is_neither_missed_nor_told_twice(committed_db: dict[str, str]) -> None:
    place = following.here()
    begun, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                note("slow")
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert begun.wait(20)
    note("quick")  # has a later transaction and commits first
    early = following.after(place)
    go_on.set()
    slow.join()

    late = heard(place, 2)

    assert [one.stream for one in early] == []
    assert [one.stream for one in late] == ["slow", "quick"]
    assert following.after(late[-1].place) == []


def test_only_so_many_are_told_at_once(committed_db: dict[str, str]) -> None:
    place = following.here()
    for number in range(3):
        note(f"s{number}")

    first = heard(place, 2, most=2)

    assert [one.stream for one in first] == ["s0", "s1"]
    assert [one.stream for one in heard(first[-1].place, 1)] == ["s2"]
