"""Two web processes side by side: what one of them costs more, told by turns, since a machine is never equally busy."""

import argparse
import statistics
from dataclasses import dataclass

from tests.benchmarks import effort, load
from tests.benchmarks.effort import Effort
from tests.benchmarks.installation import Web
from tests.benchmarks.load import Make, Result
from tests.benchmarks.table import Row

ROUNDS = 7


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What came out while one of the two was asked."""

    result: Result
    effort: Effort

    @property
    def each(self) -> float:
        """Milliseconds of processor time for one answer, of the web process and of PostgreSQL."""
        return (self.effort.web + self.effort.database) * 1000 / len(self.result.latencies)

    @property
    def median(self) -> float:
        return statistics.median(self.result.latencies) * 1000


def measure(name: str, make: Make, *, fenced: Web, unfenced: Web, arguments: argparse.Namespace) -> Row:
    """The fenced one's figures; the note tells the medians of both and of what each round's pair differed by."""
    for web in (fenced, unfenced):
        turn(make, web, arguments, seconds=1.0)
    rounds: list[tuple[Turn, Turn]] = []
    for number in range(ROUNDS):
        first, second = (fenced, unfenced) if number % 2 else (unfenced, fenced)
        turns = {web.port: turn(make, web, arguments, seconds=arguments.seconds / ROUNDS) for web in (first, second)}
        rounds.append((turns[fenced.port], turns[unfenced.port]))
    middle = sorted(rounds, key=lambda pair: pair[0].each)[ROUNDS // 2][0]
    return Row(
        case=name,
        per_second=statistics.median(pair[0].result.per_second for pair in rounds),
        latencies=middle.result.latencies,
        effort=middle.effort,
        note=compared(rounds),
    )


def turn(make: Make, web: Web, arguments: argparse.Namespace, *, seconds: float) -> Turn:
    before = effort.spent(web.pid, web.database_pid)
    result = load.run(make, host=web.host, port=web.port, connections=arguments.connections, seconds=seconds)
    return Turn(result=result, effort=effort.spent(web.pid, web.database_pid).since(before))


def compared(rounds: list[tuple[Turn, Turn]]) -> str:
    told = []
    for what, unit in (("each", "ms of processor"), ("median", "ms")):
        fenced, unfenced = ([getattr(pair[side], what) for pair in rounds] for side in (0, 1))
        more = statistics.median(one / other - 1 for one, other in zip(fenced, unfenced, strict=True))
        told.append(f"{statistics.median(fenced):.2f} / {statistics.median(unfenced):.2f} {unit} ({more:+.1%})")
    return "with / without: " + ", ".join(told)
