from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interactions.domain import lifecycle
from interactions.domain.lifecycle import Words
from interactions.enums import Move
from interactions.models import ExternalIdentifier, Interaction
from interactions.payloads import File
from partners.enums import Channel
from partners.models import Partner, User
from tests.factories.world import a_contact, a_partner, an_actor_for, an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

SEARCH = "/console/search/"
QUERIES = 14
PLAN = File(name="turbine-plan.pdf", content=b"%PDF-1.4", content_type="application/pdf")


def rows_of(response: Any) -> list[int]:
    return [row.pk for row in response.context["page"].rows]


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


def test_somebody_elses_number_opens_its_interaction_where_there_is_one(
    browser: Client, matter: Interaction, acme: Partner
) -> None:
    ExternalIdentifier.objects.create(interaction=matter, partner=acme, owner="their desk", value="TT-77/9")

    assert browser.get(SEARCH, {"q": "TT-77/9"})["Location"] == at(matter)

    other = an_interaction(acme, subject="The same once more")
    ExternalIdentifier.objects.create(interaction=other, partner=acme, owner="our desk", value="TT-77/9")

    assert rows_of(browser.get(SEARCH, {"q": "TT-77/9"})) == [other.pk, matter.pk]


def test_facets_narrow_what_was_found(browser: Client, acme: Partner, rosa: User) -> None:
    by_mail = an_interaction(acme, subject="Turbine one", channel=Channel.EMAIL, files=[PLAN])
    ended = an_interaction(a_partner("Globex"), subject="Turbine two", channel=Channel.PHONE, files=[PLAN])
    lifecycle.make_move(ended, Move.CANCEL, actor=an_actor_for(rosa), at=timezone.now(), words=Words(reason="twice"))
    Interaction.objects.filter(pk=ended.pk).update(created_at=timezone.now() - timedelta(days=20))

    def found(**query: str) -> list[int]:
        return rows_of(browser.get(SEARCH, {"q": "turbine", **query}))

    assert found() == found(status="nonsense", partner="x", period="1") == [ended.pk, by_mail.pk]
    assert found(status="open") == found(partner=str(acme.pk)) == found(period="week") == [by_mail.pk]
    assert found(channel="phone") == found(status="cancelled", period="month") == [ended.pk]
    assert found(channel="phone", status="open") == []
    page = text_of(browser.get(SEARCH, {"q": "turbine", "partner": str(acme.pk)}))
    assert "Remove Partner Acme Wholesale" in page
    assert page.count("<mark>turbine</mark>-plan.pdf") == 1


def test_who_is_meant_and_what_was_sent_is_found_by_parts_of_names(browser: Client, acme: Partner, paul: User) -> None:
    a_contact(acme, "+49 30 901820", user=None, name="Switchboard")
    an_interaction(acme, subject="A letter", files=[PLAN])

    def page(text: str, **query: str) -> str:
        return text_of(browser.get(SEARCH, {"q": text, **query}))

    assert "<mark>Acme</mark> <mark>Whole</mark>sale" in page("whole acme")
    assert "Paul <mark>Aches</mark>on" in page("aches")
    assert f'href="/console/partners/{acme.pk}/people/?q=Paul+Acheson"' in page(paul.email, kind="people")
    assert "Switchboard" in page("(030) 90 18-20", kind="people")
    assert "<mark>turbine</mark>-plan.pdf" in page("turbine", kind="documents")
    assert "Nothing found for “turbine” here" in page("turbine", kind="partners")


def test_nothing_found_says_so_and_nothing_asked_explains(browser: Client) -> None:
    assert "Nothing found for" in text_of(browser.get(SEARCH, {"q": "zeppelin"}))
    assert "Find anything that was said" in text_of(browser.get(SEARCH))


def test_many_hits_cost_as_many_queries_as_one(
    browser: Client, acme: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_interaction(acme, subject="Turbine one")
    browser.get(SEARCH, {"q": "turbine"})
    with django_assert_num_queries(QUERIES):
        browser.get(SEARCH, {"q": "turbine"})

    an_interaction(a_partner("Globex"), subject="Turbine two")
    an_interaction(a_partner("Initech"), subject="Turbine three", type="fault-report", channel=Channel.EMAIL)

    with django_assert_num_queries(QUERIES):
        browser.get(SEARCH, {"q": "turbine"})
