"""Finding, starting and ending processes of this machine. Linux: `/proc` says who works where."""

import contextlib
import ctypes
import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # seconds a server may take to start (crash recovery included) or to stop

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
LIBC = ctypes.CDLL(None)  # opened before any fork: a child must not take locks to find it

_children: list[subprocess.Popen[bytes]] = []  # servers outlive the call that started them


class ServerDidNotStart(Exception):
    def __init__(self, program: str, log: Path) -> None:
        lines = log.read_text(errors="replace").strip().splitlines()
        super().__init__(f"{program} did not start; {log} ends with: {lines[-1] if lines else 'nothing'}")


def wheel(package: str) -> Path:
    """Where a package lies. Importing those with servers in them would start looking for users and ports."""
    specification = importlib.util.find_spec(package)
    if specification is None or specification.origin is None:
        raise SystemExit(f"the package {package} is not installed; set DATABASE_URL and BROKER_URL to do without it")
    return Path(specification.origin).parent


def start(command: list[str], directory: Path, answers: Callable[[], bool], *, tied: bool, **options: Any) -> None:
    """A server working in this directory, ready when it answers; its log lies beside.

    In a session of its own, so that Ctrl-C in a terminal reaches us and not the server.
    """
    log = directory.with_suffix(".log")
    if tied:
        options["preexec_fn"] = ended_with_parent(signal.SIGINT)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - the wheels' own programs
            command, cwd=directory, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options,
        )  # fmt: skip
    if not until(lambda: child.poll() is not None or answers(), PATIENCE) or not answers():
        child.kill()
        child.wait()
        raise ServerDidNotStart(Path(command[0]).name, log)
    _children.append(child)


def forget_ended_children() -> None:
    """Take their exit codes; until then the kernel keeps them as zombies."""
    _children[:] = [child for child in _children if child.poll() is None]


def joined(directory: Path, program: str, answers: Callable[[], bool]) -> bool:
    """Whether a server of this directory answers; one that hangs, or whose leader was killed, is cleared away."""
    return answers() or gone_or_killed(directory, program, answers)


def gone_or_killed(directory: Path, program: str, answers: Callable[[], bool]) -> bool:
    """Wait until the server answers (True) or nothing of it is left (False)."""
    if not until(lambda: answers() or not at_work(directory, program), PATIENCE):
        send(at_work(directory, program), signal.SIGKILL)
        until(lambda: not at_work(directory, program), PATIENCE)
    return answers()


def ended_with_parent(how: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends this signal when the starter is gone, kill -9 included."""

    def tie() -> None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, int(how), 0, 0, 0)

    return tie


def at_work(directory: Path, program: str) -> dict[int, int]:
    """Processes of this program whose working directory this is: pid -> parent's pid.

    A pid file cannot be trusted for this: after a crash its number may be somebody else's.
    """
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
            if name == program[:15] and (process / "cwd").readlink() == directory:
                found[int(process.name)] = int(rest.split()[1])
    return found


def leaders(found: dict[int, int]) -> list[int]:
    """Those that were not started by another of them."""
    return [pid for pid, parent in found.items() if parent not in found]


def send(pids: Iterable[int], how: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until it holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
