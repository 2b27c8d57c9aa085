"""Each form by which somebody acts for a partner says for which and in which role, on the page and in what it sends."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from lxml import html

from config.account.acts import ACTS
from tests.access import matrix
from tests.access.walk import addresses
from tests.factories.everything import everything_of
from tests.factories.visitors import browser_of
from tests.factories.world import a_partner

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)
SAYS = re.compile(r'{% include "partners/acting(/field)?\.html" %}')
OWN_TEMPLATES = ("{% url 'account_logout' %}",)  # what is the person's own, whomever they act for
NO_FORMS = {  # what leads on, chooses for whom one acts, or is sent by a script
    *("console-interactions:/console/", "console-interactions:interactions", "console-interactions:presence"),
    "portal-partners:act_as",
}
OWN = ("/account/", "/preferences/", "/portal/acting/")
FRAMES = "ancestor-or-self::*[self::form or self::dialog or contains(concat(' ', @class, ' '), ' panel ')]"


def test_every_form_of_a_partner_sends_for_whom_it_was_filled_in() -> None:
    silent = [
        f"{path.relative_to(TEMPLATES)}: {form.splitlines()[0][:120]}"
        for folder in ("portal", "partners")
        for path in sorted((TEMPLATES / folder).rglob("*.html"))
        for form in FORM.findall(path.read_text())
        if not SAYS.search(form) and not any(own in form for own in OWN_TEMPLATES)
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


@pytest.mark.django_db
def test_every_form_of_the_portal_shows_for_whom_it_acts() -> None:
    acme = everything_of(a_partner("Acme Wholesale"))
    olga = browser_of(acme.person)
    role = acme.partner.roles.get(pk=acme.actor.role_id or 0)
    key = f"{acme.person.memberships.get().pk}:{role.pk}"

    found = list(forms_of(olga, [address for _, address in addresses(acme, admin=False)]))

    assert len({action for action, *_ in found}) > 15
    assert {sent for _, sent, _ in found} == {key}
    assert {
        action
        for action, _, shown in found
        if f"As {acme.person.name} for Acme Wholesale, {role.kind.name}" not in shown
    } == set()


def forms_of(visitor: Any, asked: list[str]) -> Iterator[tuple[str, str, str]]:
    """Where each form that acts leads, for whom it says that it was filled in, and what is read around it."""
    for address in asked:
        if not address.startswith("/portal/"):
            continue
        answer = visitor.ask("GET", address)
        page = answer.getvalue()  # a file is closed once it was read
        if not page or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for form in html.fromstring(page).xpath("//form[@method='post']"):
            action = form.get("action") or address
            if not action.startswith(OWN):
                lines = " ".join(form.xpath(f"({FRAMES})//*[contains(@class, 'acting-line')]//text()"))
                yield action, "".join(form.xpath(".//input[@name='acting']/@value")), lines
