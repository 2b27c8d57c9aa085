import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Move
from interactions.models import ExternalIdentifier, Interaction
from partners.enums import Channel
from partners.models import Partner, User
from tests.factories.world import a_partner, an_actor_for, an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

SEARCH = "/console/search/"


@pytest.mark.parametrize("typed", ["{number}", "{number} ", "bpi{pk}", "{pk}"])
def test_a_number_opens_its_interaction(browser: Client, matter: Interaction, typed: str) -> None:
    response = browser.get(SEARCH, {"q": typed.format(number=matter.number, pk=matter.pk)})

    assert response["Location"] == at(matter)


def test_words_find_what_was_said_and_are_marked(browser: Client, acme: Partner) -> None:
    an_interaction(acme, subject="A letter", text="The turbine of <b>Umbra</b> rattles at night.")

    page = text_of(browser.get(SEARCH, {"q": "turbine"}))

    assert "<mark>turbine</mark>" in page
    assert "<b>Umbra" not in page
    assert "A letter" in page


def test_somebody_elses_number_finds_it(browser: Client, matter: Interaction, acme: Partner) -> None:
    ExternalIdentifier.objects.create(interaction=matter, partner=acme, owner="their desk", value="TT-77/9")

    assert [row.pk for row in browser.get(SEARCH, {"q": "TT-77/9"}).context["page"].rows] == [matter.pk]


def test_facets_narrow_what_was_found(browser: Client, acme: Partner, rosa: User) -> None:
    by_mail = an_interaction(acme, subject="Turbine one", channel=Channel.EMAIL)
    ended = an_interaction(acme, subject="Turbine two", channel=Channel.PHONE)
    lifecycle.make_move(ended, Move.CANCEL, actor=an_actor_for(rosa), at=timezone.now(), words=Words(reason="twice"))

    def found(**query: str) -> set[int]:
        return {row.pk for row in browser.get(SEARCH, {"q": "turbine", **query}).context["page"].rows}

    assert found() == {by_mail.pk, ended.pk}
    assert found(state="open") == {by_mail.pk}
    assert found(channel="phone") == {ended.pk}
    assert found(channel="phone", state="open") == set()


def test_nothing_found_says_so_and_nothing_asked_explains(browser: Client) -> None:
    assert "Nothing found for" in text_of(browser.get(SEARCH, {"q": "zeppelin"}))
    assert "Find anything that was said" in text_of(browser.get(SEARCH))


def test_many_hits_cost_as_many_queries_as_one(
    browser: Client, acme: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_interaction(acme, subject="Turbine one")
    browser.get(SEARCH, {"q": "turbine"})
    with django_assert_num_queries(9):
        browser.get(SEARCH, {"q": "turbine"})

    an_interaction(a_partner("Globex"), subject="Turbine two")
    an_interaction(a_partner("Initech"), subject="Turbine three", type="fault-report", channel=Channel.EMAIL)

    with django_assert_num_queries(9):
        browser.get(SEARCH, {"q": "turbine"})
