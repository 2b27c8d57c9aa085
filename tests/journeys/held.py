"""Requests of a page that are held back until a journey lets them go, as on a slow line."""

import re
import time

from playwright.sync_api import Page, Route

from tests.journeys.windows import PATIENCE


class Held:
    """The next requests for an address; each waits until it is taken and continued or aborted."""

    def __init__(self, page: Page, address: str | re.Pattern[str], *, times: int = 1) -> None:
        self.page, self.waiting = page, list[Route]()
        page.route(address, lambda route: self.waiting.append(route), times=times)  # noqa: PLW0108 - it marks what it is given

    def take(self) -> Route:
        """The oldest that waits, once there is one: what the page shows at once is there before the request is."""
        until = time.monotonic() + PATIENCE / 1000
        while not self.waiting:
            assert time.monotonic() < until, "nothing was asked for"
            self.page.wait_for_timeout(20)
        return self.waiting.pop(0)
