"""`make year`: ten thousand matters through one year of a team, in a database of its own; prints what came of it.

python -m tests.year --interactions 1000 --days 60     a shorter one
"""

import argparse
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import installation


def main() -> int:
    parser = argparse.ArgumentParser(prog="make year", description=__doc__)
    parser.add_argument("--interactions", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bpim-year-") as folder:
        Path(folder).chmod(0o755)
        with installation.running(Path(folder), throwaway=True):
            from tests.year import findings, scene  # models can be imported once the settings know the database
            from tests.year.life import Life

            started = time.monotonic()
            begin = datetime(2026, 1, 5, tzinfo=UTC)
            life = Life(scene=scene.build(), begin=begin, **vars(arguments))
            life.run()
            print(f"{arguments.interactions:,} matters in {arguments.days} days, {time.monotonic() - started:.0f} s")
            found = findings.of(life)
    for name, value in asdict(found).items():
        print(f"{name:>20}  {len(value) if isinstance(value, list) else value:,}")
    for name, faults in found.faults.items():
        print(name, *faults[:20], sep="\n  ")
    return 1 if found.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
