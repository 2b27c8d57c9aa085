"""Looking at pages with the eyes of a machine: what axe finds in light and in dark, and which pages were looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from tests.journeys import targets
from tests.journeys.browser import NOTED, SHIFT

FINDINGS = """rules => axe.run(document, {preload: false, iframes: false, resultTypes: ["violations"], ...rules}).then(
    found => found.violations.flatMap(violation => violation.nodes.map(
        node => `${violation.id}: ${violation.help}: ${node.html.slice(0, 300)}`)))"""
# colours glide; asked frame by frame, since the promise of an animation's end is not kept once nothing more is drawn
DRAWN = """async () => {
    const frame = () => new Promise(done => requestAnimationFrame(done));
    const glides = one => one.playState === "running" && one.effect.getTiming().iterations !== Infinity;
    await frame();
    do { await frame(); } while (document.getAnimations().some(glides));
}"""
MOST_SHIFT = 0.05
COLOURS = {"runOnly": ["color-contrast"]}  # all that a dark page can do worse than the same page in light


@dataclass
class Walk:
    """A walk through pages in one window; faults are gathered, so that one walk tells of all."""

    page: Page
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(Axe().axe_script)
        self.page.add_init_script(NOTED)

    def look(self, path: str, *, status: int = 200) -> None:
        """Open a page and let axe look at it in light and in dark."""
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        answer = self.page.goto(path)
        assert answer is not None
        if answer.status != status:
            self.faults.append(f"{path}: answered {answer.status}")
        else:
            self.seen.add(resolve(path.partition("?")[0]).view_name if status == 200 else "")
        if (shift := float(self.page.evaluate(SHIFT))) >= MOST_SHIFT:
            self.faults.append(f"{path}: moves while it is drawn, by {shift:.3f}")
        self.faults += targets.too_small(self.page, path)
        self.judge(path)

    def judge(self, path: str) -> None:
        """What is shown now, in light and then in dark."""
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.faults += [f"{path}: {finding}" for finding in self.page.evaluate(FINDINGS, {})]
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.page.evaluate(DRAWN)
        self.faults += [f"{path} in the dark: {finding}" for finding in self.page.evaluate(FINDINGS, COLOURS)]

    def not_looked_at(self, audience: str) -> set[str]:
        """Pages of an audience (console, portal) that the walk left out; addresses that only act are none."""
        return {name for name in page_names() if name.startswith(f"{audience}-")} - self.seen


def page_names() -> Iterator[str]:
    """Every named address that answers a reader."""
    for namespace, resolver in get_resolver().namespace_dict.items():
        yield from (f"{namespace}:{name}" for name in names_in(resolver[1].url_patterns))


def names_in(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name
