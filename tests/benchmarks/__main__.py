"""`make bench`: how fast the product is on this machine, over HTTP, with real PostgreSQL and load on the same machine.

    python -m tests.benchmarks                       100,000 interactions, every case
    python -m tests.benchmarks --interactions 5000   a quick look
    python -m tests.benchmarks --only create,list    some cases

The database is made anew on disk with its usual durability (fsync and synchronous_commit on) and removed at the end;
`--keep FOLDER` keeps it there, and uses it again the next time.
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import installation, table


def main() -> None:
    arguments = read_arguments()
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpim-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        stack.enter_context(installation.running(folder))
        from tests.benchmarks import cases  # the models can be imported once the settings know the database

        world = installation.fill(arguments.interactions)
        web = stack.enter_context(installation.web(folder))
        print(table.machine(arguments.interactions))
        print(table.HEAD)
        for case in cases.ALL:
            if not arguments.only or case.__name__ in arguments.only:
                for row in case(world, web, arguments):
                    print(table.line(row), flush=True)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--interactions", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each case runs")
    parser.add_argument("--only", type=lambda names: set(names.split(",")), default=set())
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
