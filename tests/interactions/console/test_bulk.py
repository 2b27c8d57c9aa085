"""One thing done to many interactions, from the list to what came of each."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interactions import rules
from interactions.domain import batches, lifecycle, ownership
from interactions.domain.batches import Wanted
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Status
from interactions.models import Batch, BatchAction, Interaction, Outcome, Watcher
from partners.enums import Priority
from partners.models import Partner, RecordEntry, User
from partners.payloads import Actor
from tests.factories.world import a_representative, an_actor_for, an_interaction, signed_in
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

BULK = "/console/queue/bulk/"


@pytest.fixture
def actor(rosa: User) -> Actor:
    return an_actor_for(rosa)


@pytest.fixture
def three(acme: Partner, actor: Actor) -> list[Interaction]:
    return [an_interaction(acme, subject=subject, actor=actor) for subject in ("One", "Two", "Three")]


def ask(three: list[Interaction], actor: Actor, action: BatchAction, **wanted: Any) -> Batch:
    versions = {interaction.pk: interaction.version for interaction in three}
    return batches.ask(Wanted(action=action, **wanted), versions, actor=actor, at=timezone.now())


def work_off(batch: Batch) -> dict[str, str]:
    """What came of each, by its subject."""
    batches.sweep(may=rules.can_work_on, at=timezone.now())
    batch.refresh_from_db()
    assert batch.ended_at is not None
    return dict(batch.rows.values_list("interaction__subject", "outcome"))


def test_each_is_done_on_its_own_and_what_changed_meanwhile_is_left_alone(
    three: list[Interaction], actor: Actor, rosa: User
) -> None:
    tom = a_representative("Tom Berger")
    batch = ask(three, actor, BatchAction.ASSIGN, user=tom)
    ownership.assign(three[0], tom, actor=actor, at=timezone.now())
    Interaction.objects.filter(pk=three[1].pk).update(assignee=tom)

    assert work_off(batch) == {"One": Outcome.REFUSED, "Two": Outcome.SAME, "Three": Outcome.DONE}
    assert "meanwhile" in batch.rows.get(outcome=Outcome.REFUSED).reason
    told = RecordEntry.objects.get(stream=three[2].stream, event=Event.ASSIGNED)
    assert (told.actor_id, told.facts["assignee"]) == (rosa.pk, tom.pk)
    assert not batches.work_off(batch, batch.rows.earliest("pk").pk, may=rules.can_work_on, at=timezone.now())


def test_what_was_done_is_taken_back_once_unless_it_was_changed_since(three: list[Interaction], actor: Actor) -> None:
    batch = ask(three, actor, BatchAction.PRIORITY, priority=Priority.URGENT)
    assert set(work_off(batch).values()) == {Outcome.DONE}
    ownership.set_priority(three[0], Priority.HIGH, actor=actor, at=timezone.now())

    back = batches.take_back(batch, actor=actor, at=timezone.now())

    assert work_off(back) == {"One": Outcome.REFUSED, "Two": Outcome.DONE, "Three": Outcome.DONE}
    priorities = Interaction.objects.order_by("pk").values_list("priority", flat=True)
    assert list(priorities) == [Priority.HIGH, Priority.NORMAL, Priority.NORMAL]
    assert not batches.can_take_back(batch)
    assert not batches.can_take_back(back)


def test_watchers_are_added_and_only_the_new_ones_taken_away(three: list[Interaction], actor: Actor) -> None:
    tom = a_representative("Tom Berger")
    Watcher.objects.create(interaction=three[0], user=tom, since=timezone.now())
    batch = ask(three, actor, BatchAction.WATCH, user=tom)
    assert work_off(batch)["One"] == Outcome.SAME

    work_off(batches.take_back(batch, actor=actor, at=timezone.now()))

    assert [watcher.interaction_id for watcher in Watcher.objects.all()] == [three[0].pk]


def test_only_what_the_lifecycle_allows_is_resolved_and_closed(three: list[Interaction], actor: Actor) -> None:
    waiting, at = three[0], timezone.now()
    lifecycle.make_move(waiting, Move.ASK, actor=actor, at=at, words=Words(waiting_for="a copy"))
    waiting.refresh_from_db()

    resolved = ask(three, actor, BatchAction.RESOLVE, words="A new invoice was sent.")
    assert work_off(resolved) == {"One": Outcome.REFUSED, "Two": Outcome.DONE, "Three": Outcome.DONE}
    assert Interaction.objects.filter(status=Status.RESOLVED, resolution="A new invoice was sent.").count() == 2

    closed = ask(list(Interaction.objects.all()), actor, BatchAction.CLOSE)
    assert work_off(closed) == {"One": Outcome.REFUSED, "Two": Outcome.DONE, "Three": Outcome.DONE}
    assert not batches.can_take_back(closed)


def test_one_that_fails_on_our_side_keeps_no_other_waiting(
    three: list[Interaction], actor: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    batch = ask(three, actor, BatchAction.PRIORITY, priority=Priority.URGENT)
    batch.rows.filter(interaction=three[0]).update(version=2**31 - 1)
    Interaction.objects.filter(pk=three[0].pk).update(version=2**31 - 1)  # the next version does not fit its column

    assert work_off(batch) == {"One": Outcome.REFUSED, "Two": Outcome.DONE, "Three": Outcome.DONE}
    assert "failed" in caplog.text


def test_who_works_here_no_more_changes_nothing(three: list[Interaction], actor: Actor, rosa: User) -> None:
    batch = ask(three, actor, BatchAction.ASSIGN, user=None)
    User.objects.filter(pk=rosa.pk).update(is_active=False)

    assert set(work_off(batch).values()) == {Outcome.REFUSED}


def test_from_the_list_over_the_question_to_what_came_of_it(
    browser: Client, three: list[Interaction], rosa: User
) -> None:
    page = text_of(browser.get("/console/queue/?view=open"))
    rows = [f"{one.pk}.{one.version}" for one in three[:2]]
    assert all(f'name="row" value="{row}"' in page for row in rows)

    asked = browser.get(BULK, {"action": "assign", "row": [*rows, "7.x", f"{2**70}.1", "999999999.1"]})
    assert asked.context["count"] == 2
    assert "Assign 2" in text_of(asked)

    noted = browser.post(BULK, {"action": "assign", "row": rows, "user": rosa.pk, "query": "view=open&channel=web"})
    assert noted.headers["Location"] == "/console/queue/?view=open&channel=web"
    page = reverse("console-interactions:batch", args=[Batch.objects.get().pk])
    assert "Being worked off" in text_of(browser.get(page))
    work_off(Batch.objects.get())
    told = text_of(browser.get(page))
    assert "2 were so already" in told
    assert "?view=open&amp;channel=web" in told
    assert signed_in(a_representative("Tom Berger")).get(page).status_code == 404


def test_the_list_tells_how_it_goes_until_the_end_was_seen(browser: Client, three: list[Interaction]) -> None:
    rows = [f"{one.pk}.{one.version}" for one in three]
    where = {"query": "view=open"}
    begun = browser.post(BULK, {"action": "priority", "row": rows, "priority": Priority.HIGH, **where})
    batch = Batch.objects.get()
    at = reverse("console-interactions:see_batch", args=[batch.pk])
    Interaction.objects.filter(pk=three[0].pk).update(version=9)

    def line() -> str:
        found = (
            text_of(browser.get(begun.headers["Location"])).partition('id="batches"')[2].partition('id="queue-news"')[0]
        )
        return " ".join(re.sub(r"<[^>]*>", " ", found).split())

    browser.post(at, where)  # not over yet: there is nothing to be seen
    assert "0 of 3" in line()
    assert 'hx-trigger="load delay:1s"' in text_of(browser.get(f"{BULK}lines/"))
    still = text_of(browser.get(f"{BULK}lines/?over=0&still=4"))
    assert 'still=5" hx-trigger="load delay:15s"' in still
    assert "It waits" in still
    assert "over=0&still=0" in text_of(browser.get(f"{BULK}lines/?over=1&still=4"))
    work_off(batch)
    assert "2 changed, 1 refused." in line()
    assert "hx-trigger" not in text_of(browser.get(f"{BULK}lines/"))

    undone = browser.post(reverse("console-interactions:take_back_batch", args=[batch.pk]), where)
    assert undone.headers["Location"] == begun.headers["Location"]
    assert line().count("of 2") == 1
    back = Batch.objects.latest("pk")
    work_off(back)
    assert "Taken back" in line()
    assert signed_in(a_representative("Tom Berger")).post(at).status_code == 404
    browser.post(reverse("console-interactions:see_batch", args=[back.pk]), where)
    assert "changed" not in line()


def test_all_that_match_up_to_a_most(
    browser: Client, three: list[Interaction], actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ownership.set_priority(three[0], Priority.URGENT, actor=actor, at=timezone.now())
    form = {"action": "priority", "all": "1", "query": "view=open&priority=3"}
    assert browser.get(BULK, form).context["count"] == 2
    monkeypatch.setattr(batches, "MOST", 1)
    assert "these are the first 1" in text_of(browser.get(BULK, form))

    browser.post(BULK, {**form, "priority": 4})

    assert Batch.objects.get().rows.count() == 1
    assert browser.post(BULK, {"action": "priority", "priority": 4}).status_code == 422
    assert browser.get(BULK, {"action": "delete"}).status_code == 400
