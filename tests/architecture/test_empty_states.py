"""A list with nothing in it leads on: each empty state offers the one thing that answers its title."""

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
EMPTY = re.compile(r"<c-empty\b.*?</c-empty>", re.DOTALL)
ACTION = '<c-slot name="action">'
BESIDE = {  # what answers the title is a field or a form on the same page
    "components/command.html: Nothing found",
    "console/interactions/absences.html: Everybody is there",
    "console/interactions/lines.html: No lines yet",
    "console/interactions/raise_to.html: No partner is called",
    "portal/interactions/bank_account.html: No account yet",
}


def test_every_empty_state_offers_what_to_do() -> None:
    idle = {
        f"{path.relative_to(TEMPLATES)}: {title_of(empty)}"
        for path in TEMPLATES.rglob("*.html")
        for empty in EMPTY.findall(path.read_text())
        if ACTION not in empty
    }

    assert idle == BESIDE


def title_of(empty: str) -> str:
    found = re.search(r"""title="(?:\{% translate '|\{%[^%]*%\})?([^'“"]*)""", empty)
    return found.group(1).strip() if found else ""
