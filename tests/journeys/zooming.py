"""A page at twice its size, as a screen 1440 px wide then shows it: half as wide, each of its points drawn as four."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ZOOMED: dict[str, Any] = {
    "viewport": {"width": 720, "height": 450},
    "device_scale_factor": 2,
    "reduced_motion": "reduce",
}
STOPS = 12  # of the Tab key on each page
LOOK = Path(__file__).with_suffix(".js").read_text()


def faults_of(page: Page, path: str) -> list[str]:
    """What somebody who sees little would miss."""
    page.goto(path)
    found = [f"{path} at 200 %: {fault}" for fault in page.evaluate(f"() => {{ {LOOK}; return faults(); }}")]
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        if lost := page.evaluate(f"() => {{ {LOOK}; return focus(); }}"):
            found.append(f"{path} at 200 %: the focus is {lost}")
    return found
