"""What helps to keep one's place: a quick look, what was open lately, and how much changed in the list meanwhile."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interactions.domain import conversation, paging, visits
from interactions.domain.conversation import Saying
from interactions.enums import Side
from interactions.models import Interaction, Visit
from partners.enums import Channel
from partners.models import Partner, User
from tests.factories.world import an_actor_for, an_interaction
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
