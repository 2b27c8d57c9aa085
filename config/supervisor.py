"""Several processes as one: their output side by side, their lives tied together."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import processes

GRACE = 10.0  # seconds to end in good order before being killed
SHORT_LIFE = 5.0  # seconds; who lives shorter did not really start
FALSE_STARTS = 3  # in a row, before everything stops
LONGEST_PAUSE = 30.0  # seconds between a death and the next start
COLOURS = (36, 33, 35, 32, 34)


@dataclass
class Service:
    """One program to keep alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    false_starts: int = 0
    unfinished: bytes = field(default=b"", repr=False)


class Supervisor:
    """Runs until a signal or a service that will not start. One thread, to which the children are tied."""

    def __init__(self, services: list[Service], *, directory: Path, tick: Callable[[], None] = lambda: None) -> None:
        self.services = services
        self.directory = directory
        self.tick = tick
        self.failed = False
        self._signals = 0
        self._selector = selectors.DefaultSelector()
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._width = max(len(service.name) for service in services)

    def run(self) -> int:
        """The exit code: 0 when asked to stop, 1 when a service kept dying."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        try:
            while not (self._signals or self.failed):
                self._start_due()
                self._read(0.2)
                self._look_after_the_dead()
                self.tick()
        finally:
            self._stop()
        return int(self.failed)

    def say(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def _note_signal(self, *_: object) -> None:
        self._signals += 1

    def _start_due(self) -> None:
        for service in self.services:
            if service.process is None and time.monotonic() >= service.start_at:
                service.started_at = time.monotonic()
                service.process = subprocess.Popen(  # noqa: S603 - our own programs
                    service.command,
                    cwd=self.directory,
                    env=os.environ | {"PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=processes.ended_with_parent(signal.SIGTERM),  # noqa: PLW1509 - we have one thread
                )
                self._selector.register(self._output(service), selectors.EVENT_READ, service)

    def _look_after_the_dead(self) -> None:
        for service in self.services:
            if service.process is None or service.process.poll() is None:
                continue
            code = service.process.returncode
            lived = time.monotonic() - service.started_at
            self._bury(service)
            service.false_starts = service.false_starts + 1 if lived < SHORT_LIFE else 0
            if service.false_starts >= FALSE_STARTS:
                self.say(f"{service.name} does not start (exit code {code}); everything stops.")
                self.failed = True
                return
            pause = min(2.0**service.false_starts, LONGEST_PAUSE)
            service.start_at = time.monotonic() + pause
            self.say(f"{service.name} ended with exit code {code}; it starts again in {pause:.0f} s.")

    def _bury(self, service: Service) -> None:
        """What it started dies with it: a left-over child would keep its port."""
        if service.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.process.pid, signal.SIGKILL)
        service.process.wait()
        self._take(service)
        self._selector.unregister(self._output(service))
        self._output(service).close()
        service.process = None

    def _stop(self) -> None:
        alive = [service for service in self.services if service.process]
        processes.send((service.process.pid for service in alive if service.process), signal.SIGTERM)
        asked, deadline = self._signals, time.monotonic() + GRACE
        while time.monotonic() < deadline and self._signals <= max(asked, 1):  # a second Ctrl-C ends the patience
            self._read(0.1)
            if all(service.process is None or service.process.poll() is not None for service in alive):
                break
        for service in alive:
            self._bury(service)

    def _read(self, seconds: float) -> None:
        ready = self._selector.select(seconds)
        if not ready:
            return
        for key, _ in ready:
            self._take(key.data)

    def _take(self, service: Service) -> None:
        """Print the complete lines; keep the rest for the next time."""
        output = self._output(service)
        os.set_blocking(output.fileno(), False)
        with contextlib.suppress(BlockingIOError):
            chunk = os.read(output.fileno(), 65536)
            if not chunk and service.process and service.process.poll() is None:
                time.sleep(0.05)  # it closed its output and lives on: no busy loop
            *lines, service.unfinished = (service.unfinished + chunk).split(b"\n")
            for line in lines:
                self.say(self._prefix(service) + line.decode(errors="replace").rstrip("\r"))

    def _prefix(self, service: Service) -> str:
        name = f"{service.name:<{self._width}} | "
        if not self._coloured:
            return name
        return f"\x1b[{COLOURS[self.services.index(service) % len(COLOURS)]}m{name}\x1b[0m"

    @staticmethod
    def _output(service: Service) -> IO[bytes]:
        if service.process is None or service.process.stdout is None:
            raise LookupError(f"{service.name} is not running")
        return service.process.stdout
