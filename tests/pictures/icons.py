"""`python -m tests.pictures.icons`: the icons of a phone, drawn by the browser from static/logo.svg."""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.browser import launched

STATIC = Path(__file__).resolve().parents[2] / "static"
# the picture, its size, how much of it the logo fills, and whether its corners are left to the phone
ICONS = (("180", 180, 1.0, True), ("192", 192, 1.0, False), ("512", 512, 1.0, False), ("whole-512", 512, 0.72, True))
PAGE = '<body style="margin:0;display:grid;place-items:center;height:100vh;background:{0}">{1}</body>'


def main() -> None:
    logo = (STATIC / "logo.svg").read_text()
    colour = re.findall(r'<rect [^>]*fill="(#\w+)"', logo)[0]
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright, launched(playwright) as browser:
        for name, size, share, is_whole in ICONS:
            page = browser.new_page(viewport={"width": size, "height": size})
            drawn = logo.replace("<svg ", f'<svg width="{size * share:.0f}" height="{size * share:.0f}" ', 1)
            page.set_content(PAGE.format(colour if is_whole else "transparent", drawn))
            page.screenshot(path=STATIC / "icons" / f"{name}.png", omit_background=not is_whole)


if __name__ == "__main__":
    main()
