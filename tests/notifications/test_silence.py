"""Silence is counted in business time, and broken for both sides."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.domain import conversation, lifecycle, progress
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Event, Move, Side
from interactions.models import Interaction
from notifications.domain import silence
from notifications.models import Delivery
from partners.enums import Channel
from partners.models import RecordEntry
from partners.payloads import SYSTEM
from tests.factories.partners import OfficeCalendarFactory, moment
from tests.factories.world import a_partner, a_policy, an_actor_for, an_interaction
from tests.notifications.conftest import NOON, Office

FRIDAY = moment("2026-06-05 13:00")  # 15:00 in Berlin, two hours before closing
LIMIT = timedelta(hours=8)


def silent_since(office: Office, at: datetime) -> Interaction:
    """Something of Globex that was begun at `at`, with office hours and a limit of eight hours."""
    Interaction.objects.update(silence_due_at=None)
    globex = a_partner("Globex")
    calendar = OfficeCalendarFactory.create(code="office-hours-of-globex")
    a_policy(partner=globex, calendar=calendar, silence_limit=LIMIT, effective_from=NOON.date())
    return an_interaction(globex, actor=an_actor_for(office.rosa), at=at, sender="grace@globex.example.org")


def progress_of(interaction: Interaction) -> int:
    return RecordEntry.objects.filter(stream=interaction.stream, event=Event.PROGRESS_TOLD).count()


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-06-05 23:00", 0),  # Friday night: two of the eight hours are over
        ("2026-06-07 12:00", 0),  # Sunday counts for nothing
        ("2026-06-08 12:59", 0),  # Monday, 14:59 in Berlin: seven hours and fifty-nine minutes
        ("2026-06-08 13:00", 1),  # Monday, 15:00: eight hours
    ],
)
def test_silence_over_a_weekend(office: Office, now: str, told: int) -> None:
    interaction = silent_since(office, FRIDAY)

    silence.break_silence(at=moment(now))

    assert progress_of(interaction) == told


def test_both_sides_are_told_once_and_silence_is_counted_anew(office: Office) -> None:
    interaction = silent_since(office, FRIDAY)
    office.tell()
    monday = moment("2026-06-08 13:00")

    assert silence.break_silence(at=monday) == 1
    assert silence.break_silence(at=monday) == 0

    interaction.refresh_from_db()
    assert interaction.partner_told_at == interaction.enterprise_told_at == monday
    assert interaction.silence_due_at == moment("2026-06-09 13:00")
    told = {delivery.address for delivery in office.tell(monday)}
    assert told == {"grace@globex.example.org", office.rosa.email}


def test_who_just_writes_an_answer_is_not_disturbed(office: Office) -> None:
    interaction = silent_since(office, FRIDAY)
    version = interaction.version

    silence.break_silence(at=moment("2026-06-08 13:00"))

    interaction.refresh_from_db()
    assert interaction.version == version


def test_what_is_said_in_between_puts_the_notice_off(office: Office) -> None:
    interaction = silent_since(office, FRIDAY)
    said = Saying(text="We are on it.", side=Side.ENTERPRISE, channel=Channel.WEB)
    conversation.say(interaction, said, actor=an_actor_for(office.rosa), at=moment("2026-06-08 10:00"))

    assert silence.break_silence(at=moment("2026-06-08 13:00")) == 0


def test_what_has_ended_is_silent_for_ever(office: Office) -> None:
    interaction = silent_since(office, FRIDAY)
    words = Words(reason="no longer needed")
    lifecycle.make_move(interaction, Move.CANCEL, actor=an_actor_for(office.rosa), at=FRIDAY, words=words)

    assert silence.break_silence(at=FRIDAY + timedelta(days=60)) == 0


def test_who_is_waited_for_is_reminded_of_what_is_needed(office: Office) -> None:
    interaction = silent_since(office, FRIDAY)
    words = Words(waiting_for="the signed form", waiting_until=moment("2026-06-10 15:00"))
    lifecycle.make_move(interaction, Move.ASK, actor=an_actor_for(office.rosa), at=FRIDAY, words=words)
    office.tell()

    silence.break_silence(at=moment("2026-06-08 13:00"))
    office.tell(moment("2026-06-08 13:00"))

    reminder = Delivery.objects.filter(address="grace@globex.example.org").latest("pk")
    assert reminder.subject.partition("] ")[2].startswith("Still waiting for you")
    assert "the signed form" in reminder.text
    assert "Wed 10 Jun 2026, 17:00 CEST" in reminder.text


def test_a_batch_costs_the_same_queries_for_one_and_for_three(office: Office) -> None:
    Interaction.objects.update(silence_due_at=None)

    def queries(count: int) -> int:
        for _ in range(count):
            an_interaction(office.acme, actor=an_actor_for(office.rosa), at=NOON)
        with CaptureQueriesContext(connection) as captured:
            assert progress.tell_progress(actor=SYSTEM, at=NOON + timedelta(days=2)) == count
        Interaction.objects.update(silence_due_at=None)
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)
