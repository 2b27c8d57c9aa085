"""The cache that all processes share: it counts attempts, and remembers which one-time codes were used.

While it does not answer each process counts for itself, so that people still come in and guessing is still stopped.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

logger = logging.getLogger(__name__)

PAUSE = 30.0  # seconds in which a cache that did not answer is left alone


class SharedCache(RedisCache):
    """Valkey, or the process's own memory for as long as that is silent; what is used of a cache here, and no more."""

    silent_until: ClassVar[dict[str, float]] = {}  # by address; every thread has a cache object of its own

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.address = server
        self.own = LocMemCache(server, {**params, "OPTIONS": {}})

    def add(self, key: Any, *args: Any, **given: Any) -> bool:
        return bool(self.either(super().add, self.own.add, key, *args, **given))

    def get(self, key: Any, *args: Any, **given: Any) -> Any:
        return self.either(super().get, self.own.get, key, *args, **given)

    def set(self, key: Any, *args: Any, **given: Any) -> None:
        self.either(super().set, self.own.set, key, *args, **given)

    def delete(self, key: Any, *args: Any, **given: Any) -> bool:
        return bool(self.either(super().delete, self.own.delete, key, *args, **given))

    def incr(self, key: Any, *args: Any, **given: Any) -> int:
        self.own.add(key, 0)  # it may have been begun where nobody answers any more
        return int(self.either(super().incr, self.own.incr, key, *args, **given))

    def either(self, shared: Callable[..., Any], own: Callable[..., Any], *args: Any, **given: Any) -> Any:
        if time.monotonic() >= self.silent_until.get(self.address, 0.0):
            try:
                return shared(*args, **given)
            except RedisError as failure:
                self.silent_until[self.address] = time.monotonic() + PAUSE
                logger.warning("The shared cache is left alone for %d s: %s", PAUSE, failure)
        return own(*args, **given)
