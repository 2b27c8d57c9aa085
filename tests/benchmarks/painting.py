"""How soon a page is there for somebody with a slow machine and an empty cache, in Chromium."""

import argparse
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.installation import Web, World
from tests.benchmarks.table import Row
from tests.journeys.browser import LARGEST, NOTED, launched

SLOWER = 4  # times less processor than this machine has
VISITS = 7


def painting(world: World, web: Web, arguments: argparse.Namespace) -> Iterator[Row]:
    """Until the largest piece of a page is painted: goal < 1 s."""
    ours, theirs = ({"Cookie": f"__Host-session={key}"} for key in (world.session, world.partner_session))
    pages = {
        "Sign-in": ("/account/login/", {}),
        "Queue": ("/console/queue/", ours),
        "Interaction": (f"/console/interactions/{world.numbers[0]}/", ours),
        "Portal": ("/portal/", theirs),
        "New request": ("/portal/interactions/new/", theirs),
    }
    with sync_playwright() as playwright, launched(playwright) as browser:
        for name, (path, headers) in pages.items():
            largest = [painted(browser, f"http://{web.host}:{web.port}{path}", headers) for _ in range(VISITS)]
            note = f"processor {SLOWER} times slower, cache empty"
            yield Row(case=f"{name} painted", per_second=1 / max(largest), latencies=largest, note=note)


def painted(browser: Browser, address: str, headers: dict[str, str]) -> float:
    """Seconds from the click until the largest contentful paint."""
    context = browser.new_context(extra_http_headers=headers)
    page = context.new_page()
    page.add_init_script(NOTED)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(500)  # something larger may follow
    seconds = float(page.evaluate(LARGEST)) / 1000
    context.close()
    return seconds
