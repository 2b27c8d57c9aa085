"""Each form by which somebody acts for a partner says for which and in which role, on the page and in what it sends."""

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from tests.access.walk import addresses
from tests.factories.everything import everything_of
from tests.factories.visitors import browser_of
from tests.factories.world import a_partner

OWN = ("/account/", "/preferences/", "/portal/acting/")
FRAMES = "ancestor-or-self::*[self::form or self::dialog or contains(concat(' ', @class, ' '), ' panel ')]"


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
        action for action, _, shown in found if f"Acting for Acme Wholesale, {role.kind.name}" not in shown
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
