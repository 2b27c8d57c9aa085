"""What helps to keep one's place: a quick look, what was open lately, and how much changed in the list meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import conversation, paging, visits
from interactions.domain.conversation import Saying
from interactions.enums import ItemKind, Side
from interactions.models import Interaction, Item, Visit
from partners.enums import Channel
from partners.models import Partner, User
from partners.payloads import Actor
from tests.factories.world import a_person_of, a_representative, an_actor_for, an_interaction
from tests.interactions.console.pages import at, text_of

pytestmark = pytest.mark.django_db

QUEUE = "/console/queue/"


def test_what_was_opened_comes_first_among_what_was_open_lately(browser: Client, acme: Partner) -> None:
    first, second = (an_interaction(acme, subject=subject) for subject in ("First", "Second"))
    for matter in (first, second, first):
        browser.post(at(matter, "presence"), {"state": "reading", "opened": "yes"})
    browser.post(at(second, "presence"), {"state": "reading"})

    assert [one.subject for one in browser.get(QUEUE).context["recent"]] == ["First", "Second"]
    assert visits.forget(at=timezone.now() + visits.KEPT_FOR + timedelta(days=1)) == 2


def test_a_row_is_unread_until_somebody_looked_at_what_the_partner_said_last(
    browser: Client, acme: Partner, rosa: User
) -> None:
    paul, tom = an_actor_for(a_person_of(acme)), an_actor_for(a_representative("Tom Berger"))
    matter = an_interaction(acme, actor=paul)
    row = {"row": f"{matter.pk}.1"}

    def is_unread(query: str = "view=all") -> bool:
        page = browser.get(f"{QUEUE}?{query}")
        found = [one for one, _reason in page.context["rows"] if one.has_news]
        assert bool(found) == (" data-unread" in text_of(page))
        assert found == list(browser.get(f"{QUEUE}?{query}&unread=on").context["page"].rows)
        return bool(found)

    def say(side: Side, actor: Actor) -> None:
        saying = Saying(text="One thing more.", side=side, channel=Channel.WEB)
        conversation.say(matter, saying, actor=actor, at=timezone.now())

    def tell_both() -> None:
        now = timezone.now()
        item = {"kind": ItemKind.NOTIFICATION, "side": Side.ENTERPRISE, "channel": Channel.WEB, "sequence": 90}
        Item.objects.create(interaction=matter, text="We are on it.", at=now, **item)
        Interaction.objects.filter(pk=matter.pk).update(partner_told_at=now, enterprise_told_at=now)

    def look() -> None:
        browser.post(at(matter, "presence"), {"state": "reading", "opened": "yes"})

    def mark(wanted: str) -> None:
        assert browser.post(f"{QUEUE}mark/", {**row, "mark": wanted, "query": "view=all"}).status_code == 302

    told = [is_unread(), is_unread("view=all&column=subject&density=compact")]
    for step in (
        look,
        lambda: say(Side.PARTNER, paul),
        tell_both,  # by itself
        lambda: say(Side.ENTERPRISE, tom),
        lambda: conversation.note(matter, f"@{rosa.name} please look", actor=tom, at=timezone.now()),
        lambda: mark("read"),
        lambda: say(Side.PARTNER, an_actor_for(rosa)),  # written down by oneself
        lambda: mark("unread"),
        look,
    ):
        step()
        told.append(is_unread())

    assert told == [True, True, False, True, True, False, True, False, False, True, False]
    assert browser.post(f"{QUEUE}mark/", {**row, "mark": "gone"}).status_code == 400


def test_news_are_forgotten_before_the_visit_that_saw_them(browser: Client, acme: Partner, rosa: User) -> None:
    paul = an_actor_for(a_person_of(acme))
    matter = an_interaction(acme, actor=paul, at=timezone.now() - visits.NEWS_FOR)
    an_interaction(acme, actor=paul)
    visits.put_back([matter.pk], actor=an_actor_for(rosa), at=timezone.now())

    assert visits.forget(at=timezone.now() + visits.KEPT_FOR) == 0
    page = browser.get(f"{QUEUE}?view=all&sort=oldest")
    assert [one.has_news for one, _reason in page.context["rows"]] == [True, True]
    assert not page.context["recent"]
    visits.look_at([matter.pk], actor=an_actor_for(rosa), at=timezone.now() - visits.KEPT_FOR)
    visits.forget(at=timezone.now() + timedelta(seconds=1))

    assert [one.has_news for one, _reason in browser.get(f"{QUEUE}?view=all&sort=oldest").context["rows"]] == [
        False,
        True,
    ]


def test_a_quick_look_shows_where_it_stands_and_the_newest_words(
    browser: Client, matter: Interaction, rosa: User
) -> None:
    actor = an_actor_for(rosa)
    for number in range(5):
        saying = Saying(text=f"Reply {number}", side=Side.ENTERPRISE, channel=Channel.WEB)
        conversation.say(matter, saying, actor=actor, at=timezone.now())
    conversation.note(matter, "They are often late.", actor=actor, at=timezone.now())

    page = text_of(browser.get(at(matter, "peek"), headers={"HX-Request": "true"}))

    assert "<html" not in page
    assert [word for word in ("Reply 2", "Reply 3", "Reply 4", "They are often late.") if word in page] == [
        "Reply 3",
        "Reply 4",
        "They are often late.",
    ]
    assert not Visit.objects.exists()


def test_a_list_is_told_how_much_changed_in_it_since_it_was_read(browser: Client, acme: Partner) -> None:
    old = an_interaction(acme, channel=Channel.PHONE)
    page = browser.get(f"{QUEUE}?view=open&channel=email")

    def changes(shown: str = "", since: int | str = page.context["since"]) -> int:
        query = {"view": "open", "channel": "email", "since": since, "shown": shown}
        count: int = browser.get(f"{QUEUE}changes/", query).json()["count"]
        return count

    assert changes(shown=str(old.pk)) == 0
    an_interaction(acme, channel=Channel.EMAIL)
    Interaction.objects.filter(pk=old.pk).update(updated_at=timezone.now() + timedelta(seconds=1))

    assert changes() == 1
    assert changes(shown=f"{old.pk},x,{2**70}") == 2
    assert changes(since="nonsense") == 0
    assert changes(since=(timezone.now() + timedelta(hours=1) - paging.EPOCH) // paging.MICROSECOND) == 0
