"""Processor time, which says what a request costs even where the machine has other work."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Seconds of processor time: of the web processes, of PostgreSQL, and of whoever measures."""

    web: float
    database: float
    load: float

    def since(self, before: "Effort") -> "Effort":
        return Effort(web=self.web - before.web, database=self.database - before.database, load=self.load - before.load)


def spent(web: int, database: int) -> Effort:
    """What these processes and those they started have used so far."""
    return Effort(web=of_tree(web), database=of_tree(database), load=of_tree(os.getpid(), alone=True))


def of_tree(pid: int, *, alone: bool = False) -> float:
    own = sum(times_of(pid)[: 2 if alone else 4])
    return own / TICKS if alone else own / TICKS + sum(of_tree(child) for child in children_of(pid))


def times_of(pid: int) -> list[int]:
    """Ticks in the program, in the kernel, and the same of children that ended and were waited for."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # it has just ended; its parent has its times by now
        return [0, 0, 0, 0]
    return [int(value) for value in content.rpartition(")")[2].split()[11:15]]


def children_of(pid: int) -> Iterator[int]:
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from (int(child) for child in tasks.read_text().split())
