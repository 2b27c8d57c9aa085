"""What the command menu finds while somebody types."""

import pytest
from django.test import Client

from interactions.models import Interaction
from partners.models import Partner, User
from tests.factories.world import an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

MENU = "/console/search/menu/"


def test_interactions_partners_and_people_are_found_together(
    browser: Client, matter: Interaction, acme: Partner, paul: User
) -> None:
    told = an_interaction(acme, subject="Another thing", text=f"It is about {matter.pk} and <b>acheson</b>.")

    by_name, by_number = (text_of(browser.get(MENU, {"q": text})) for text in ("acheson", str(matter.pk)))

    assert f'href="{at(told)}"' in by_name
    assert f"Paul <mark>{paul.name[5:]}</mark>" in by_name
    assert 'href="/console/search/?q=acheson"' in by_name
    assert by_number.index(at(matter)) < by_number.index(at(told))
    assert 'href="/console/partners/' in text_of(browser.get(MENU, {"q": "acme"}))
    assert "option" not in text_of(browser.get(MENU, {"q": "zeppelin"}))


def test_before_anything_is_typed_stands_what_was_open_lately(browser: Client, matter: Interaction) -> None:
    assert "option" not in text_of(browser.get(MENU))

    browser.post(at(matter, "presence"), {"state": "reading", "opened": "yes"})
    browser.get("/console/queue/")

    assert f'href="{at(matter)}"' in text_of(browser.get(MENU))
