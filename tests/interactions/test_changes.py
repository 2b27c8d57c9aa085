"""What a partner wants changed in a matter that is worked on: the owner decides, and the decision is recorded."""

from functools import partial
from typing import Any

import pytest

from interactions.domain import changes, custody
from interactions.domain.changes import Decision, Wish
from interactions.enums import ChangeKind, ChangeState, Move, Status
from interactions.errors import ChangeDecided, MoveNotAllowed, NotAccepted
from interactions.models import ChangeRequest, Interaction
from partners.models import RecordEntry
from partners.payloads import Actor
from tests.factories.world import a_person_of, a_representative, a_team, a_type, an_actor_for
from tests.interactions.stages import HOUR, MONDAY, a_matter, events, made, rosa, stored

pytestmark = pytest.mark.django_db


def paul(interaction: Interaction) -> Actor:
    there = interaction.partner.memberships.select_related("user").first()
    return an_actor_for(there.user if there else a_person_of(interaction.partner))


def cancelled_by_paul(interaction: Interaction, reason: str = "Not needed any more.") -> ChangeRequest | None:
    return changes.cancel(interaction, reason=reason, actor=paul(interaction), at=MONDAY + HOUR)


def asked(status: Status = Status.IN_PROGRESS) -> tuple[Interaction, ChangeRequest]:
    interaction = a_matter(status)
    request = cancelled_by_paul(interaction)
    assert request is not None
    return interaction, request


def decided(request: ChangeRequest, *, yes: bool, text: str = "As you wish.", **more: Any) -> ChangeRequest:
    decision = Decision(is_accepted=yes, text=text, **more)
    return changes.decide(request, decision, actor=rosa(), at=MONDAY + 2 * HOUR)


def test_what_nobody_works_on_yet_is_cancelled_at_once() -> None:
    interaction = a_matter()

    assert cancelled_by_paul(interaction) is None

    interaction.refresh_from_db()
    assert interaction.status == Status.CANCELLED


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.WAITING])
def test_what_is_worked_on_is_for_the_owner_to_cancel(status: Status) -> None:
    interaction, request = asked(status)

    interaction.refresh_from_db()
    assert (interaction.status, request.kind, request.state) == (status, ChangeKind.CANCEL, ChangeState.OPEN)
    assert events(interaction)[-1] == "change.asked"


def test_a_step_that_somebody_took_is_work() -> None:
    team = a_team("checkers", members=[a_representative("Tom Okafor")])
    a_type("planned", plan=[("Check", team)])
    interaction = a_matter(type="planned")
    assert not changes.is_begun(interaction)

    step = interaction.steps.get()
    custody.take(step, team.members.get(), actor=rosa(), at=MONDAY)

    assert changes.is_begun(interaction)


def test_yes_cancels_and_both_are_on_the_record_with_what_follows() -> None:
    interaction, request = asked()

    done = decided(request, yes=True, consequence="The cable is charged: 120.00 EUR.")

    interaction.refresh_from_db()
    assert (interaction.status, done.state) == (Status.CANCELLED, ChangeState.ACCEPTED)
    assert events(interaction)[-2:] == ["change.decided", "interaction.cancelled"]
    entry = RecordEntry.objects.of_stream(interaction.stream).get(event="change.decided")
    assert (entry.text("decision"), entry.text("consequence")) == ("As you wish.", "The cable is charged: 120.00 EUR.")


def test_no_leaves_everything_as_it_was() -> None:
    interaction, request = asked()

    done = decided(request, yes=False, text="The cable is in the ground already.")

    interaction.refresh_from_db()
    assert (interaction.status, done.state, done.decided_at) == (
        Status.IN_PROGRESS,
        ChangeState.REFUSED,
        MONDAY + 2 * HOUR,
    )


def test_it_is_decided_once_and_with_a_reason() -> None:
    _, request = asked()
    with pytest.raises(NotAccepted):
        decided(request, yes=True, text=" \x00 ")
    decided(request, yes=False)

    for again in (partial(decided, request, yes=True), partial(changes.withdraw, request, actor=rosa(), at=MONDAY)):
        with pytest.raises(ChangeDecided):
            again()


def test_it_is_asked_for_once_until_it_is_decided() -> None:
    interaction, request = asked()
    before = stored(interaction)

    with pytest.raises(NotAccepted):
        cancelled_by_paul(interaction)

    assert stored(interaction) == before
    decided(request, yes=False)
    assert cancelled_by_paul(interaction) is not None


def test_it_can_be_taken_back() -> None:
    interaction, request = asked()

    changes.withdraw(request, actor=paul(interaction), at=MONDAY + 2 * HOUR)

    request.refresh_from_db()
    assert request.state == ChangeState.WITHDRAWN
    assert events(interaction)[-1] == "change.withdrawn"


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.CANCELLED, Status.ANNULLED])
def test_what_is_over_is_not_cancelled(status: Status) -> None:
    interaction = a_matter(status)
    before = stored(interaction)

    with pytest.raises(MoveNotAllowed):
        cancelled_by_paul(interaction)

    assert stored(interaction) == before


def test_a_wish_is_overtaken_when_the_matter_ends_before() -> None:
    interaction, request = asked()

    made(interaction, Move.CANCEL, at=MONDAY + 3 * HOUR)

    request.refresh_from_db()
    assert (request.state, request.decided_at) == (ChangeState.OVERTAKEN, MONDAY + 3 * HOUR)


def test_another_date_is_wished_for_with_the_date() -> None:
    interaction = a_matter(Status.IN_PROGRESS)
    wish = Wish(kind=ChangeKind.DATE, reason="The site is closed.", wanted_at=MONDAY + 100 * HOUR)

    request = changes.ask(interaction, wish, actor=paul(interaction), at=MONDAY)
    decided(request, yes=True)

    interaction.refresh_from_db()
    assert (request.wanted_at, interaction.status) == (MONDAY + 100 * HOUR, Status.IN_PROGRESS)
