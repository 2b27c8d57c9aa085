"""What the database holds even against our own mistakes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet

from interactions.enums import (
    PHASE_OF,
    ClockKind,
    Direction,
    ItemKind,
    ParticipantRole,
    Side,
    Status,
    StepStatus,
)
from interactions.models import (
    Clock,
    ClockSegment,
    ClockWarning,
    ExternalIdentifier,
    InboundMessage,
    Interaction,
    Item,
    Link,
    Participant,
    Step,
    Turn,
)
from partners.enums import Channel
from tests.factories.world import a_partner, a_team
from tests.interactions.stages import HOUR, MONDAY, a_matter, an_office_policy

pytestmark = pytest.mark.django_db


def refuses(rows: QuerySet[Any], constraint: str, **change: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**change)


def refuses_twice(constraint: str, model: type[Model], **row: Any) -> None:
    model._default_manager.create(**row)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.create(**row)


def the(interaction: Interaction) -> QuerySet[Interaction]:
    return Interaction.objects.filter(pk=interaction.pk)


def test_the_direction_never_changes() -> None:
    rows = the(a_matter())

    refuses(rows, "direction of an interaction is fixed", direction=Direction.OUTBOUND)
    rows.update(direction=Direction.INBOUND)


@pytest.mark.parametrize("status", Status)
def test_the_phase_follows_the_status(status: Status) -> None:
    rows = the(a_matter())

    rows.update(status=status, waiting_for="The order number", ended_at=MONDAY)

    assert rows.get().phase == PHASE_OF[status]


def test_waiting_says_for_what() -> None:
    refuses(the(a_matter()), "waiting_says_for_what", status=Status.WAITING)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.CANCELLED, Status.ANNULLED])
def test_what_ended_has_an_end(status: Status) -> None:
    refuses(the(a_matter()), "ended_interaction_has_an_end", status=status)


@pytest.mark.parametrize(
    "change",
    [
        {"since": None},
        {"due_at": None},  # paused, it reaches no threshold
        {"paused_why": "the order number"},
        {"stopped_at": MONDAY},
        {"stopped_at": MONDAY, "since": None},
    ],
)
def test_a_clock_runs_is_paused_or_stopped(change: dict[str, object]) -> None:
    acme = a_partner()
    an_office_policy(partner=acme)

    refuses(a_matter(partner=acme).clocks.all(), "clock_runs_is_paused_or_stopped", **change)


def test_what_is_owed_again_and_again_is_owed_once_at_a_time() -> None:
    acme = a_partner()
    an_office_policy(partner=acme, next_response=HOUR)
    interaction = a_matter(Status.IN_PROGRESS, partner=acme)
    calendar = interaction.clocks.all()[0].calendar
    times = {"within": HOUR, "started_at": MONDAY, "since": MONDAY, "due_at": MONDAY + HOUR}
    first = Clock(interaction=interaction, kind=ClockKind.NEXT_RESPONSE, calendar=calendar, **times)
    first.save()

    first.pk = None
    with pytest.raises(IntegrityError, match="one_clock_of_a_kind"), transaction.atomic():
        first.save(force_insert=True)
    Clock.objects.filter(kind=ClockKind.NEXT_RESPONSE).update(stopped_at=MONDAY, since=None)
    first.save(force_insert=True)


def test_a_segment_and_a_turn_take_some_time() -> None:
    acme = a_partner()
    an_office_policy(partner=acme)
    interaction = a_matter(partner=acme)
    moments = {"began_at": MONDAY, "ended_at": MONDAY, "counted": timedelta(0)}

    with pytest.raises(IntegrityError, match="segment_ends_after_it_began"), transaction.atomic():
        ClockSegment.objects.create(clock=interaction.clocks.all()[0], state="running", **moments)
    with pytest.raises(IntegrityError, match="turn_ends_after_it_began"), transaction.atomic():
        Turn.objects.create(interaction=interaction, side="partner", **moments)


def test_a_threshold_is_told_once() -> None:
    acme = a_partner()
    an_office_policy(partner=acme)
    warning = {"clock": a_matter(partner=acme).clocks.all()[0], "round": 0, "share": 75, "told": [], "at": MONDAY}
    ClockWarning.objects.create(**warning)

    with pytest.raises(IntegrityError, match="one_warning_per_threshold"), transaction.atomic():
        ClockWarning.objects.create(**warning)
    ClockWarning.objects.create(**warning | {"round": 1})


def test_one_clock_of_a_kind() -> None:
    acme = a_partner()
    an_office_policy(partner=acme)
    clock = a_matter(partner=acme).clocks.get(kind=ClockKind.RESOLUTION)
    clock.pk = None

    with pytest.raises(IntegrityError, match="one_clock_of_a_kind"), transaction.atomic():
        Clock.objects.bulk_create([clock])


def test_one_step_per_position_and_an_open_one_was_opened() -> None:
    row = {"interaction": a_matter(), "position": 1, "name": "Check", "team": a_team()}
    refuses_twice("one_step_per_position", Step, **row)

    refuses(Step.objects.all(), "open_step_was_opened", status=StepStatus.OPEN)


def test_one_item_per_sequence() -> None:
    row = {"kind": ItemKind.REQUEST, "channel": Channel.WEB, "side": Side.PARTNER, "text": "x", "at": MONDAY}
    refuses_twice("one_item_per_sequence", Item, interaction=a_matter(), sequence=2, **row)


def test_one_effect_per_message() -> None:
    refuses_twice("one_effect_per_message", InboundMessage, channel="email", external_id="m1", received_at=MONDAY)


def test_one_part_per_address() -> None:
    part = {"address": "a@example.org", "side": Side.PARTNER, "role": ParticipantRole.CONTACT}
    refuses_twice("one_part_per_address", Participant, interaction=a_matter(), **part)


def test_links_lead_elsewhere_and_only_once() -> None:
    interaction, other = a_matter(), a_matter()
    refuses_twice("one_link_of_a_kind", Link, interaction=interaction, other=other, kind="parent")

    refuses(Link.objects.all(), "link_to_another", other=interaction)


def test_a_number_of_another_system_leads_to_one_interaction_of_a_partner() -> None:
    interaction = a_matter()
    row = {"interaction": interaction, "partner": interaction.partner, "value": "17"}
    refuses_twice("one_interaction_per_external_identifier", ExternalIdentifier, **row)


def test_a_partner_with_interactions_is_not_deleted() -> None:
    interaction = a_matter()

    with pytest.raises(ProtectedError):
        interaction.partner.delete()


def test_the_number_people_say() -> None:
    assert Interaction(pk=42).number == "BPI-0000042"
    assert Interaction(pk=123_456_789).number == "BPI-123456789"
