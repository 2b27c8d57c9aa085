"""What changes rarely and is needed for every request: each process asks for it again after a few seconds."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings

from partners.domain import fence

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

MOST_KEYS = 1000


class Remembered(Generic[Key, Value]):
    """What `load` found for a key, kept for a while and shared: only read it. None is not kept.

    The while is CONFIGURATION_SECONDS, or `seconds` for what no page could ask for each time.
    """

    def __init__(self, load: Callable[[Key], Value], *, seconds: float | None = None) -> None:
        self.load = load
        self.seconds = seconds
        self.found: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key) -> Value:
        known = self.peek(key)
        if known is not None:
            return known
        with fence.standing_for(fence.ENTERPRISE):  # what one partner's request finds is kept for all
            value = self.load(key)
        if value is not None:
            self.keep(key, value)
        return value

    def peek(self, key: Key) -> Value | None:
        if self.lasting() <= 0:
            return None
        until, value = self.found.get(key, (0.0, None))
        return value if until > time.monotonic() else None

    def keep(self, key: Key, value: Value) -> None:
        if len(self.found) >= MOST_KEYS:
            self.found.clear()
        if (lasting := self.lasting()) > 0:
            self.found[key] = (time.monotonic() + lasting, value)

    def lasting(self) -> float:
        return float(settings.CONFIGURATION_SECONDS if self.seconds is None else self.seconds)

    def forget(self) -> None:
        """In this process; others ask again in their own time."""
        self.found.clear()
