"""Each form says for whom it was filled in, and what it does."""

import re
from pathlib import Path

from django.conf import settings

from config.account.acts import ACTS
from tests.access import matrix

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)
SAYS = re.compile(r'{% include "partners/acting(/field)?\.html" %}')
OWN = ("{% url 'account_logout' %}",)  # what is the person's own, whomever they act for
NO_FORMS = {  # what leads on, chooses for whom one acts, or is sent by a script
    *("console-interactions:/console/", "console-interactions:interactions", "console-interactions:presence"),
    "portal-partners:act_as",
}


def test_every_form_of_a_partner_sends_for_whom_it_was_filled_in() -> None:
    silent = [
        f"{path.relative_to(TEMPLATES)}: {form.splitlines()[0][:120]}"
        for folder in ("portal", "partners")
        for path in sorted((TEMPLATES / folder).rglob("*.html"))
        for form in FORM.findall(path.read_text())
        if not SAYS.search(form) and not any(own in form for own in OWN)
    ]

    assert silent == [], "include partners/acting.html in these"


def test_every_door_that_takes_a_form_says_what_it_does() -> None:
    doors = {
        name
        for name, methods in matrix.EXPECTED.items()
        if name.startswith(("portal-", "console-")) and "405" not in {methods["POST"]["ada"], methods["POST"]["olga"]}
    }

    assert doors - NO_FORMS - set(ACTS) == set(), "give them a line in config/account/acts.py"
    assert set(ACTS) - doors == set()
