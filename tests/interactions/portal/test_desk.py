"""The first page of the portal and its list."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import agenda, conversation, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, Move, Side
from interactions.models import ExternalIdentifier, Interaction
from partners.enums import Channel
from partners.models import User
from partners.payloads import Actor
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_representative,
    an_actor_for,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db
HOME = "/portal/"
LIST = "/portal/interactions/"


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative())


@pytest.fixture
def paul() -> User:
    return a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")


def say(matter: Interaction, text: str, actor: Actor, at: datetime) -> None:
    conversation.say(matter, Saying(text=text, side=Side.ENTERPRISE, channel=Channel.WEB), actor=actor, at=at)


def raised_by(person: User, subject: str, **fields: Any) -> Interaction:
    actor = an_actor_for(person)
    partner = person.memberships.get().partner
    return an_interaction(partner, subject=subject, actor=actor, **fields)


def ask(interaction: Interaction, actor: Actor, what: str) -> None:
    lifecycle.make_move(
        interaction,
        Move.ASK,
        actor=actor,
        at=timezone.now(),
        words=Words(waiting_for=what, waiting_until=timezone.now() + timedelta(days=2)),
    )


def resolve(interaction: Interaction, actor: Actor) -> None:
    words = Words(resolution="The line was repaired.")
    lifecycle.make_move(interaction, Move.RESOLVE, actor=actor, at=timezone.now(), words=words)


def subjects(page: Any) -> list[str]:
    return [standing.interaction.subject for standing in page.context["rows"]]


def test_home_says_what_waits_what_is_done_and_what_is_new(paul: User, rosa: Actor) -> None:
    asked, solved, open_ = (raised_by(paul, subject) for subject in ("Copy wanted", "Line down", "Price list"))
    ask(asked, rosa, "Please send the invoice copy.")
    resolve(solved, rosa)
    saying = Saying(text="The list is on its way.", side=Side.ENTERPRISE, channel=Channel.WEB)
    conversation.say(open_, saying, actor=rosa, at=timezone.now())

    page = signed_in(paul).get(HOME)

    assert {one.interaction.subject for one in page.context["waiting"]} == {"Copy wanted", "Line down"}
    assert [one.interaction.subject for one in page.context["doing"]] == ["Price list"]
    assert "Please send the invoice copy." in page.text
    assert "The list is on its way." in page.text
    assert page.text.count('href="/portal/interactions/new/"') >= 1


def test_news_are_the_newest_however_many_matters_were_heard_of_since(
    paul: User, rosa: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "PORTION", 2)
    now = timezone.now()
    talkative, quiet, *others = (raised_by(paul, f"Matter {number}") for number in range(6))
    for matter, minutes in ((talkative, (1, 2, 9)), (quiet, (5,)), *((other, (7,)) for other in others)):
        for minute in reversed(minutes):
            say(matter, f"{matter.subject}, {minute} min ago", rosa, now - timedelta(minutes=minute))
    Interaction.objects.filter(pk__in=[other.pk for other in others]).update(
        partner_told_at=now
    )  # by a progress notice

    news = agenda.news(an_actor_for(paul), since=now - timedelta(days=14), most=3)

    assert [item.text for item in news] == ["Matter 0, 1 min ago", "Matter 0, 2 min ago", "Matter 1, 5 min ago"]


def test_home_of_a_new_partner_offers_the_first_request(paul: User) -> None:
    page = signed_in(paul).get(HOME)

    assert "Raise the first request" in page.text


def test_home_shows_nothing_of_others(paul: User, rosa: Actor) -> None:
    mallory = a_person_of(a_partner("Globex Mobile"), "Mallory Voss")
    ask(raised_by(mallory, "Secret of Globex"), rosa, "The secret paper")
    raised_by(paul, "Ours")

    page = signed_in(paul).get(HOME)

    assert (page.context["waiting_count"], page.context["doing_count"]) == ("0", "1")
    assert "Secret of Globex" not in page.text
    assert "secret paper" not in page.text


@pytest.mark.parametrize("path", [HOME, LIST, f"{LIST}new/", f"{LIST}new/general-query/", "/portal/organisation/"])
def test_representatives_are_led_to_their_console(path: str) -> None:
    page = signed_in(a_representative()).get(path)

    assert (page.status_code, page.headers["Location"]) == (302, "/")


def test_somebody_without_a_company_is_told_what_to_do() -> None:
    stranger = a_person_of(a_partner("Acme Wholesale"), "Sam Ray")
    stranger.memberships.all().delete()

    page = signed_in(stranger).get(HOME)

    assert page.status_code == 403
    assert "You act for no company yet" in page.text


@pytest.mark.parametrize("path", [HOME, LIST, f"{LIST}new/", f"{LIST}BPI-0000001/"])
def test_nobody_comes_in_without_signing_in(path: str) -> None:
    page = Client().get(path)

    assert page.status_code == 302
    assert "/account/login/" in page.headers["Location"]


def test_the_list_is_open_closed_or_all(paul: User, rosa: Actor) -> None:
    raised_by(paul, "Still open")
    closed = raised_by(paul, "Long done")
    resolve(closed, rosa)
    lifecycle.make_move(closed, Move.CLOSE, actor=rosa, at=timezone.now())
    browser = signed_in(paul)

    assert subjects(browser.get(LIST)) == ["Still open"]
    assert subjects(browser.get(LIST, {"tab": "closed"})) == ["Long done"]
    assert subjects(browser.get(LIST, {"tab": "all"})) == ["Long done", "Still open"]
    assert subjects(browser.get(LIST, {"tab": "nonsense"})) == ["Still open"]


def test_the_list_is_searched_by_number_external_id_and_words(paul: User) -> None:
    found = raised_by(paul, "Circuit HH-2201 is noisy")
    raised_by(paul, "Something else")
    ExternalIdentifier.objects.create(interaction=found, partner=found.partner, owner="crm", value="CASE-77")
    browser = signed_in(paul)

    assert browser.get(LIST, {"q": found.number}).headers["Location"] == f"{LIST}{found.number}/"
    assert subjects(browser.get(LIST, {"q": str(found.pk)})) == ["Circuit HH-2201 is noisy"]
    assert subjects(browser.get(LIST, {"q": "CASE-77"})) == ["Circuit HH-2201 is noisy"]
    assert subjects(browser.get(LIST, {"q": "noisy circuit"})) == ["Circuit HH-2201 is noisy"]
    assert "Nothing matches" in browser.get(LIST, {"q": "nowhere"}).text


def test_the_search_finds_nothing_of_others_and_nothing_in_notes(paul: User, rosa: Actor) -> None:
    mallory = a_person_of(a_partner("Globex Mobile"), "Mallory Voss")
    foreign = raised_by(mallory, "Zanzibar matter")
    ours = raised_by(paul, "Ours")
    conversation.note(ours, "Quixotic customer", actor=rosa, at=timezone.now())
    browser = signed_in(paul)

    assert subjects(browser.get(LIST, {"q": "zanzibar"})) == []
    assert subjects(browser.get(LIST, {"q": "quixotic"})) == []
    assert browser.get(LIST, {"q": foreign.number}).status_code == 200
    assert subjects(browser.get(LIST, {"q": foreign.number})) == []


def test_what_was_annulled_is_gone(paul: User, rosa: Actor) -> None:
    gone = raised_by(paul, "Logged by mistake")
    lifecycle.make_move(gone, Move.ANNUL, actor=rosa, at=timezone.now(), words=Words(reason="A test."))
    browser = signed_in(paul)

    assert subjects(browser.get(LIST, {"tab": "all"})) == []
    assert browser.get(f"{LIST}{gone.number}/").status_code == 404


def test_the_list_goes_on_and_back_in_pages(paul: User) -> None:
    for number in range(60):
        raised_by(paul, f"Matter {number:02d}")
    browser = signed_in(paul)

    first = browser.get(LIST)
    second = browser.get(LIST, {"after": first.context["page"].after})
    back = browser.get(LIST, {"before": second.context["page"].before})

    assert (subjects(first)[0], subjects(second)[0]) == ("Matter 59", "Matter 34")
    assert subjects(back) == subjects(first)


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"q": "x" * 5000}, {"tab": "\x00"}, {"after": "\x00"}, {"before": "W"}]
)
def test_bad_queries_do_no_harm(query: dict[str, str], paul: User) -> None:
    assert signed_in(paul).get(LIST, query).status_code == 200


@pytest.mark.parametrize("path", [HOME, LIST])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    path: str, paul: User, rosa: Actor, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _ in range(2):
        for number in range(2):
            ask(raised_by(paul, f"Asked {number}"), rosa, "A copy")
            raised_by(paul, f"Fault {number}", type="fault-report", channel=Channel.EMAIL, direction=Direction.INBOUND)
        browser = signed_in(paul)
        with django_assert_max_num_queries(25) as queries:
            browser.get(path)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", [HOME, LIST, f"{LIST}new/"])
def test_other_methods_are_refused(path: str, paul: User) -> None:
    assert signed_in(paul).post(path).status_code == 405
    assert signed_in(paul).delete(path).status_code == 405
