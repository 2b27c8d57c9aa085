"""What is printed: the machine, and a line for every case."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = f"{'case':<34} {'per second':>11} {'median ms':>10} {'p95 ms':>8} {'p99 ms':>8}  note"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measured case; latencies in seconds, empty where only the rate was measured."""

    case: str
    per_second: float
    latencies: Sequence[float] = ()
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
    return f"{row.case:<34} {row.per_second:>11,.0f} {quantiles(row.latencies)}  {row.note}"


def quantiles(latencies: Sequence[float]) -> str:
    if len(latencies) < 2:
        return f"{'':>10} {'':>8} {'':>8}"
    cuts = statistics.quantiles(latencies, n=100)
    return f"{statistics.median(latencies) * 1000:>10.1f} {cuts[94] * 1000:>8.1f} {cuts[98] * 1000:>8.1f}"
