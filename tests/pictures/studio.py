"""The camera: a window for each viewer, width and theme, and a picture of each sight."""

import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby, product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from partners.enums import AssuranceLevel
from partners.models import User
from tests.factories import world
from tests.journeys.browser import launched
from tests.pictures.sights import Sight

HEIGHTS = {1440: 900, 1280: 800, 390: 844}
PHONE = 600
SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"


def photograph(
    sights: Iterable[Sight], url: str, output: Path, widths: Iterable[int], themes: Iterable[str]
) -> list[str]:
    """Write `<page>.<situation>.<width>.<theme>.png`; what is wrong at first sight, in words."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    by_viewer = [(who, list(group)) for who, group in groupby(sights, key=lambda sight: (sight.viewer, sight.level))]
    faults: list[str] = []
    with sync_playwright() as playwright, launched(playwright) as browser:
        for ((viewer, level), seen), width, theme in product(by_viewer, widths, themes):
            with window(browser, url, viewer, level, width, theme) as context:
                faults += shots(context.new_page(), seen, output, f"{width}.{theme}")
    return faults


def window(
    browser: Browser, url: str, viewer: User | None, level: AssuranceLevel, width: int, theme: str
) -> BrowserContext:
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        is_mobile=width < PHONE,
        has_touch=width < PHONE,
    )
    if viewer is not None:
        cookie = world.signed_in(viewer, level=level).cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": url}])
    return context


def photograph_whole(page: Page, file: Path) -> None:
    """From top to bottom; a phone is made as long as the page, since beyond its glass it would be drawn as a desk."""
    size = page.viewport_size
    assert size is not None
    if size["width"] >= PHONE:
        page.screenshot(path=file, full_page=True)
        return
    height = max(size["height"], int(page.evaluate("() => document.documentElement.scrollHeight")))
    page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=file)
    page.set_viewport_size(size)


def shots(page: Page, sights: list[Sight], output: Path, ending: str) -> Iterator[str]:
    for sight in sights:
        answer = page.goto(sight.path)
        page.wait_for_load_state("networkidle")
        photograph_whole(page, output / f"{sight.file}.{ending}.png")
        if answer is not None and answer.status >= 400:
            yield f"{sight.path} ({sight.situation}, {sight.viewer}): answered {answer.status}"
        if page.evaluate(SIDEWAYS):
            yield f"{sight.path} ({sight.situation}) scrolls sideways at {ending}"
