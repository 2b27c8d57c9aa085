from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interactions.domain import lifecycle, ownership, visits
from interactions.domain.lifecycle import Words
from interactions.enums import Jeopardy, Move
from interactions.models import Interaction
from partners.enums import Channel, PartnerStatus, Priority
from partners.models import Partner, User
from tests.factories.world import (
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    an_actor_for,
    an_interaction,
    signed_in,
)
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

QUEUE = "/console/queue/"


def subjects(browser: Client, query: str = "") -> list[str]:
    return [row.subject for row in browser.get(f"{QUEUE}?{query}").context["page"].rows]


def test_open_matters_stand_in_the_order_of_their_deadlines(browser: Client, acme: Partner) -> None:
    now = timezone.now()  # whole weeks apart: what comes in over a weekend has one deadline
    for weeks, subject in [(1, "Third"), (3, "First"), (2, "Second")]:
        an_interaction(acme, subject=subject, at=now - timedelta(weeks=weeks))

    assert subjects(browser) == ["First", "Second", "Third"]
    assert subjects(browser, "sort=newest") == ["Second", "First", "Third"]


def test_a_view_shows_what_it_is_for(browser: Client, rosa: User, acme: Partner) -> None:
    actor = an_actor_for(rosa)
    an_interaction(acme, subject="Rosa's", actor=actor)
    free = an_interaction(acme, subject="Nobody's", actor=actor)
    ownership.assign(free, None, actor=actor, at=timezone.now())
    waiting = an_interaction(acme, subject="Waiting", actor=actor)
    lifecycle.make_move(waiting, Move.ASK, actor=actor, at=timezone.now(), words=Words(waiting_for="a copy"))
    solved = an_interaction(acme, subject="Solved", actor=actor)
    lifecycle.make_move(solved, Move.RESOLVE, actor=actor, at=timezone.now(), words=Words(resolution="Paid"))
    ended = an_interaction(acme, subject="Ended", actor=actor)
    lifecycle.make_move(ended, Move.CANCEL, actor=actor, at=timezone.now(), words=Words(reason="Sent twice"))
    an_interaction(a_partner("Newcomer", status=PartnerStatus.PROSPECT), subject="First contact", actor=actor)

    assert set(subjects(browser, "view=mine")) == {"Rosa's", "Waiting", "Solved", "First contact"}
    assert subjects(browser, "view=unassigned") == ["Nobody's"]
    assert subjects(browser, "view=waiting") == ["Waiting"]
    assert subjects(browser, "view=confirm") == ["Solved"]
    assert subjects(browser, "view=closed") == ["Ended"]
    assert subjects(browser, "view=prospects") == ["First contact"]
    assert "Ended" not in subjects(browser)
    assert "Ended" in subjects(browser, "view=all")


def test_overdue_and_due_today_are_told_apart(browser: Client, acme: Partner) -> None:
    a_policy(partner=acme, first_response=timedelta(minutes=1), resolution=timedelta(hours=400))
    an_interaction(acme, subject="Late", at=timezone.now() - timedelta(hours=1))
    globex = a_partner("Globex")
    a_policy(partner=globex, first_response=timedelta(seconds=20), resolution=timedelta(hours=400))
    an_interaction(globex, subject="Today")

    assert subjects(browser, "view=overdue") == ["Late"]
    assert subjects(browser, "view=today") == ["Today"]
    assert subjects(browser, "due=overdue") == ["Late"]


def test_views_tell_how_much_they_hold(browser: Client, acme: Partner) -> None:
    an_interaction(acme)
    an_interaction(acme)

    counts = {line.code: line.count for line in browser.get(QUEUE).context["views"]}

    assert counts["open"] == "2"
    assert counts["overdue"] == "0"
    assert counts["all"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("partner=glob", {"By mail"}),
        ("channel=email", {"By mail"}),
        ("text=mail", {"By mail"}),
        ("priority=1", {"By mail"}),
        ("type=fault-report", {"By phone"}),
        ("vertical=assurance", {"By phone"}),
        ("direction=outbound", set()),
        ("status=received", {"By mail", "By phone"}),
        ("team=assurance", {"By phone"}),
        ("assignee=nobody", set()),
        ("assignee=me", {"By mail", "By phone"}),
        ("since=2020-01-01", {"By mail", "By phone"}),
        ("until=2020-01-01", set()),
        ("channel=email&partner=acme", set()),
    ],
)
def test_a_filter_narrows_the_list(browser: Client, acme: Partner, query: str, found: set[str]) -> None:
    an_interaction(acme, subject="By phone", channel=Channel.PHONE, type="fault-report")
    an_interaction(a_partner("Globex"), subject="By mail", channel=Channel.EMAIL, priority=Priority.URGENT)

    assert set(subjects(browser, query)) == found


def test_filters_in_force_stand_as_chips_that_take_them_away(browser: Client, acme: Partner) -> None:
    response = browser.get(f"{QUEUE}?channel=email&partner={acme.pk}&view=all")

    chips = response.context["chips"]
    assert [(chip.label, chip.value) for chip in chips] == [("Partner", "Acme Wholesale"), ("Channel", "E-mail")]
    assert chips[1].remove == f"?partner={acme.pk}&view=all"


def test_a_value_that_fits_nothing_is_told_at_its_field(browser: Client, matter: Interaction) -> None:
    response = browser.get(f"{QUEUE}?status=lost&since=yesterday")

    assert set(response.context["form"].errors) == {"status", "since"}
    assert [row.pk for row in response.context["page"].rows] == [matter.pk]


def test_an_empty_view_says_so_and_a_filter_that_finds_nothing_too(browser: Client) -> None:
    assert "Nothing here" in text_of(browser.get(QUEUE))
    assert "Nothing fits these filters" in text_of(browser.get(f"{QUEUE}?text=nothing"))


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    browser: Client, acme: Partner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_interaction(acme)
    browser.get(QUEUE)
    with django_assert_num_queries(8):
        browser.get(QUEUE)

    an_interaction(a_partner("Globex"), type="fault-report", channel=Channel.EMAIL)
    an_interaction(a_partner("Initech"), type="order", channel=Channel.EMAIL)

    with django_assert_num_queries(8):
        browser.get(QUEUE)


def test_the_fields_come_when_somebody_opens_them_and_a_search_keeps_what_is_chosen(browser: Client) -> None:
    page = text_of(browser.get(f"{QUEUE}?channel=email&priority=1"))
    assert '<select name="channel"' not in page
    assert '<input type="hidden" name="channel" value="email">' in page

    fields = browser.get(
        f"{QUEUE}?channel=email&filters=1", headers={"HX-Request": "true", "HX-Target": "queue-fields"}
    )
    assert '<option value="email" selected>' in text_of(fields)
    assert "<html" not in text_of(fields)

    assert '<select name="channel"' in text_of(browser.get(f"{QUEUE}?filters=1"))


def test_somebody_in_no_team_sees_the_queue() -> None:
    an_interaction(a_partner("Acme Wholesale"))

    page = signed_in(a_representative("Rita Brandt")).get("/console/queue/")

    assert page.status_code == 200


def test_unread_only_is_looked_for_in_what_the_other_filters_leave(
    browser: Client, acme: Partner, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "MOST_HEARD", 1)
    an_interaction(acme, subject="Older", actor=an_actor_for(a_person_of(acme)))
    globex = a_partner("Globex")
    an_interaction(globex, subject="Newer", actor=an_actor_for(a_person_of(globex, "Gina Glob")))
    marked = an_interaction(acme, subject="Marked", actor=an_actor_for(rosa))
    visits.put_back([marked.pk], actor=an_actor_for(rosa), at=timezone.now())

    assert set(subjects(browser, "unread=on")) == {"Newer", "Marked"}
    assert set(subjects(browser, "unread=on&partner=acme")) == {"Older", "Marked"}
    assert subjects(browser, "unread=on&channel=post") == []
    page = browser.get(f"{QUEUE}?unread=on&view=closed")
    assert [(chip.label, chip.value, chip.remove) for chip in page.context["chips"]] == [
        ("", "Unread only", "?view=closed")
    ]
    assert "Nothing unread here" in text_of(page)


def test_what_is_at_risk_or_raises_a_flag_is_found_with_a_chip_that_takes_the_filter_away(
    browser: Client, acme: Partner
) -> None:
    an_interaction(acme, subject="New")
    risky = an_interaction(acme, subject="Risky")
    Interaction.objects.filter(pk=risky.pk).update(jeopardy=Jeopardy.AT_RISK)
    old = an_interaction(acme, subject="Old", at=timezone.now() - timedelta(days=40))
    Interaction.objects.filter(pk=old.pk).update(jeopardy=Jeopardy.LATE)

    assert subjects(browser, "view=at_risk") == ["Risky"]
    assert subjects(browser, "jeopardy=late") == ["Old"]
    assert subjects(browser, "flag=ageing") == ["Old"]
    assert subjects(browser, "flag=bouncing") == []
    assert [chip.value for chip in browser.get(f"{QUEUE}?flag=ageing").context["chips"]] == ["Ageing"]
