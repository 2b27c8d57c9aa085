"""In whose hands a step is."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from interactions.domain import custody
from interactions.errors import AlreadyTaken, ChangedMeanwhile, NotAccepted
from interactions.models import Interaction, Step, Team, TeamMember
from partners.models import Absence, RecordEntry, User
from partners.payloads import Actor
from tests.factories.world import a_representative, a_team, a_type, an_actor_for, an_interaction

NOW = timezone.now()


def a_step(team: Team) -> Step:
    a_type("repair", plan=[("Measure", team)])
    return Step.objects.get(interaction=an_interaction(type="repair"))


def last_entry(interaction: Interaction) -> RecordEntry:
    return RecordEntry.objects.of_stream(interaction.stream).reverse()[0]


def rosa() -> Actor:
    return an_actor_for(User.objects.filter(name="Rosa Lindqvist").first() or a_representative())


@pytest.mark.django_db
def test_what_somebody_has_nobody_else_takes() -> None:
    team = a_team("measuring")
    tom, ines = a_representative("Tom Okafor", team=team), a_representative("Inês Carvalho", team=team)
    step = a_step(team)
    custody.take(step, tom, actor=an_actor_for(tom), at=NOW)

    with pytest.raises(AlreadyTaken, match="Tom Okafor has “Measure” already"):
        custody.take(step, ines, actor=an_actor_for(ines), at=NOW)

    assert custody.take(step, tom, actor=an_actor_for(tom), at=NOW).assignee == tom


@pytest.mark.django_db
def test_a_step_is_given_by_who_knows_in_whose_hands_it_is() -> None:
    team = a_team("measuring")
    tom, ines = a_representative("Tom Okafor", team=team), a_representative("Inês Carvalho", team=team)
    step = a_step(team)
    custody.take(step, tom, actor=an_actor_for(tom), at=NOW)

    with pytest.raises(AlreadyTaken):
        custody.give(step, ines, of=None, actor=rosa(), at=NOW)
    custody.give(step, ines, of=tom, reason="She knows the site", actor=rosa(), at=NOW)

    entry = last_entry(step.interaction)
    assert (entry.event, entry.facts["assignee"], entry.text("reason")) == (
        "step.assigned",
        ines.pk,
        "She knows the site",
    )
    with pytest.raises(NotAccepted, match="is not in the team"):
        custody.give(step, a_representative("Mallory Vane"), of=ines, actor=rosa(), at=NOW)


@pytest.mark.django_db
def test_a_step_given_back_is_anybodys_again_and_says_why() -> None:
    team = a_team("measuring")
    tom = a_representative("Tom Okafor", team=team)
    step = custody.take(a_step(team), tom, actor=an_actor_for(tom), at=NOW)

    with pytest.raises(NotAccepted) as refused:
        custody.give_back(step, reason="  ", actor=an_actor_for(tom), at=NOW)
    assert refused.value.attribute == "reason"
    returned = custody.give_back(step, reason="No probe here", actor=an_actor_for(tom), at=NOW)

    assert returned.assignee is None
    assert last_entry(step.interaction).event == "step.returned"


@pytest.mark.django_db
def test_an_escalated_step_goes_to_who_leads_and_is_there() -> None:
    team, above = a_team("measuring"), a_team("network")
    tom = a_representative("Tom Okafor", team=team)
    lead, ines = a_representative("Lea Lead"), a_representative("Inês Carvalho")
    TeamMember.objects.create(team=above, user=lead, is_lead=True)
    Team.objects.filter(pk=team.pk).update(escalates_to=above)
    step = custody.take(a_step(team), tom, actor=an_actor_for(tom), at=NOW)

    assert custody.escalate(step, reason="Two days late", actor=an_actor_for(tom), at=NOW).assignee == lead

    today = NOW.date()
    Absence.objects.create(user=lead, substitute=ines, first_date=today, last_date=today)
    step = custody.give_back(step, reason="Lea is away", actor=an_actor_for(tom), at=NOW)
    assert custody.escalate(step, reason="Two days late", actor=an_actor_for(tom), at=NOW).assignee == ines

    TeamMember.objects.filter(user=lead).delete()
    with pytest.raises(NotAccepted, match="Nobody leads"):
        custody.escalate(step, reason="Two days late", actor=an_actor_for(tom), at=NOW)


@pytest.mark.django_db
def test_what_was_decided_on_an_older_state_is_refused() -> None:
    team = a_team("measuring")
    tom = a_representative("Tom Okafor", team=team)
    step = a_step(team)
    version = step.interaction.version
    Interaction.objects.filter(pk=step.interaction_id).update(version=version + 1)

    with pytest.raises(ChangedMeanwhile):
        custody.take(step, tom, actor=an_actor_for(tom), at=NOW + timedelta(minutes=1), version=version)


def test_of_two_who_take_a_step_at_once_one_has_it(committed_db: dict[str, str]) -> None:
    team = a_team("measuring")
    people = [a_representative(f"Racer {number}", team=team) for number in range(6)]
    step = a_step(team)
    start = threading.Barrier(len(people))
    outcomes: list[str] = []

    def race(user: User) -> None:
        start.wait()
        try:
            custody.take(step, user, actor=an_actor_for(user), at=NOW)
            outcomes.append("took")
        except AlreadyTaken:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 5 + ["took"]
    assert RecordEntry.objects.filter(event="step.taken").count() == 1
