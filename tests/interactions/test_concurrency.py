"""Two at once, with real commits: exactly one wins, and nothing is counted twice."""

from collections import Counter
from functools import partial
from itertools import pairwise

import pytest
from django.db import connection, transaction

from interactions.domain import conversation, dates, intake, orchestration, watch
from interactions.domain.conversation import Saying
from interactions.domain.dates import NewDate
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Side, Status, StepStatus
from interactions.errors import ChangedMeanwhile, MoveNotAllowed, StepNotOpen
from interactions.models import ClockWarning, InboundMessage, Interaction
from partners.domain import contacts
from partners.enums import Channel, ContactMedium, PartnerStatus
from partners.models import Partner, RecordEntry
from tests.factories.partners import LONG_AGO
from tests.factories.world import a_partner, a_policy, a_team, a_type, an_intake
from tests.interactions.stages import (
    DAY,
    HOUR,
    MONDAY,
    a_matter,
    an_office_policy,
    at_once,
    branching,
    events,
    made,
    rosa,
)

pytestmark = pytest.mark.usefixtures("committed_db")


def kinds(outcomes: list[object]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_two_people_resolve_at_once_and_one_of_them_does() -> None:
    interaction, actor = a_matter(Status.IN_PROGRESS), rosa()
    resolve = partial(made, interaction, Move.RESOLVE, actor=actor)

    outcomes = at_once(resolve, resolve)

    assert kinds(outcomes) == {"Interaction": 1, MoveNotAllowed.__name__: 1}
    assert events(interaction).count("interaction.resolved") == 1


def test_of_two_who_read_the_same_version_one_moves() -> None:
    interaction, actor = a_matter(Status.IN_PROGRESS), rosa()
    moves = [partial(made, interaction, move, actor=actor, version=interaction.version) for move in (Move.ASK,) * 4]

    outcomes = at_once(*moves)

    assert kinds(outcomes) == {"Interaction": 1, ChangedMeanwhile.__name__: 3}
    interaction.refresh_from_db()
    assert (interaction.status, events(interaction).count("interaction.waiting")) == (Status.WAITING, 1)


def test_two_who_move_the_date_at_once_do_not_overwrite_each_other() -> None:
    acme, actor = a_partner(), rosa()
    an_office_policy(partner=acme)
    interaction = a_matter(partner=acme)
    new = [NewDate(to=MONDAY + days * DAY, reason="No duct.") for days in (14, 15)]
    version = interaction.version

    outcomes = at_once(
        *(partial(dates.move, interaction, each, actor=actor, at=MONDAY, version=version) for each in new)
    )

    assert kinds(outcomes) == {"Interaction": 1, ChangedMeanwhile.__name__: 1}
    assert events(interaction).count("interaction.date_moved") == 1


def test_two_who_finish_the_last_steps_before_a_join_open_it_once() -> None:
    interaction, actor = branching(), rosa()
    finish = partial(orchestration.finish, outcome="Done", actor=actor, at=MONDAY)
    check, deliver, bill, archive = interaction.steps.in_order()
    finish(check)

    outcomes = at_once(partial(finish, deliver), partial(finish, bill))

    assert kinds(outcomes) == {"Step": 2}
    archive.refresh_from_db()
    opened = RecordEntry.objects.of_stream(interaction.stream).filter(event="step.opened")
    assert archive.status == StepStatus.OPEN
    assert [entry.facts["step"] for entry in opened] == [1, 2, 3, 4]


def test_two_finish_a_step_at_once_and_the_next_opens_once() -> None:
    team = a_team()
    a_type("planned", plan=[("Check", team), ("Credit", team)])
    interaction, actor = a_matter(type="planned"), rosa()
    step = interaction.steps.in_order()[0]
    finish = partial(orchestration.finish, step, outcome="Done", actor=actor, at=MONDAY)

    outcomes = at_once(finish, finish)

    assert kinds(outcomes) == {"Step": 1, StepNotOpen.__name__: 1}
    assert events(interaction).count("step.finished") == 1
    assert events(interaction).count("step.opened") == 2


def test_things_said_at_once_are_counted_without_gap() -> None:
    interaction, actor = a_matter(), rosa()
    saying = Saying(text="Hello", side=Side.PARTNER, channel=Channel.WEB)

    outcomes = at_once(*[partial(conversation.say, interaction, saying, actor=actor, at=MONDAY)] * 8)

    assert kinds(outcomes) == {"Item": 8}
    assert list(interaction.items.in_sequence().values_list("sequence", flat=True)) == list(range(1, 10))
    entries = RecordEntry.objects.of_stream(interaction.stream)
    assert all(later.previous == earlier.digest for earlier, later in pairwise(entries))


def test_twenty_copies_of_one_message_make_one_interaction() -> None:
    a_type("plain-query")
    handed_in = an_intake(
        channel=Channel.EMAIL, sender="new@example.org", external_id="m1", type_code="plain-query", happened_at=MONDAY
    )

    outcomes = at_once(*[partial(intake.receive, handed_in, at=MONDAY)] * 20)

    received = [outcome for outcome in outcomes if isinstance(outcome, intake.Received)]
    assert len(received) == 20
    assert {(outcome.interaction, outcome.item) for outcome in received} == {
        (Interaction.objects.get(), Interaction.objects.get().items.get())
    }
    assert Counter(outcome.is_duplicate for outcome in received) == {True: 19, False: 1}
    assert InboundMessage.objects.count() == 1


def test_first_messages_of_one_stranger_make_one_potential_partner() -> None:
    meet = partial(contacts.meet, ContactMedium.EMAIL, "new@example.org", name="New", at=MONDAY)

    outcomes = at_once(*[meet] * 6)

    assert kinds(outcomes) == {"Known": 6}
    assert Partner.objects.filter(status=PartnerStatus.PROSPECT).count() == 1


def test_sweeps_at_once_tell_of_each_promise_once() -> None:
    acme = a_partner()
    a_policy(partner=acme, first_response=HOUR, resolution=8 * HOUR, effective_from=LONG_AGO)
    for _ in range(20):
        a_matter(partner=acme)

    outcomes = at_once(*[partial(watch.sweep, at=MONDAY + 7 * HOUR)] * 4)
    watch.sweep(at=MONDAY + 7 * HOUR)  # what one skipped because another held it

    assert kinds(outcomes) == {"int": 4}
    told = Counter(RecordEntry.objects.filter(event__startswith="clock.").values_list("event", "facts__clock"))
    assert told == {
        ("clock.breached", "first_response"): 20,
        ("clock.escalated", "first_response"): 20,
        ("clock.warned", "resolution"): 20,
    }
    assert ClockWarning.objects.count() == 60


def test_a_late_promise_is_told_once_whoever_sees_it_first() -> None:
    acme, actor = a_partner(), rosa()
    a_policy(partner=acme, first_response=HOUR, resolution=2 * HOUR, effective_from=LONG_AGO)
    matters = [a_matter(partner=acme) for _ in range(12)]
    saying = Saying(text="Which number?", side=Side.ENTERPRISE, channel=Channel.WEB)
    words = Words(waiting_for="the number")

    def ask_everywhere() -> int:
        for matter in matters:
            conversation.ask(matter, saying, words, actor=actor, at=MONDAY + 3 * HOUR)
        return 1

    def sweep_often() -> int:
        return sum(watch.sweep(at=MONDAY + 3 * HOUR) for _ in range(12))

    outcomes = at_once(ask_everywhere, sweep_often, sweep_often)

    assert kinds(outcomes) == {"int": 3}
    told = Counter(RecordEntry.objects.filter(event="clock.breached").values_list("facts__clock", flat=True))
    assert told == {"first_response": 12, "resolution": 12}


def test_a_sweep_passes_by_what_a_verb_holds() -> None:
    acme, actor = a_partner(), rosa()
    a_policy(partner=acme, first_response=HOUR, resolution=2 * HOUR, effective_from=LONG_AGO)
    interaction = a_matter(partner=acme)

    with transaction.atomic():
        made(interaction, Move.START, actor=actor)
        handled = at_once(lambda: watch.sweep(at=MONDAY + 3 * HOUR))
    swept = watch.sweep(at=MONDAY + 3 * HOUR)

    assert (handled, swept) == ([0], 3)  # both broke, and one is left broken long enough
    assert not connection.in_atomic_block
