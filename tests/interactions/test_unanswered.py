"""A partner that does not answer: the rule of the type reminds, escalates, or closes after it said so."""

from datetime import datetime
from typing import Any

import pytest

from interactions import rules
from interactions.domain import catalogue, lifecycle, unanswered
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Side, Status
from interactions.models import Interaction
from interactions.models.interaction import Needed
from interactions.models.type_version import Unanswered
from partners.models import RecordEntry
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_type
from tests.interactions.stages import DAY, a_matter, an_office_policy, answered, events, made, rosa

pytestmark = pytest.mark.django_db

MONDAY = moment("2026-06-08 07:00")
TUESDAY = moment("2026-06-09 10:00")  # by when we ask for an answer
FIRST = moment("2026-06-12 15:00")  # Friday at five: three business days later
SECOND = moment("2026-06-17 15:00")  # Wednesday at five: three more
WORDS = Words(waiting_for="the floor plan", waiting_kind=Needed.DOCUMENT, waiting_until=TUESDAY)


def waiting(rule: Unanswered, *, words: Words = WORDS, **fields: Any) -> Interaction:
    acme = a_partner()
    an_office_policy(partner=acme)
    a_type("asking", when_unanswered=rule, unanswered_after_days=3)
    return made(a_matter(partner=acme, type="asking", at=MONDAY, **fields), Move.ASK, at=MONDAY, words=words)


def follow_up(at: datetime) -> int:
    return unanswered.sweep(at=at)


def told(interaction: Interaction) -> list[tuple[str, list[str]]]:
    entries = RecordEntry.objects.of_stream(interaction.stream).filter(event="waiting.unanswered")
    return [(entry.facts["rule"], entry.facts["tell"]) for entry in entries]


def test_the_rule_counts_business_days_from_when_the_answer_was_due() -> None:
    interaction = waiting(Unanswered.REMIND)

    assert (interaction.waiting_kind, interaction.unanswered_at) == (Needed.DOCUMENT, FIRST)
    assert follow_up(FIRST - DAY) == 0


def test_a_partner_is_reminded_again_and_again() -> None:
    interaction = waiting(Unanswered.REMIND)

    assert [follow_up(at) for at in (FIRST, FIRST, SECOND, SECOND)] == [1, 0, 1, 0]

    assert told(interaction) == [("remind", ["partner"])] * 2
    interaction.refresh_from_db()
    assert (interaction.status, interaction.unanswered_count) == (Status.WAITING, 2)


def test_both_sides_leads_are_told_once_and_then_the_partner_is_reminded() -> None:
    interaction = waiting(Unanswered.ESCALATE)

    follow_up(FIRST)
    follow_up(SECOND)

    everybody = ["owner", "leads", "partner", "partner_escalation"]
    assert told(interaction) == [("escalate", everybody), ("escalate", ["partner"])]


def test_it_closes_only_after_the_partner_was_told_that_it_would() -> None:
    interaction = waiting(Unanswered.CLOSE)
    assert unanswered.closes_at(interaction) is None

    follow_up(FIRST)
    interaction.refresh_from_db()
    assert (interaction.status, unanswered.closes_at(interaction)) == (Status.WAITING, SECOND)
    follow_up(SECOND)

    interaction.refresh_from_db()
    assert (interaction.status, interaction.ended_at, interaction.unanswered_at) == (Status.CLOSED, SECOND, None)
    assert [event for event in events(interaction) if event != "waiting.late"][-2:] == [
        "waiting.unanswered",
        "interaction.lapsed",
    ]
    entry = RecordEntry.objects.of_stream(interaction.stream).get(event="interaction.lapsed")
    assert "the floor plan" in entry.text("reason")


def test_after_an_outage_it_is_still_told_before_it_closes() -> None:
    interaction = waiting(Unanswered.CLOSE)

    follow_up(SECOND + 30 * DAY)

    interaction.refresh_from_db()
    assert interaction.status == Status.WAITING
    assert (interaction.unanswered_at or MONDAY) > SECOND + 30 * DAY


def test_what_closed_without_an_answer_is_reopened_with_a_reason() -> None:
    interaction = waiting(Unanswered.CLOSE)
    follow_up(FIRST)
    follow_up(SECOND)

    reopened = made(interaction, Move.REOPEN, at=SECOND + DAY)

    assert reopened.status == Status.IN_PROGRESS


def test_an_answer_ends_the_rule() -> None:
    interaction = waiting(Unanswered.CLOSE)
    follow_up(FIRST)

    answered(interaction, FIRST + DAY, Side.PARTNER)

    interaction.refresh_from_db()
    state = (interaction.status, interaction.unanswered_at, interaction.unanswered_count, interaction.waiting_kind)
    assert state == (Status.IN_PROGRESS, None, 0, "")
    assert follow_up(SECOND) == 0


def test_a_third_party_has_no_rule_and_nobody_waits_by_hand_for_it() -> None:
    third = Words(waiting_for="the permit", waiting_side=Side.THIRD_PARTY, waiting_until=TUESDAY)

    assert waiting(Unanswered.CLOSE, words=third).unanswered_at is None


def test_what_is_open_keeps_the_rule_it_began_with() -> None:
    interaction = waiting(Unanswered.REMIND)

    catalogue.publish(interaction.type, at=MONDAY, when_unanswered=Unanswered.CLOSE)
    follow_up(FIRST)
    follow_up(SECOND)

    interaction.refresh_from_db()
    assert interaction.status == Status.WAITING


def test_nobody_makes_the_move_of_the_rule_from_a_page() -> None:
    assert Move.LAPSE not in rules.moves_for(rosa(), waiting(Unanswered.CLOSE))
    assert Move.LAPSE in lifecycle.possible(waiting(Unanswered.REMIND, subject="Another"))
