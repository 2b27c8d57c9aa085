"""The page of where one is signed in."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from partners.models import RecordEntry, User
from tests.factories.world import a_partner, a_person_of, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/account/sessions/"


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


def a_browser_of(user: User, address: str = "192.0.2.7") -> Client:
    browser = signed_in(user)
    UserSession.objects.create(
        user=user, ip=address, session_key=browser.session.session_key, user_agent="Mozilla/5.0 Firefox/140.0"
    )
    return browser


def end(browser: Client, other: Client | None = None) -> int:
    which = UserSession.objects.get(session_key=other.session.session_key).pk if other else ""
    return browser.post(PAGE, {"session": which}).status_code


def is_in(browser: Client) -> bool:
    return browser.get("/portal/").status_code == 200


def test_each_place_is_told_with_browser_address_and_strength(paul: User) -> None:
    here = a_browser_of(paul)
    a_browser_of(paul, "2001:db8::9")

    told = here.get(PAGE).text

    for text in ("Firefox", "192.0.2.7", "2001:db8::9", "Single factor", "This session", "End all other sessions"):
        assert text in told, text


def test_one_session_is_ended_and_the_others_go_on(paul: User) -> None:
    here, lost, other = a_browser_of(paul), a_browser_of(paul), a_browser_of(paul)

    end(here, lost)

    assert [is_in(browser) for browser in (here, lost, other)] == [True, False, True]
    assert RecordEntry.objects.get(event="access.ended").facts["sessions"] == 1


def test_all_others_are_ended_and_this_one_goes_on(paul: User) -> None:
    here, first, second = a_browser_of(paul), a_browser_of(paul), a_browser_of(paul)

    end(here)

    assert [is_in(browser) for browser in (here, first, second)] == [True, False, False]


def test_nobody_ends_a_session_of_somebody_else(paul: User) -> None:
    mallory = a_browser_of(a_person_of(a_partner("Globex Mobile"), "Mallory Kerr"))
    here = a_browser_of(paul)

    end(mallory, here)

    assert is_in(here)


@pytest.mark.parametrize("which", ["0", "x", "9" * 40, "\x00", "²"])
def test_a_session_that_is_not_there_is_said_to_be_over(paul: User, which: str) -> None:
    here = a_browser_of(paul)

    answer = here.post(PAGE, {"session": which}, follow=True)

    assert "was over already" in answer.text
    assert is_in(here)


def test_looking_ends_nothing(paul: User) -> None:
    here, other = a_browser_of(paul), a_browser_of(paul)

    here.get(PAGE, {"session": "1"})

    assert is_in(other)
