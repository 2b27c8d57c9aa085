"""Resolved is not closed: the partner confirms, reopens, or is silent for as long as the type says."""

from datetime import timedelta

import pytest

from interactions.domain import catalogue, closing
from interactions.domain.lifecycle import Words
from interactions.enums import Move, Status
from interactions.errors import FieldsMissing, NotAccepted
from interactions.models import Interaction
from partners.models import RecordEntry
from tests.factories.partners import moment
from tests.factories.world import a_type
from tests.interactions.stages import HOUR, MONDAY, a_matter, an_office_policy, events, made, stored

pytestmark = pytest.mark.django_db

FRIDAY_EVENING = moment("2026-06-05 15:00")  # the office in Berlin closes at 17:00, which is this


def silent(days: int = 4) -> Interaction:
    """A solution of Monday morning that closes by itself after four business days, on Friday evening."""
    an_office_policy()
    a_type("patient", close_after_days=days)
    return a_matter(Status.RESOLVED, type="patient")


def test_silence_closes_at_the_end_of_the_last_business_day() -> None:
    interaction = silent()
    assert interaction.close_due_at == FRIDAY_EVENING

    assert closing.sweep(at=FRIDAY_EVENING - timedelta(seconds=1)) == 0
    assert closing.sweep(at=FRIDAY_EVENING) == 1
    assert closing.sweep(at=FRIDAY_EVENING + HOUR) == 0

    closed = Interaction.objects.get(pk=interaction.pk)
    assert closed.status == Status.CLOSED
    assert closed.close_due_at is None
    assert events(interaction)[-1] == "interaction.closed"


def test_a_weekend_is_no_silence() -> None:
    assert silent(days=5).close_due_at == moment("2026-06-08 15:00")


def test_what_leaves_the_solution_stops_the_count() -> None:
    interaction = silent()

    reopened = made(interaction, Move.REOPEN)

    assert reopened.close_due_at is None
    assert closing.sweep(at=FRIDAY_EVENING) == 0


def test_a_type_may_wait_for_ever() -> None:
    a_type("endless", close_after_days=None)

    assert a_matter(Status.RESOLVED, type="endless").close_due_at is None


def test_a_type_that_asks_nobody_closes_with_its_solution() -> None:
    a_type("told", asks_confirmation=False, close_after_days=3)

    interaction = made(a_matter(type="told"), Move.RESOLVE)

    assert (interaction.status, interaction.resolution) == (Status.CLOSED, "Credited.")
    assert events(interaction)[-2:] == ["interaction.resolved", "interaction.closed"]


CODES = [{"code": "repaired", "label": "Repaired"}, {"code": "no-fault", "label": "No fault found"}]


def test_how_it_was_resolved_is_one_of_the_kinds_of_its_type() -> None:
    a_type("coded", resolution_codes=CODES)
    interaction = a_matter(type="coded")
    before = stored(interaction)
    for code in ["", "unheard-of"]:
        with pytest.raises(NotAccepted) as refused:
            made(interaction, Move.RESOLVE, words=Words(resolution="Done.", resolution_code=code))
        assert refused.value.attribute == "resolution_code"
    assert stored(interaction) == before

    resolved = made(interaction, Move.RESOLVE, words=Words(resolution="Done.", resolution_code="no-fault"))

    assert resolved.resolution_code == "no-fault"
    assert RecordEntry.objects.of_stream(resolved.stream).get(event="interaction.resolved").facts[
        "resolution_code"
    ] == ("no-fault")


def test_what_is_answered_on_the_spot_counts_as_the_usual_kind() -> None:
    a_type("coded", resolution_codes=CODES)

    interaction = a_matter(type="coded", is_closed_at_once=True, resolution="Restarted.")

    assert (interaction.status, interaction.resolution_code) == (Status.CLOSED, "repaired")


def test_nothing_is_solved_while_something_required_is_not_filled_in() -> None:
    needed = {"name": "order", "label": "Order number", "kind": "reference", "required": True}
    when = {"field": "kind", "comparison": "is", "value": "Order"}
    asked = [
        {"name": "kind", "label": "Kind", "kind": "choice", "choices": ["Order", "Other"]},
        needed | {"when": when},
    ]
    a_type("asking", fields=asked)
    other = a_matter(type="asking", channel="email", values={"kind": "Other"})
    order = a_matter(type="asking", channel="email", values={"kind": "Order"})

    assert made(other, Move.RESOLVE).status == Status.RESOLVED
    with pytest.raises(FieldsMissing, match="Order number"):
        made(order, Move.RESOLVE)
    catalogue.publish(order.type, fields=[], at=MONDAY)  # another version changes nothing for it
    with pytest.raises(FieldsMissing):
        made(order, Move.RESOLVE)
