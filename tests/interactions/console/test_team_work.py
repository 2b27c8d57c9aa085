"""A day, a team's board, and who of a team carries how much."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.domain import conversation, lifecycle, ownership, visits
from interactions.domain.lifecycle import Words
from interactions.enums import Jeopardy, Move
from interactions.models import Interaction, Team, TeamMember, Watcher
from partners.domain import absences
from partners.models import Partner, User
from tests.factories.interactions import TeamMemberFactory
from tests.factories.world import a_policy, a_representative, an_actor_for, an_interaction
from tests.interactions.console.pages import text_of

pytestmark = pytest.mark.django_db

WORK = "/console/work/"


@pytest.fixture
def tom(front_desk: Team) -> User:
    tom = a_representative("Tom Berger")
    TeamMemberFactory.create(team=front_desk, user=tom, capacity=1)
    return tom


def test_a_day_holds_what_is_due_what_waits_who_called_and_what_changed(
    browser: Client, acme: Partner, rosa: User, tom: User
) -> None:
    actor, now = an_actor_for(rosa), timezone.now()
    a_policy(partner=acme, first_response=timedelta(minutes=1), resolution=timedelta(hours=400))
    an_interaction(acme, subject="Late", actor=actor, at=now - timedelta(hours=1))
    later, seen, quiet = (an_interaction(acme, subject=subject, actor=actor) for subject in ("Later", "Seen", "Quiet"))
    Interaction.objects.filter(pk__in=[later.pk, seen.pk, quiet.pk]).update(due_at=now + timedelta(days=3))
    for matter in (seen, quiet):
        ownership.assign(matter, tom, actor=an_actor_for(tom), at=now)
        Watcher.objects.create(interaction=matter, user=rosa, since=now - timedelta(days=1))
    visits.note(quiet, actor=actor, at=now + timedelta(seconds=1))
    conversation.note(later, f"Look, @{rosa.name}", actor=an_actor_for(tom), at=timezone.now())

    page = browser.get(f"{WORK}day/")
    day = page.context
    assert [one.subject for one in day["day"].due] == ["Late"]
    assert re.findall(r"Due today\s+<span[^>]*>(\d+)", page.text) == ["1"]
    assert [one.subject for one, _reason in day["waiting"]] == ["Later"]
    assert [mention.note.interaction.subject for mention in day["day"].mentions] == ["Later"]
    assert [one.subject for one in day["day"].changed] == ["Seen"]

    conversation.note(quiet, "Something else.", actor=an_actor_for(tom), at=now + timedelta(seconds=2))
    changed = browser.get(f"{WORK}day/").context["day"].changed
    assert {one.subject for one in changed} == {"Seen", "Quiet"}


def test_a_board_counts_what_stands_where_and_what_is_at_risk(
    browser: Client, acme: Partner, rosa: User, tom: User
) -> None:
    actor, now = an_actor_for(rosa), timezone.now()
    new, late, asked = (an_interaction(acme, subject=subject, actor=actor) for subject in ("New", "Late", "Asked"))
    Interaction.objects.filter(pk=late.pk).update(jeopardy=Jeopardy.LATE)
    Interaction.objects.filter(pk=new.pk).update(jeopardy=Jeopardy.AT_RISK, assignee=None)
    lifecycle.make_move(asked, Move.ASK, actor=actor, at=now, words=Words(waiting_for="a copy"))

    def columns(query: str) -> dict[str, tuple[int, int, int, list[str]]]:
        found = browser.get(f"{WORK}board/?team={team.code}&{query}").context["columns"]
        return {one.name: (one.count, one.late, one.at_risk, [card.subject for card in one.cards]) for one in found}

    team = Interaction.objects.get(pk=new.pk).team
    by_status = columns("by=status")
    assert by_status["Received"][:3] == (2, 1, 1)
    assert by_status["Waiting"] == (1, 0, 0, ["Asked"])
    assert columns("by=member")[""] == (1, 0, 1, ["New"])
    assert columns("by=member")["Rosa Lindqvist"][:2] == (2, 1)


def test_who_leads_sees_what_each_carries_against_their_room(
    browser: Client, acme: Partner, rosa: User, tom: User, front_desk: Team
) -> None:
    assert "You lead no team" in text_of(browser.get(f"{WORK}load/"))
    TeamMember.objects.filter(user=rosa).update(is_lead=True)
    actor, now = an_actor_for(rosa), timezone.now()

    def one_more_of_tom(subject: str) -> None:
        matter = an_interaction(acme, subject=subject, actor=actor)
        Interaction.objects.filter(pk=matter.pk).update(team=front_desk, assignee=tom, jeopardy=Jeopardy.LATE)

    one_more_of_tom("One")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"{WORK}load/")
    for subject in ("Two", "Three"):
        one_more_of_tom(subject)
    tomorrow = now.date() + timedelta(days=1)  # the day of the team, where it is later than ours
    absences.announce(tom, first_date=now.date(), last_date=tomorrow, substitute=rosa, actor=actor, at=now)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(f"{WORK}load/")

    (team,) = page.context["teams"]
    loads = {load.place.user.name: load for load in team.loads}
    assert (loads["Tom Berger"].total, loads["Tom Berger"].late, loads["Tom Berger"].is_over) == (3, 3, True)
    assert loads["Rosa Lindqvist"].total == 0
    assert "Rosa Lindqvist stands in" in text_of(page)
    assert [one.subject for one in page.context["risky"]] == ["One", "Two", "Three"]
    assert len(many) == len(few)
