from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interactions.domain import conversation, custody, lifecycle, ownership, workload
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.domain.workload import Bundle, Reason
from interactions.enums import Move, Side
from interactions.models import Interaction, Step, Team
from partners.enums import Channel
from partners.models import Partner, User
from tests.factories.world import a_representative, a_team, a_type, an_actor_for, an_interaction

pytestmark = pytest.mark.django_db

WORK = "/console/work/"


def reasons(bundles: list[Bundle]) -> dict[Reason, list[int]]:
    return {bundle.reason: [one.pk for one in bundle.interactions] for bundle in bundles}


def test_what_is_mine_is_grouped_by_what_it_needs(browser: Client, acme: Partner, rosa: User, paul: User) -> None:
    actor, now = an_actor_for(rosa), timezone.now()
    first = an_interaction(acme, actor=actor, at=now - timedelta(hours=1))
    answered = an_interaction(acme, actor=actor, at=now - timedelta(hours=1))
    ours = Saying(text="We look", side=Side.ENTERPRISE, channel=Channel.EMAIL)
    conversation.say(answered, ours, actor=actor, at=now - timedelta(minutes=50))
    asked_again = an_interaction(acme, actor=actor, at=now - timedelta(hours=1))
    conversation.say(asked_again, ours, actor=actor, at=now - timedelta(minutes=50))
    theirs = Saying(text="Any news?", side=Side.PARTNER, channel=Channel.EMAIL)
    conversation.say(asked_again, theirs, actor=an_actor_for(paul), at=now - timedelta(minutes=40))
    waiting = an_interaction(acme, actor=actor, at=now - timedelta(hours=1))
    lifecycle.make_move(waiting, Move.ASK, actor=actor, at=now, words=Words(waiting_for="a copy"))
    late = an_interaction(acme, actor=actor, at=now - timedelta(hours=2))
    until = now - timedelta(minutes=1)
    words = Words(waiting_for="a copy", waiting_until=until)
    lifecycle.make_move(late, Move.ASK, actor=actor, at=now - timedelta(hours=1), words=words)

    work = browser.get(WORK).context["work"]

    assert reasons(work.to_do) == {
        Reason.FIRST_RESPONSE: [first.pk],
        Reason.NEXT_RESPONSE: [asked_again.pk],
        Reason.ANSWER_LATE: [late.pk],
        Reason.IN_WORK: [answered.pk],
    }
    assert reasons(work.waiting) == {Reason.PARTNER: [waiting.pk]}


def test_what_was_done_today_is_there_and_what_was_done_before_is_not(
    browser: Client, matter: Interaction, acme: Partner, rosa: User
) -> None:
    actor = an_actor_for(rosa)
    lifecycle.make_move(matter, Move.RESOLVE, actor=actor, at=timezone.now(), words=Words(resolution="Paid"))
    earlier = timezone.now() - timedelta(days=3)
    old = an_interaction(acme, actor=actor, at=earlier)
    lifecycle.make_move(old, Move.CANCEL, actor=actor, at=earlier, words=Words(reason="twice"))

    work = browser.get(WORK).context["work"]

    assert [one.pk for one in work.done] == [matter.pk]
    assert reasons(work.waiting) == {Reason.CONFIRMATION: [matter.pk]}


def test_my_teams_open_steps_and_what_nobody_has_are_there(
    browser: Client, acme: Partner, rosa: User, front_desk: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_type("one-step", plan=[("Measure", front_desk)])
    interaction = an_interaction(acme, type="one-step")
    ownership.assign(interaction, None, actor=an_actor_for(rosa), at=timezone.now())
    step = Step.objects.get()

    work = browser.get(WORK).context["work"]
    assert [one.pk for one in work.team_steps] == [step.pk]
    assert [one.pk for one in work.unassigned] == [interaction.pk]

    custody.take(step, rosa, actor=an_actor_for(rosa), at=timezone.now())
    work = browser.get(WORK).context["work"]
    assert [one.pk for one in work.my_steps] == [step.pk]
    assert not work.team_steps

    second_desk = a_team("second-desk", members=[rosa])
    sooner = an_interaction(acme)
    Interaction.objects.filter(pk=sooner.pk).update(team=second_desk, assignee=None, due_at=timezone.now())
    work = browser.get(WORK).context["work"]
    assert [one.pk for one in work.unassigned] == [sooner.pk, interaction.pk], "of all my teams, by when it is due"

    monkeypatch.setattr(workload, "SHOWN", 1)
    page = browser.get(WORK)
    assert [one.pk for one in page.context["work"].unassigned] == [sooner.pk]
    assert page.context["for_team"] == "1+"
    assert "?view=unassigned" in page.content.decode()


def test_what_is_of_others_is_not_mine(browser: Client, acme: Partner) -> None:
    an_interaction(acme, actor=an_actor_for(a_representative("Tom Okafor")), type="fault-report", channel=Channel.EMAIL)

    work = browser.get(WORK).context["work"]

    assert not work.to_do
    assert not work.unassigned


def test_much_work_costs_as_many_queries_as_little(
    browser: Client, acme: Partner, rosa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_interaction(acme, actor=an_actor_for(rosa))
    browser.get(WORK)
    with django_assert_num_queries(9):
        browser.get(WORK)

    an_interaction(acme, actor=an_actor_for(rosa), type="fault-report", channel=Channel.EMAIL)
    an_interaction(acme, actor=an_actor_for(rosa), type="order", channel=Channel.EMAIL)

    with django_assert_num_queries(9):
        browser.get(WORK)
