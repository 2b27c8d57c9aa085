"""Who sees what, by every queryset that fences; and what rules say of it."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from interactions import rules
from interactions.domain import conversation
from interactions.enums import Direction, Move, Status
from interactions.models import Interaction
from partners.domain import access, record
from partners.enums import ActorKind
from partners.models import RecordEntry
from partners.payloads import NOBODY, SYSTEM, Actor, Fact
from tests.factories.world import a_partner, a_person_of, a_representative, a_type, an_actor_for, an_interaction
from tests.interactions.stages import MONDAY, a_matter, rosa

pytestmark = pytest.mark.django_db

FENCED = [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]
WITHOUT_PARTNER = [Actor(kind=kind) for kind in ActorKind]  # one of ours may look where the staff role allows it


def visible(model: type[models.Model], actor: Actor) -> set[object]:
    return set(model._default_manager.visible_to(actor).values_list("pk", flat=True))  # type: ignore[attr-defined]


def test_what_partners_can_read_is_fenced() -> None:
    assert {"Interaction", "Partner", "RecordEntry"} <= {model.__name__ for model in FENCED}


def test_the_fence_fails_closed() -> None:
    a_matter()
    # an entry of no partner must not be everybody's without one
    record.append(Fact(stream=record.INSTALLATION, event="message.refused", actor=SYSTEM, at=MONDAY))

    seen = {
        (model.__name__, actor.kind): rows
        for model in FENCED
        for actor in (NOBODY, SYSTEM, *WITHOUT_PARTNER)
        if (rows := visible(model, actor))
    }

    assert seen == {}


def test_a_partner_never_sees_anothers_rows() -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    paul, mallory = an_actor_for(a_person_of(acme)), an_actor_for(a_person_of(globex, "Mallory Vane"))
    a_matter(partner=acme)
    before = {model: visible(model, mallory) for model in FENCED}
    a_matter(partner=acme)

    for model in FENCED:
        assert visible(model, mallory) == before[model], model
        assert not visible(model, mallory) & visible(model, paul), model
        assert visible(model, paul) | visible(model, mallory) <= visible(model, rosa()), model


def test_a_partner_sees_its_own_interactions_but_no_annulled_one() -> None:
    acme = a_partner("Acme Wholesale")
    paul = an_actor_for(a_person_of(acme))
    seen = [a_matter(status, partner=acme) for status in Status if status != Status.ANNULLED]
    annulled = a_matter(Status.ANNULLED, partner=acme)

    assert visible(Interaction, paul) == {interaction.pk for interaction in seen}
    assert not rules.can_see(paul, annulled)
    assert rules.can_see(rosa(), annulled)


def test_a_partner_never_reads_an_internal_note_in_the_record() -> None:
    acme = a_partner("Acme Wholesale")
    interaction = a_matter(partner=acme)
    conversation.note(interaction, "Canary 4711", actor=rosa(), at=MONDAY)
    paul = an_actor_for(a_person_of(acme))

    seen = RecordEntry.objects.of_matter(interaction.stream, paul)

    assert seen.exists()
    assert not RecordEntry.objects.visible_to(paul).filter(stream=interaction.stream).exists()
    assert "Canary 4711" not in str(list(seen.values_list("texts", flat=True)))
    assert "Canary 4711" in str(list(RecordEntry.objects.visible_to(rosa()).values_list("texts", flat=True)))


MAY = {
    Status.RECEIVED: {Move.CANCEL},
    Status.IN_PROGRESS: {Move.CANCEL},
    Status.WAITING: {Move.ANSWER, Move.CANCEL},
    Status.RESOLVED: {Move.CONFIRM, Move.REOPEN},
    Status.CLOSED: {Move.REOPEN},
    Status.CANCELLED: set(),
    Status.ANNULLED: set(),
}


@pytest.mark.parametrize("status", list(Status))
def test_what_each_may_do(status: Status) -> None:
    acme, globex = a_partner("Acme Wholesale"), a_partner("Globex Mobile")
    paul, mallory = an_actor_for(a_person_of(acme)), an_actor_for(a_person_of(globex, "Mallory Vane"))
    interaction = a_matter(status, partner=acme)

    assert set(rules.moves_for(paul, interaction)) == MAY[status]
    assert not {Move.ANSWER, Move.CONFIRM} & set(rules.moves_for(rosa(), interaction))
    for stranger in (mallory, NOBODY, SYSTEM):
        assert rules.moves_for(stranger, interaction) == []
        assert not rules.can_see(stranger, interaction)
        assert not rules.can_say(stranger, interaction)
        assert not rules.can_work_on(stranger, interaction)
    assert rules.can_say(paul, interaction) == (status not in {Status.CANCELLED, Status.ANNULLED})
    assert not rules.can_work_on(paul, interaction)


def test_who_may_raise_a_type() -> None:
    acme = a_partner("Acme Wholesale")
    paul = an_actor_for(a_person_of(acme))
    offered, internal = a_type("offered"), a_type("internal", partner_may_raise=False)
    retired = a_type("retired", is_active=False)

    assert [rules.can_raise(paul, type_) for type_ in (offered, internal, retired)] == [True, False, False]
    assert rules.can_raise(rosa(), internal)
    assert not any(rules.can_raise(actor, offered) for actor in (NOBODY, SYSTEM))


REPRESENTATIVE = Actor(kind=ActorKind.REPRESENTATIVE, permissions=access.EVERYDAY)


def queries_for(rows: int) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        shown = list(Interaction.objects.visible_to(REPRESENTATIVE).with_names().order_by("-id")[:rows])
        assert len(shown) == rows
        for interaction in shown:
            assert all(map(str, (interaction.partner, interaction.type, interaction.team, interaction.assignee)))
    return len(captured)


def test_a_list_with_names_asks_once_however_long_it_is() -> None:
    for _ in range(3):
        a_matter()

    assert queries_for(1) == queries_for(3) == 1


def test_a_partner_does_not_take_back_what_the_enterprise_asked() -> None:
    acme = a_partner("Acme Wholesale")
    raised = an_interaction(acme, actor=an_actor_for(a_representative("Rita Brandt")), direction=Direction.OUTBOUND)
    paul = an_actor_for(a_person_of(acme, "Paul Acheson"))

    assert Move.CANCEL in rules.moves_for(paul, an_interaction(acme))
    assert Move.CANCEL not in rules.moves_for(paul, raised)
