"""Who in a team is given a piece of work."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from interactions.domain import custody, giving_out, lifecycle, ownership, staffing
from interactions.domain.lifecycle import Words
from interactions.enums import AssignmentRule, Move
from interactions.errors import AlreadyTaken
from interactions.models import Interaction, PlanStep, Skill, Step, Team, TeamMember
from partners.models import Absence, RecordEntry, User
from partners.payloads import Actor
from tests.factories.partners import OfficeCalendarFactory, moment
from tests.factories.world import a_partner, a_person_of, a_representative, a_team, a_type, an_actor_for, an_interaction

NOW = timezone.now()


def a_desk(rule: AssignmentRule, *names: str, **places: dict[str, Any]) -> Team:
    """A team that gives its work by a rule; `places` say more of a person's place, by the first name."""
    team = a_team(f"desk-{rule}")
    Team.objects.filter(pk=team.pk).update(assignment=rule)
    for name in names:
        user = a_representative(f"{name} Desk")
        TeamMember.objects.create(team=team, user=user, **places.get(name, {}))
    return Team.objects.get(pk=team.pk)


def raised(team: Team, count: int = 1) -> list[Interaction]:
    a_type(f"for-{team.code}", team=team)
    return [an_interaction(type=f"for-{team.code}", actor=paul()) for _ in range(count)]


def paul() -> Actor:
    """Somebody of a partner."""
    user = User.objects.filter(name="Paul Acheson").first() or a_person_of(a_partner())
    return an_actor_for(user)


def names(interactions: list[Interaction]) -> list[str]:
    found = [interaction.assignee for interaction in interactions]
    return [user.name.split()[0] if user else "-" for user in found]


@pytest.mark.django_db
def test_without_a_rule_work_stays_in_the_queue() -> None:
    assert names(raised(a_desk(AssignmentRule.NOBODY, "Ann", "Bob"), 2)) == ["-", "-"]


@pytest.mark.django_db
def test_work_goes_round() -> None:
    assert names(raised(a_desk(AssignmentRule.ROUND_ROBIN, "Ann", "Bob", "Cem"), 4)) == ["Ann", "Bob", "Cem", "Ann"]


@pytest.mark.django_db
def test_who_has_least_is_given_the_next() -> None:
    team = a_desk(AssignmentRule.LEAST_LOADED, "Ann", "Bob")
    first, second, third = raised(team, 3)
    assert names([first, second, third]) == ["Ann", "Bob", "Ann"]

    rosa = an_actor_for(a_representative())
    for waiting in (first, third):
        lifecycle.make_move(waiting, Move.ASK, actor=rosa, at=NOW, words=Words(waiting_for="The serial number"))

    assert names(raised(team, 2)) == ["Ann", "Bob"]  # what waits for the partner is no load


@pytest.mark.django_db
def test_only_who_can_do_it_is_given_it_and_specialists_before_all_rounders() -> None:
    team = a_desk(AssignmentRule.MOST_SPECIAL, "Ann", "Bob", "Cem")
    fibre, radio = Skill.objects.create(code="fibre", name="Fibre"), Skill.objects.create(code="radio", name="Radio")
    ann, bob, _cem = TeamMember.objects.filter(team=team).order_by("pk")
    ann.skills.set([fibre, radio])
    bob.skills.set([fibre])
    a_type(f"for-{team.code}", team=team, skill=fibre)

    assert names(raised(team)) == ["Bob"]
    bob.skills.clear()
    assert names(raised(team)) == ["Ann"]
    ann.skills.set([radio])
    assert names(raised(team)) == ["-"]


@pytest.mark.django_db
def test_nobody_is_given_more_than_they_have_room_for_and_what_waits_is_given_out_later() -> None:
    team = a_desk(AssignmentRule.LEAST_LOADED, "Ann", "Bob", Ann={"capacity": 1}, Bob={"capacity": 0})
    first, second = raised(team, 2)
    assert names([first, second]) == ["Ann", "-"]
    assert giving_out.sweep(at=NOW) == 0

    lifecycle.make_move(first, Move.CANCEL, actor=an_actor_for(a_representative()), at=NOW, words=Words(reason="Twice"))
    assert giving_out.sweep(at=NOW) == 1
    assert giving_out.sweep(at=NOW) == 0

    second.refresh_from_db()
    assert names([second]) == ["Ann"]
    entry = RecordEntry.objects.of_stream(second.stream).reverse()[0]
    assert (entry.event, entry.actor_kind) == ("interaction.assigned", "system")


@pytest.mark.django_db
def test_who_is_away_or_no_longer_here_is_given_nothing() -> None:
    team = a_desk(AssignmentRule.ROUND_ROBIN, "Ann", "Bob", "Cem")
    ann, bob, _cem = (place.user for place in TeamMember.objects.filter(team=team).order_by("pk"))
    Absence.objects.create(user=ann, first_date=NOW.date() - timedelta(days=1), last_date=NOW.date())
    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert names(raised(team, 2)) == ["Cem", "Cem"]


@pytest.mark.django_db
@pytest.mark.parametrize(("at", "given"), [("2026-06-01 21:30", "Bob"), ("2026-06-01 22:30", "Ann")])
def test_an_absence_ends_at_the_midnight_of_the_team(at: str, given: str) -> None:
    team = a_desk(AssignmentRule.LEAST_LOADED, "Ann", "Bob", Bob={"capacity": 1})
    team.calendar = OfficeCalendarFactory.create()  # Berlin: midnight is at ten in the evening, by UTC
    team.save()
    ann = User.objects.get(name="Ann Desk")
    Absence.objects.create(user=ann, first_date=moment(at).date(), last_date=moment(at).date())

    chosen = staffing.choose(team, skill_id=None, at=moment(at))

    assert chosen is not None
    assert chosen.name == f"{given} Desk"


@pytest.mark.django_db
def test_steps_are_given_too_and_parallel_ones_count_each_other() -> None:
    team = a_desk(AssignmentRule.LEAST_LOADED, "Ann", "Bob", Ann={"capacity": 1}, Bob={"capacity": 1})
    a_type("double", plan=[("Left", team), ("Right", team), ("Centre", team)])
    PlanStep.objects.update(after=[])

    an_interaction(type="double", actor=paul())

    given = Step.objects.order_by("position").values_list("assignee__name", flat=True)
    assert list(given) == ["Ann Desk", "Bob Desk", None]


@pytest.mark.django_db
def test_a_step_handed_over_is_given_by_the_rule_of_the_other_team() -> None:
    front = a_team("front")
    a_type("pass", plan=[("Look", front)])
    step = Step.objects.get(interaction=an_interaction(type="pass"))

    desk = a_desk(AssignmentRule.ROUND_ROBIN, "Ann")

    moved = custody.hand_over(step, desk, reason="Yours", actor=paul(), at=NOW)

    assert moved.assignee is not None
    assert moved.assignee.name == "Ann Desk"


@pytest.mark.django_db
def test_steps_of_who_left_go_back_to_the_queue() -> None:
    team = a_team("measuring")
    tom = a_representative("Tom Okafor", team=team)
    a_type("repair", plan=[("Measure", team)])
    step = Step.objects.get(interaction=an_interaction(type="repair"))
    custody.take(step, tom, actor=an_actor_for(tom), at=NOW)
    User.objects.filter(pk=tom.pk).update(is_active=False)

    assert giving_out.sweep(at=NOW) == 1

    step.refresh_from_db()
    assert step.assignee is None


@pytest.mark.django_db
def test_a_matter_that_somebody_has_is_not_taken() -> None:
    (matter,) = raised(a_desk(AssignmentRule.ROUND_ROBIN, "Ann"))
    rosa = a_representative()

    with pytest.raises(AlreadyTaken, match="Ann Desk has"):
        ownership.take(matter, rosa, actor=an_actor_for(rosa), at=NOW)


def test_room_holds_when_much_comes_in_at_once(committed_db: dict[str, str]) -> None:
    places = {name: {"capacity": 3} for name in ("Ann", "Bob")}
    team = a_desk(AssignmentRule.LEAST_LOADED, "Ann", "Bob", **places)
    waiting = raised(a_desk(AssignmentRule.NOBODY), 8)
    Interaction.objects.update(team=team)
    start = threading.Barrier(4)

    def give_out(mine: list[Interaction]) -> None:
        start.wait()
        try:
            for matter in mine:
                giving_out.give(matter.pk, team, at=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=give_out, args=[waiting[number::4]]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(names(list(Interaction.objects.select_related("assignee")))) == {"Ann": 3, "Bob": 3, "-": 2}
