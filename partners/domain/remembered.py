"""Configuration changes rarely and is read for every request: each process reads it again after a few seconds."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

MOST_KEYS = 1000


class Remembered(Generic[Key, Value]):
    """What `load` found for a key, kept for CONFIGURATION_SECONDS and shared: only read it. None is not kept."""

    def __init__(self, load: Callable[[Key], Value]) -> None:
        self.load = load
        self.found: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key) -> Value:
        known = self.found.get(key)
        now = time.monotonic()
        if known is not None and known[0] > now:
            return known[1]
        value = self.load(key)
        if value is not None and settings.CONFIGURATION_SECONDS > 0:
            if len(self.found) >= MOST_KEYS:
                self.found.clear()
            self.found[key] = (now + settings.CONFIGURATION_SECONDS, value)
        return value
