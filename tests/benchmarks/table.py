"""What is printed: the machine, and a line for every case."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.effort import Effort

HEAD = (
    f"{'case':<34} {'per second':>11} {'median ms':>10} {'p95 ms':>8} {'p99 ms':>8}"
    f"  {'web':>5} {'data':>5} {'load':>5}  note"  # ms of processor time for one
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured case; latencies in seconds, empty where only the rate was measured; `effort` for all of it."""

    case: str
    per_second: float
    latencies: Sequence[float] = ()
    effort: Effort | None = None
    note: str = ""


def machine(interactions: int) -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} x {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; {interactions:,} interactions; "
        "web, PostgreSQL and load share the machine\n"
    )


def line(row: Row) -> str:
    return f"{row.case:<34} {row.per_second:>11,.0f} {quantiles(row.latencies)}  {efforts(row)}  {row.note}"


def efforts(row: Row) -> str:
    """Milliseconds of processor time for one."""
    if row.effort is None or not row.latencies:
        return f"{'':>5} {'':>5} {'':>5}"
    each = 1000 / len(row.latencies)
    return f"{row.effort.web * each:>5.2f} {row.effort.database * each:>5.2f} {row.effort.load * each:>5.2f}"


def quantiles(latencies: Sequence[float]) -> str:
    if len(latencies) < 2:
        return f"{'':>10} {'':>8} {'':>8}"
    cuts = statistics.quantiles(latencies, n=100)
    return f"{statistics.median(latencies) * 1000:>10.1f} {cuts[94] * 1000:>8.1f} {cuts[98] * 1000:>8.1f}"
