"""How large what can be pressed is: 24 points for a mouse, as WCAG 2.5.8 has it, and 44 for a thumb."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

TOUCH: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
MOUSE = {
    "least": 24,
    "among": "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]",
    "isSpaced": True,
}
THUMB = {  # what one works with; a link in a text stays as large as its text
    "least": 44,
    "among": "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea, .button, .nav-link, .tab,"
    " .segment, .menu__item, .row__link, .chip",
    "isSpaced": False,
}
GONE = """() => [...document.querySelectorAll("main details > summary")]
    .filter((summary) => !summary.checkVisibility() && !summary.closest("dialog, [popover]"))
    .filter((summary) => !summary.parentElement.parentElement.closest("details:not([open])"))
    .map((summary) => summary.innerText || summary.textContent.trim())"""
LOOK = Path(__file__).with_suffix(".js").read_text()


def too_small(page: Page, path: str) -> list[str]:
    """What a mouse hardly hits on the page that is open."""
    return [
        f"{path}: too small: {told}"
        for told in page.evaluate(f"(asked) => {{ {LOOK}; return tooSmall(asked); }}", MOUSE)
    ]


def unfit_for_a_phone(page: Page, path: str) -> list[str]:
    """What a thumb hardly hits or does not find at all, and whether the page moves sideways under it."""
    page.goto(path)
    found = [f"too small: {told}" for told in page.evaluate(f"(asked) => {{ {LOOK}; return tooSmall(asked); }}", THUMB)]
    found += [f"cannot be unfolded: {told}" for told in page.evaluate(GONE)]
    if (width := page.evaluate("document.documentElement.scrollWidth")) > TOUCH["viewport"]["width"]:
        found.append(f"scrolls sideways: {width} wide")
    return [f"{path} on a phone: {told}" for told in found]
