"""Colleagues who are called in a note or who watch: told, listed, and never seen by a partner."""

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import conversation, mentions, watching
from interactions.domain.conversation import Saying
from interactions.enums import Side
from interactions.models import Interaction, Mention, Watcher
from notifications.domain import relay
from notifications.models import Delivery
from partners.enums import Channel
from partners.models import User
from tests.factories.world import a_person_of, a_representative, an_actor_for, an_interaction, signed_in
from tests.interactions.console.pages import at, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return a_representative()


@pytest.fixture
def tom() -> User:
    return a_representative("Tom Berger")


@pytest.fixture
def matter(rosa: User, tom: User) -> Interaction:
    return an_interaction(actor=an_actor_for(rosa))


def told(user: User) -> list[str]:
    relay.relay_all(timezone.now())
    return [delivery.text for delivery in Delivery.objects.filter(user=user).order_by("pk")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Tom Berger, please look", ["Tom Berger"]),
        ("ask @tom berger", ["Tom Berger"]),
        ("@Tom Bergers wife", ["Tom Berger"]),
        ("@Tom knows", []),
        ("Tom Berger knows", []),
        ("mail tom@berger.example.org", []),
        ("@Tom Berger and @Rosa Lindqvist", ["Rosa Lindqvist", "Tom Berger"]),
    ],
)
def test_who_is_called(matter: Interaction, text: str, names: list[str]) -> None:
    assert sorted(one.name for one in mentions.called(text)) == names


def test_who_is_called_is_told_and_listed_until_they_looked(matter: Interaction, rosa: User, tom: User) -> None:
    conversation.note(matter, "@Tom Berger, who signed this?", actor=an_actor_for(rosa), at=timezone.now())
    browser = signed_in(tom)

    assert any("who signed this?" in text for text in told(tom))
    assert "who signed this?" in text_of(browser.get("/console/mentions/"))
    assert "called you in a note here" in text_of(browser.get(at(matter)))
    post(browser, matter, "seen")
    assert "Nobody waits for you" in text_of(browser.get("/console/mentions/"))
    assert Watcher.objects.filter(interaction=matter, user=tom).exists()


def test_who_watches_hears_of_the_answer_and_who_stopped_does_not(matter: Interaction, tom: User) -> None:
    browser = signed_in(tom)
    paul = an_actor_for(a_person_of(matter.partner))
    post(browser, matter, "watch", watch="yes")
    assert "Stop watching" in text_of(browser.get(at(matter)))
    saying = Saying(text="Here it is", side=Side.PARTNER, channel=Channel.WEB)
    conversation.say(matter, saying, actor=paul, at=timezone.now())
    assert sum("Here it is" in text for text in told(tom)) == 1

    post(browser, matter, "watch", watch="no")
    conversation.say(matter, saying, actor=paul, at=timezone.now())
    assert sum("Here it is" in text for text in told(tom)) == 1


def test_a_partner_reads_nothing_of_it(matter: Interaction, rosa: User, tom: User) -> None:
    conversation.note(matter, "@Tom Berger, careful", actor=an_actor_for(rosa), at=timezone.now())
    paul = a_person_of(matter.partner)

    assert not any("careful" in text for text in told(paul))
    for path in ("/console/mentions/", "/console/people/"):
        assert signed_in(paul).get(path).status_code in {302, 403, 404}
    assert Client().get("/console/people/").status_code == 302


def test_watching_twice_is_watching_once(matter: Interaction, rosa: User) -> None:
    for _ in range(2):
        watching.begin(matter, actor=an_actor_for(rosa), at=timezone.now())

    assert Watcher.objects.count() == 1
    assert not Mention.objects.exists()
