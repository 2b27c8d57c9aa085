"""Counting: every figure is worked out by hand here once."""

from datetime import date, timedelta

import pytest

from interactions.domain import conversation, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import ClockKind, Direction, Move, Side
from interactions.models import Clock, Interaction
from partners.enums import Channel
from partners.payloads import SYSTEM, Actor
from reporting.domain import snapshots, volumes
from reporting.models import Day
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_policy, a_representative, an_actor_for, an_interaction

pytestmark = pytest.mark.django_db

MONDAY = moment("2026-06-01 09:00")
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 7)


@pytest.fixture
def rosa() -> Actor:
    return an_actor_for(a_representative())


def resolve(interaction: Interaction, actor: Actor, *, after: timedelta) -> None:
    words = Words(resolution="Line repaired.")
    lifecycle.make_move(interaction, Move.RESOLVE, actor=actor, at=MONDAY + after, words=words)


def test_a_day_counts_what_was_received_answered_and_resolved_on_it(rosa: Actor) -> None:
    acme = a_partner("Acme Wholesale")
    a_policy(partner=acme, effective_from=FIRST, first_response=timedelta(hours=1), resolution=timedelta(hours=8))
    answered = an_interaction(acme, channel=Channel.PHONE, at=MONDAY)
    saying = Saying(text="We are on it.", side=Side.ENTERPRISE, channel=Channel.PHONE)
    conversation.say(answered, saying, actor=rosa, at=MONDAY + timedelta(minutes=30))
    resolve(answered, rosa, after=timedelta(hours=26))
    an_interaction(acme, channel=Channel.EMAIL, at=MONDAY)

    snapshots.rebuild(FIRST, LAST, at=MONDAY)
    report = volumes.report(FIRST, LAST)

    assert (report.total.received, report.total.responded, report.total.resolved) == (2, 1, 1)
    assert report.total.average_response == timedelta(minutes=30)
    assert report.total.average_resolution == timedelta(hours=26)
    assert [(day.isoformat(), figures.received, figures.resolved) for day, figures in report.by_day[:2]] == [
        ("2026-06-01", 2, 0),
        ("2026-06-02", 0, 1),
    ]
    assert {group.key: group.figures.received for group in report.by_channel} == {"phone": 1, "email": 1}


def test_a_promise_is_kept_or_broken_once(rosa: Actor) -> None:
    acme = a_partner("Acme Wholesale")
    a_policy(partner=acme, effective_from=FIRST, first_response=timedelta(hours=1), resolution=timedelta(hours=8))
    interaction = an_interaction(acme, at=MONDAY)
    saying = Saying(text="We are on it.", side=Side.ENTERPRISE, channel=Channel.EMAIL)
    conversation.say(interaction, saying, actor=rosa, at=MONDAY + timedelta(minutes=30))
    resolve(interaction, rosa, after=timedelta(hours=10))

    snapshots.rebuild(FIRST, LAST, at=MONDAY)
    total = volumes.report(FIRST, LAST).total

    assert (total.promises_kept, total.promises_broken, total.kept_share) == (1, 1, 0.5)


def test_the_time_of_each_side_is_that_of_what_ended(rosa: Actor) -> None:
    acme = a_partner("Acme Wholesale")
    a_policy(partner=acme, effective_from=FIRST)  # round the clock
    hour = timedelta(hours=1)
    interaction = an_interaction(acme, at=MONDAY)
    an_interaction(acme, at=MONDAY)  # still open: its times are not known yet
    for after, move in [(2, Move.ASK), (5, Move.RESUME), (6, Move.RESOLVE), (7, Move.REOPEN), (9, Move.CANCEL)]:
        words = Words(reason="As said.", resolution="Repaired.", waiting_for="the form")
        lifecycle.make_move(interaction, move, actor=rosa, at=MONDAY + after * hour, words=words)

    snapshots.rebuild(FIRST, LAST, at=MONDAY)
    total = volumes.report(FIRST, LAST).total

    assert (total.average_with_us, total.average_with_partner, total.average_paused) == (5 * hour, 4 * hour, 3 * hour)
    assert (total.average_with_third_party, total.reopened, total.reopened_words) == (timedelta(0), 1, "100 %")


def test_an_annulled_interaction_does_not_count() -> None:
    interaction = an_interaction(a_partner("Acme Wholesale"), at=MONDAY)
    lifecycle.make_move(interaction, Move.ANNUL, actor=SYSTEM, at=MONDAY, words=Words(reason="Logged twice"))

    snapshots.rebuild(FIRST, LAST, at=MONDAY)

    assert volumes.report(FIRST, LAST).total.received == 0


def test_what_the_enterprise_raised_counts_as_outbound_without_a_first_response(rosa: Actor) -> None:
    acme = a_partner("Acme Wholesale")
    raised = an_interaction(acme, actor=rosa, direction=Direction.OUTBOUND, at=MONDAY)
    saying = Saying(text="Any news?", side=Side.ENTERPRISE, channel=Channel.EMAIL)
    conversation.say(raised, saying, actor=rosa, at=MONDAY + timedelta(hours=1))

    snapshots.rebuild(FIRST, LAST, at=MONDAY)
    report = volumes.report(FIRST, LAST)

    assert [(group.key, group.figures.received) for group in report.by_direction] == [("outbound", 1)]
    assert report.total.average_response is None


def test_counting_again_changes_nothing_but_the_time_of_counting() -> None:
    an_interaction(a_partner("Acme Wholesale"), at=MONDAY)
    snapshots.rebuild(FIRST, LAST, at=MONDAY)
    before = list(Day.objects.order_by("date").values("date", "received", "channel"))

    snapshots.rebuild(FIRST, LAST, at=MONDAY + timedelta(hours=1))

    assert list(Day.objects.order_by("date").values("date", "received", "channel")) == before


def test_the_first_count_reaches_back_to_the_oldest_interaction() -> None:
    an_interaction(a_partner("Acme Wholesale"), at=MONDAY)

    snapshots.recount(at=MONDAY + timedelta(days=60))

    assert Day.objects.get().date == date(2026, 6, 1)


def test_empty_days_are_in_the_report() -> None:
    report = volumes.report(FIRST, LAST)

    assert len(report.by_day) == 7
    assert report.counted_at is None
    assert report.total.kept_share is None


def test_what_the_partner_was_to_answer_is_no_promise_of_ours(rosa: Actor) -> None:
    acme = a_partner("Acme Wholesale")
    a_policy(partner=acme, effective_from=FIRST, first_response=timedelta(hours=1), resolution=timedelta(hours=8))
    interaction = an_interaction(acme, at=MONDAY)
    until = MONDAY + timedelta(hours=2)
    words = Words(waiting_for="The serial number", waiting_until=until)
    lifecycle.make_move(interaction, Move.ASK, actor=rosa, at=MONDAY, words=words)
    lifecycle.make_move(interaction, Move.ANSWER, actor=rosa, at=MONDAY + timedelta(hours=3))

    snapshots.rebuild(FIRST, LAST, at=MONDAY)
    total = volumes.report(FIRST, LAST).total

    assert Clock.objects.filter(kind=ClockKind.PARTNER_ANSWER, stopped_at__isnull=False).exists()
    assert (total.promises_kept, total.promises_broken) == (0, 0)
