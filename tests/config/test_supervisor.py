"""Several processes as one, tried with small programs."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import processes

STEADY = "print('up', flush=True); import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('child', c.pid, flush=True); time.sleep(60)"
)
DYING = "raise SystemExit(3)"
SUPERVISE = """
    import sys
    from pathlib import Path
    from config import supervisor
    supervisor.GRACE = 1.0
    services = [supervisor.Service(name, [sys.executable, "-c", code]) for name, code in zip("abc", sys.argv[1:])]
    sys.exit(supervisor.Supervisor(services, directory=Path.cwd()).run())
"""


@contextmanager
def supervised(*programs: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", textwrap.dedent(SUPERVISE), *programs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        yield process
        process.kill()


def next_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().rstrip()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """A zombie is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def none_alive(pids: list[int]) -> bool:
    return processes.until(lambda: not any(is_alive(pid) for pid in pids), 5)


def test_output_carries_the_name_of_its_program() -> None:
    with supervised(STEADY, STEADY) as process:
        assert {next_line(process), next_line(process)} == {"a | up", "b | up"}


def test_an_interrupt_stops_every_program() -> None:
    with supervised(STEADY, STEADY) as process:
        next_line(process)
        next_line(process)
        started = children(process.pid)
        assert len(started) == 2

        process.send_signal(signal.SIGINT)

        assert process.wait(5) == 0
        assert none_alive(started)


def test_a_program_that_ignores_the_request_is_killed() -> None:
    with supervised(STUBBORN) as process:
        next_line(process)
        started = children(process.pid)

        process.send_signal(signal.SIGTERM)

        assert process.wait(5) == 0
        assert none_alive(started)


def test_what_a_program_started_dies_with_it_and_the_program_comes_back() -> None:
    with supervised(PARENT) as process:
        grandchild = int(next_line(process).split()[-1])
        os.kill(children(process.pid)[0], signal.SIGKILL)

        assert next_line(process) == "a ended with exit code -9; it starts again in 2 s."
        assert none_alive([grandchild])
        assert next_line(process).startswith("a | child ")


def test_a_killed_supervisor_leaves_no_program_behind() -> None:
    with supervised(STEADY, PARENT) as process:
        next_line(process)
        next_line(process)
        started = children(process.pid)

        process.kill()

        assert none_alive(started)


def test_a_program_that_never_starts_stops_everything() -> None:
    began = time.monotonic()
    with supervised(STEADY, DYING) as process:
        assert process.stdout
        lines = process.stdout.read().splitlines()

        assert process.wait(5) == 1
        assert lines[-1] == "b does not start (exit code 3); everything stops."
        assert time.monotonic() - began < 15
