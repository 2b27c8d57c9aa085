"""Checking and exporting while others write: what comes meanwhile is neither missing nor too much."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from partners.domain import exports, record, seals, verification
from partners.domain.chain import Sealed
from tests.partners.test_record import a_fact

STREAM = "interaction:1"


def by_another() -> threading.Thread:
    """Somebody else's entry, on a connection of their own."""

    def write() -> None:
        record.append(a_fact(STREAM))
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    return writer


@pytest.mark.parametrize(
    "look",
    [
        lambda folder: verification.verify(folder=folder, public_key=None).entries,
        lambda folder: (
            exports.write(folder, stream=None, checkpoint_folder=folder)
            and exports.verify(folder, public_key=None).entries
        ),
    ],
    ids=["verify", "export"],
)
@pytest.mark.parametrize("is_after", [False, True], ids=["before the entries are read", "after"])
def test_what_is_written_meanwhile_is_no_fault(
    committed_db: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    look: Callable[[Path], int],
    is_after: bool,
) -> None:
    record.append(a_fact(STREAM))
    read = record.entries_in_order

    def slowly(stream: str | None = None) -> Iterator[Sealed]:
        if not is_after:
            by_another().join()
        yield from read(stream)
        if is_after:
            by_another().join()

    monkeypatch.setattr(record, "entries_in_order", slowly)

    assert 1 <= look(tmp_path) <= 2
    monkeypatch.undo()
    assert verification.verify(folder=tmp_path, public_key=None).entries == 2


def test_a_proof_is_made_of_what_stood_when_it_began(
    committed_db: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record.append(a_fact(STREAM))
    read, writers = record.entries_in_order, []

    def slowly(stream: str | None = None) -> Iterator[Sealed]:
        writers.append(by_another())
        writers[0].join(0.3)  # it has to wait; where it does not, its entry is read below
        yield from read(stream)

    monkeypatch.setattr(record, "entries_in_order", slowly)
    seal = seals.check(STREAM)
    writers[0].join()

    assert seal is not None
    assert (seal.fault, seal.length) == ("", 1)
    assert len(list(read(STREAM))) == 2
