"""How often somebody may call in a minute: counted in the shared cache, for each client and for each address.

While the cache does not answer nobody is counted, and nobody waits for it twice.
"""

import logging
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from redis import Redis, RedisError

from partners.api.errors import Problem
from partners.api.origin import address_of

logger = logging.getLogger(__name__)

MINUTE = 60
PATIENCE = 0.25  # seconds; the cache is next door
PAUSE = 30.0  # seconds in which a cache that did not answer is left alone


class Counters:
    """The counters of this minute, shared by all processes."""

    def __init__(self, address: str) -> None:
        self.redis = Redis.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self.silent_until = 0.0

    def add(self, names: list[str], *, minute: int) -> list[int]:
        """Count one more for each and return the sums; nothing while the cache is silent."""
        if time.monotonic() < self.silent_until:
            return []
        try:
            with self.redis.pipeline(transaction=False) as commands:
                for name in names:
                    key = f"bpim:calls:{name}:{minute}"
                    commands.incr(key)
                    commands.expire(key, 2 * MINUTE)
                return [int(answer) for answer in commands.execute()[::2]]
        except RedisError as failure:
            self.silent_until = time.monotonic() + PAUSE
            logger.warning("Calls are not counted for %d s: %s", PAUSE, failure)
            return []


@cache
def counters(address: str) -> Counters:
    return Counters(address)


def check(request: HttpRequest, *, client: str = "") -> None:
    """Count a call, and raise Problem 429 for one too many; `client` is known once it has proven itself."""
    most = {
        f"address:{address_of(request)}": settings.API_CALLS_PER_ADDRESS,
        **({f"client:{client}": settings.API_CALLS_PER_CLIENT} if client else {}),
    }
    limited = {name: limit for name, limit in most.items() if limit > 0}
    if not limited:
        return
    now = time.time()
    sums = counters(settings.CACHES["default"]["LOCATION"]).add(list(limited), minute=int(now) // MINUTE)
    if any(made > limit for made, limit in zip(sums, limited.values(), strict=False)):
        wait = MINUTE - int(now) % MINUTE
        raise Problem("53", f"Call again in {wait} seconds.", status=429, headers={"Retry-After": str(wait)})
