"""One running product for all journeys: started once, and emptied between them, which takes a tenth of a start."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests import database
from tests.journeys import system
from tests.journeys.system import System

BINDINGS = "_kombu.binding"  # where the broker keeps which queue belongs to which exchange; said once, at the start
KEPT_BY_JOURNEYS = ("mail", "attachments", "checkpoints")
AT_REST = 10.0  # seconds in which what a journey began comes to its end


@dataclass
class Shared:
    """What runs, and for which variables; a journey that wants others has it started anew."""

    running: System | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, bytes] = field(default_factory=dict)
    started: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @contextlib.contextmanager
    def emptied(self) -> Iterator[None]:
        """A database as new for one journey, beneath the running product."""
        self.content = self.content or database.content()
        try:
            yield
        finally:
            database.refill(self.content)
            database.flush_broker(but=BINDINGS)

    def product(self, environment: dict[str, str], folder: Path) -> System:
        """The product with these variables; it has nothing of an earlier journey."""
        is_whole = self.running is not None and all(one.process.poll() is None for one in self.running.programs)
        if self.running is None or not is_whole or self.variables != environment:
            self.stop()
            self.running, self.variables = self.started.enter_context(system.running(environment, folder)), environment
        return self.running

    def come_to_rest(self) -> None:
        """Let what is on its way arrive, and clear up after it; where something never does, the product is stopped."""
        assert self.running is not None
        try:
            self.running.settle(seconds=AT_REST)
        except AssertionError:
            self.stop()
            return
        for name in KEPT_BY_JOURNEYS:
            shutil.rmtree(self.running.var_dir / name, ignore_errors=True)
        for program in self.running.programs:
            program.log.write_bytes(b"")

    def stop(self) -> None:
        self.started.close()
        self.running = None

    def leave(self) -> None:
        """After the last journey: the tests that follow find their database as they know it."""
        if self.content:
            self.stop()
            self.content = {}
            database.renew()
