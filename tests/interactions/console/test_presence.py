"""Who else is in an interaction, as the page is told."""

import time

import pytest
from django.test import Client

from interactions.domain import presence
from interactions.models import Interaction
from partners.domain import assurance
from partners.models import User
from tests import database
from tests.factories.world import a_representative, an_actor_for, signed_in
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_there() -> None:
    database.flush_broker()


def test_colleagues_see_each_other_and_nobody_themselves(browser: Client, matter: Interaction) -> None:
    tom = signed_in(a_representative("Tom Berger"))
    tom.post(at(matter, "presence"), {"state": "writing"})

    assert "Tom Berger is writing here" in text_of(browser.get(at(matter, "peek")))
    seen = text_of(browser.post(at(matter, "presence"), {"state": "reading"}))

    assert "Tom Berger is writing here" in seen
    assert "Rosa" not in seen
    assert "Rosa Lindqvist is reading here" in text_of(tom.post(at(matter, "presence"), {"state": "reading"}))
    assert browser.post(at(matter, "presence"), {"state": "gone"}).status_code == 204
    assert "Rosa" not in text_of(tom.post(at(matter, "presence"), {"state": "reading"}))


def test_a_row_of_the_queue_shows_the_others_who_are_in_it(browser: Client, matter: Interaction) -> None:
    tom, *more = (an_actor_for(a_representative(name)) for name in ("Tom Berger", "Ada Kern", "Bo Lind", "Cem Ata"))
    browser.post(at(matter, "presence"), {"state": "writing"})

    def rows(query: str = "") -> str:
        return text_of(browser.get(f"/console/queue/?{query}"))

    def now() -> str:
        present: str = browser.get(f"/console/queue/changes/?shown={matter.pk},x").json()["present"]
        return present

    empty = f'<span class="row__here" data-of="{matter.pk}"></span>'
    assert empty in rows()
    assert now().strip() == empty
    presence.beat(matter.pk, tom, is_writing=True, now=time.time())
    for one in more:
        presence.beat(matter.pk, one, is_writing=False, now=time.time())

    for drawn in (rows(), rows("column=subject"), now()):
        assert 'aria-label="Tom Berger is writing here, Ada Kern is reading here, Bo Lind is reading here, ' in drawn
        assert drawn.count('class="here__one"') == 2
        assert '<span class="here__more" title="Bo Lind is reading here, Cem Ata is reading here">+2</span>' in drawn
        assert "Rosa Lindqvist is" not in drawn
    for one in (tom, *more):
        presence.leave(matter.pk, one)
    assert empty in rows()


def test_who_says_nothing_for_half_a_minute_is_gone(matter: Interaction, rosa: User) -> None:
    then = time.time() - presence.LASTS - 1
    presence.beat(matter.pk, an_actor_for(rosa), is_writing=False, now=then)

    assert presence.of([matter.pk], now=time.time()) == {matter.pk: []}
    assert [one.name for one in presence.everywhere(now=then)[matter.pk]] == [rosa.name]
    assert presence.everywhere(now=time.time()) == {}


def test_partners_see_nothing_of_it(matter: Interaction, paul: User) -> None:
    assert signed_in(paul).post(at(matter, "presence"), {"state": "reading"}).status_code in {403, 404}


def test_a_page_that_asks_by_itself_keeps_no_session_alive(browser: Client, matter: Interaction) -> None:
    session = browser.session
    session[assurance.SEEN_KEY] = time.time() - 300
    session[assurance.METHODS_KEY] = [{**one, "at": time.time() - 600} for one in session[assurance.METHODS_KEY]]
    session.save()

    browser.post(at(matter, "presence"), {"state": "reading"}, headers={"X-Background": "1"})
    assert browser.session[assurance.SEEN_KEY] == session[assurance.SEEN_KEY]
    browser.post(at(matter, "presence"), {"state": "reading"})
    assert browser.session[assurance.SEEN_KEY] > session[assurance.SEEN_KEY]


def test_what_is_new_comes_in_parts_that_leave_the_composer_alone(browser: Client, matter: Interaction) -> None:
    parts = text_of(browser.get(at(matter) + "?live=1", headers={"HX-Request": "true"}))

    assert 'id="matter-timeline" hx-swap-oob="innerHTML"' in parts
    assert "<textarea" not in parts
    assert f'name="version" value="{matter.version}"' in parts
