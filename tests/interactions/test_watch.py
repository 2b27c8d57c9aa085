"""Each threshold of a promise is told once, to whom its chain names, on both sides."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from interactions.domain import clocks, watch
from interactions.domain.lifecycle import Words
from interactions.enums import ClockKind, Move, Side, Status
from interactions.models import Clock, ClockWarning, Interaction, PlanStep
from partners.models import OutboxMessage, RecordEntry
from tests.factories.partners import moment
from tests.factories.world import a_next_version, a_partner, a_policy, a_team, a_type
from tests.interactions.stages import HOUR, MONDAY, a_matter, answered, made

pytestmark = pytest.mark.django_db

CHAIN = {"owner": [50, 100], "leads": [100, 150], "partner": [100], "partner_escalation": [200]}


def promised(**fields: Any) -> Interaction:
    """Ten hours round the clock to the end, and nothing else that could run out meanwhile."""
    acme = a_partner()
    times = {"first_response": 10 * HOUR, "resolution": 10 * HOUR, "silence_limit": 900 * HOUR}
    a_policy(partner=acme, effective_from="2020-01-01", **times | fields)
    return made(a_matter(partner=acme), Move.START)


def passed(interaction: Interaction, kind: ClockKind = ClockKind.RESOLUTION) -> list[tuple[int, list[str], datetime]]:
    rows = ClockWarning.objects.filter(clock__interaction=interaction, clock__kind=kind).order_by("id")
    return [(warning.share, list(warning.told), warning.at) for warning in rows]


def told(interaction: Interaction, kind: ClockKind = ClockKind.RESOLUTION) -> list[tuple[str, int, list[str]]]:
    entries = RecordEntry.objects.of_stream(interaction.stream).filter(facts__clock=kind, facts__has_key="share")
    return [(entry.event, entry.facts["share"], entry.facts["tell"]) for entry in entries]


def watched(until: timedelta, *, every: timedelta = timedelta(minutes=20)) -> None:
    at = MONDAY
    while at <= MONDAY + until:
        watch.sweep(at=at)
        watch.sweep(at=at)
        at += every


def test_a_chain_is_walked_threshold_by_threshold() -> None:
    interaction = promised(escalation=CHAIN)

    watched(40 * HOUR)

    assert told(interaction) == [
        ("clock.warned", 50, ["owner"]),
        ("clock.breached", 100, ["owner", "leads", "partner"]),
        ("clock.escalated", 150, ["leads"]),
        ("clock.escalated", 200, ["partner_escalation"]),
    ]
    assert [share for share, _told, _at in passed(interaction)] == [50, 100, 150, 200]
    assert passed(interaction)[0][2] == MONDAY + 5 * HOUR + timedelta(minutes=20)  # the first sweep after it


def test_a_threshold_that_concerns_nobody_bothers_nobody_but_is_on_the_record() -> None:
    interaction = promised(escalation={"owner": [50]})
    waiting = OutboxMessage.objects.count()

    watched(11 * HOUR)

    assert [entry[:2] for entry in told(interaction)] == [("clock.warned", 50), ("clock.breached", 100)]
    assert interaction.clocks.get(kind=ClockKind.RESOLUTION).breached_at == MONDAY + 10 * HOUR
    # one for the warning of each of the two promises
    assert OutboxMessage.objects.count() == waiting + 2


def test_after_an_outage_what_is_broken_is_not_warned_of_any_more() -> None:
    interaction = promised(escalation=CHAIN)

    watch.sweep(at=MONDAY + 90 * HOUR)

    assert [entry[:2] for entry in told(interaction)] == [("clock.breached", 100), ("clock.escalated", 200)]


def test_the_chain_is_that_of_the_version_it_was_promised_by() -> None:
    interaction = promised(escalation=CHAIN)
    assert interaction.policy is not None
    a_next_version(interaction.policy, escalation={"above": [10]})

    watched(6 * HOUR)

    assert told(interaction) == [("clock.warned", 50, ["owner"])]


def test_a_paused_promise_reaches_nothing_and_goes_on_where_it_was() -> None:
    interaction = promised(escalation=CHAIN)
    made(interaction, Move.ASK, at=MONDAY + 4 * HOUR)
    watched(30 * HOUR)
    assert told(interaction) == []

    made(interaction, Move.RESUME, at=MONDAY + 30 * HOUR)
    watch.sweep(at=MONDAY + 31 * HOUR)
    assert told(interaction) == []
    watch.sweep(at=MONDAY + 31 * HOUR + timedelta(seconds=1))

    assert [entry[:2] for entry in told(interaction)] == [("clock.warned", 50)]


def test_a_step_concerns_its_team_by_the_team_s_own_chain() -> None:
    team = a_team("checkers")
    team.escalation = {"owner": [80], "above": [150]}
    team.save()
    a_type("timed", plan=[("Check", team)])
    PlanStep.objects.filter(team=team).update(within=10 * HOUR)
    interaction = a_matter(type="timed")

    watched(20 * HOUR)

    of_steps = RecordEntry.objects.of_stream(interaction.stream).filter(event__startswith="step.")
    entries = of_steps.filter(facts__has_key="share")
    assert [(one.event, one.facts["share"], one.facts["tell"], one.facts["step"]) for one in entries] == [
        ("step.warned", 80, ["owner"], 1),
        ("step.late", 100, [], 1),
        ("step.late", 150, ["above"], 1),
    ]


REMINDERS = {"partner": [50, 100], "owner": [100], "partner_escalation": [150]}


def test_the_partner_s_own_time_is_measured_and_reminded_of_like_ours() -> None:
    interaction = promised(answer=8 * HOUR, reminders=REMINDERS)
    interaction = made(interaction, Move.ASK)
    assert interaction.waiting_until == MONDAY + 8 * HOUR

    watched(20 * HOUR)

    assert told(interaction, ClockKind.PARTNER_ANSWER) == [
        ("waiting.reminded", 50, ["partner"]),
        ("waiting.late", 100, ["owner", "partner"]),
        ("waiting.late", 150, ["partner_escalation"]),
    ]
    clock = interaction.clocks.get(kind=ClockKind.PARTNER_ANSWER)
    assert clock.breached_at == MONDAY + 8 * HOUR


def test_an_answer_ends_the_partner_s_clock_and_a_new_question_begins_another() -> None:
    interaction = made(promised(answer=8 * HOUR, reminders=REMINDERS), Move.ASK)
    made(interaction, Move.ANSWER, at=MONDAY + 6 * HOUR)
    made(interaction, Move.ASK, at=MONDAY + 7 * HOUR)

    watched(13 * HOUR)

    first, second = interaction.clocks.filter(kind=ClockKind.PARTNER_ANSWER).order_by("id")
    assert (first.stopped_at, first.counted, first.breached_at) == (MONDAY + 6 * HOUR, 6 * HOUR, None)
    assert second.started_at == MONDAY + 7 * HOUR
    assert [entry[1] for entry in told(interaction, ClockKind.PARTNER_ANSWER)] == [50]  # of the second alone


def test_a_date_that_was_named_goes_before_the_policy() -> None:
    interaction = promised(answer=8 * HOUR)
    words = Words(waiting_for="the order number", waiting_until=MONDAY + 30 * HOUR)

    interaction = made(interaction, Move.ASK, words=words)

    clock = interaction.clocks.get(kind=ClockKind.PARTNER_ANSWER)
    assert (clock.within, clock.due_at) == (30 * HOUR, MONDAY + 30 * HOUR)


def test_a_third_party_is_measured_apart_from_the_partner() -> None:
    interaction = promised(answer=8 * HOUR)
    words = Words(waiting_for="a repair", waiting_until=MONDAY + 30 * HOUR, waiting_side=Side.THIRD_PARTY)

    interaction = made(interaction, Move.ASK, words=words)

    assert [clock.kind for clock in interaction.clocks.exclude(kind__in=["resolution", "first_response"])] == [
        ClockKind.THIRD_PARTY_ANSWER
    ]


def test_the_other_side_s_delay_breaks_no_promise_of_ours() -> None:
    interaction = made(promised(answer=HOUR), Move.ASK)

    watched(90 * HOUR, every=HOUR)

    interaction.refresh_from_db()
    assert (interaction.jeopardy, interaction.due_at) == ("on_track", None)


def test_the_next_response_is_owed_from_each_word_of_the_partner() -> None:
    interaction = promised(next_response=2 * HOUR, resolution=90 * HOUR)
    answered(interaction, MONDAY + HOUR)
    answered(interaction, MONDAY + 3 * HOUR, Side.PARTNER)
    answered(interaction, MONDAY + 4 * HOUR, Side.PARTNER)  # owed already
    answered(interaction, MONDAY + 4.5 * HOUR)
    answered(interaction, MONDAY + 9 * HOUR, Side.PARTNER)
    answered(interaction, MONDAY + 12 * HOUR)

    owed = interaction.clocks.filter(kind=ClockKind.NEXT_RESPONSE).order_by("id")
    assert [(clock.started_at, clock.stopped_at, clock.breached_at) for clock in owed] == [
        (MONDAY + 3 * HOUR, MONDAY + 4.5 * HOUR, None),
        (MONDAY + 9 * HOUR, MONDAY + 12 * HOUR, MONDAY + 11 * HOUR),
    ]


def test_nothing_is_owed_before_the_first_response_and_after_the_end() -> None:
    interaction = promised(next_response=2 * HOUR)
    answered(interaction, MONDAY + HOUR, Side.PARTNER)
    made(interaction, Move.RESOLVE, at=MONDAY + 2 * HOUR)

    assert not interaction.clocks.filter(kind=ClockKind.NEXT_RESPONSE).exists()
    assert not Clock.objects.filter(interaction=interaction, stopped_at=None).exists()


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ANNULLED, Status.CLOSED, Status.RESOLVED])
def test_nothing_is_watched_once_it_ended(status: Status) -> None:
    acme = a_partner()
    a_policy(partner=acme, answer=HOUR)
    a_matter(status, partner=acme)

    assert watch.sweep(at=moment("2027-01-01 00:00")) == 0


def test_what_the_sweep_did_not_see_the_verb_tells_once() -> None:
    interaction = promised(escalation=CHAIN)
    made(interaction, Move.RESOLVE, at=MONDAY + 12 * HOUR)

    watch.sweep(at=MONDAY + 40 * HOUR)

    assert told(interaction) == [("clock.breached", 100, ["owner", "leads", "partner"])]
    assert [share for share, _told, _at in passed(interaction)] == [100]


def test_what_only_looks_does_not_stop_a_clock() -> None:
    interaction = promised()
    before = list(interaction.clocks.order_by("id").values())

    clocks.look_again(Interaction.objects.select_related("policy").get(pk=interaction.pk), at=MONDAY)

    assert list(interaction.clocks.order_by("id").values()) == before
