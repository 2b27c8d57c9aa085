"""Mail without end: a program that answers every answer, and a sender forged to have us write to somebody."""

from datetime import timedelta

import pytest

from interactions.domain import correspondents, mail
from interactions.domain.mail import Taken
from interactions.enums import MessageState
from interactions.models import Interaction
from tests.factories.mails import DESK, a_mail, reply_address_of
from tests.factories.partners import moment
from tests.factories.world import a_partner, a_person_of, a_type

pytestmark = pytest.mark.django_db

NOW = moment("2026-06-01 09:00")
ROBOT = "robot@stranger.example.org"
PAUL = "paul.acheson@example.org"


@pytest.fixture(autouse=True)
def _types() -> None:
    a_type("general-query")


def take(number: int, *, sender: str = ROBOT, to: str = DESK, minutes: float = 0) -> Taken:
    raw = a_mail(f"I am away ({number}).", sender=sender, to=to, subject=f"Away {number}")
    return mail.take_in(raw, envelope_sender=sender, envelope_recipients=[to], at=NOW + timedelta(minutes=minutes))


def test_a_program_that_answers_every_answer_is_cut_off_and_kept_for_staff() -> None:
    taken = [take(number, minutes=number) for number in range(correspondents.MOST_OF_STRANGER + 3)]

    assert [one.message.state for one in taken[-4:]] == [MessageState.ACCEPTED, *[MessageState.QUARANTINED] * 3]
    assert "10 times within an hour" in taken[-1].message.reason
    assert Interaction.objects.count() == correspondents.MOST_OF_STRANGER


def test_after_an_hour_the_sender_is_heard_again() -> None:
    for number in range(correspondents.MOST_OF_STRANGER):
        take(number)

    assert take(98, minutes=59).message.state == MessageState.QUARANTINED
    assert take(99, minutes=61).message.state == MessageState.ACCEPTED


def test_a_partner_that_has_much_to_say_is_heard() -> None:
    a_person_of(a_partner("Acme Wholesale"), "Paul Acheson")

    taken = [take(number, sender=PAUL) for number in range(correspondents.MOST_OF_STRANGER + 1)]

    assert {one.message.state for one in taken} == {MessageState.ACCEPTED}


def test_an_answer_is_always_heard() -> None:
    taken = [take(number) for number in range(correspondents.MOST_OF_STRANGER)]
    matter = taken[0].message.interaction
    assert matter is not None

    assert take(50, to=reply_address_of(matter)).message.state == MessageState.ACCEPTED
