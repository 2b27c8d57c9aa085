"""Types and their versions: an interaction keeps the one it started with."""

import pytest
from django.db import IntegrityError, transaction

from interactions.domain import catalogue, lifecycle
from interactions.enums import Move, Status
from interactions.models import TypeVersion
from tests.factories.world import a_type
from tests.interactions.stages import MONDAY, a_matter, made, rosa

pytestmark = pytest.mark.django_db

ORDER = [{"name": "order", "label": "Order number", "kind": "reference", "required": True}]
SITE = [{"name": "site", "label": "Site", "kind": "text"}]


def test_an_edit_makes_the_next_version_and_the_same_content_none() -> None:
    type_ = a_type("delivery", fields=ORDER)

    second = catalogue.publish(type_, fields=SITE, at=MONDAY)
    again = catalogue.publish(type_, fields=SITE, at=MONDAY)

    assert (second.number, again.pk) == (2, second.pk)
    assert [version.fields for version in type_.versions.order_by("number")] == [ORDER, SITE]


def test_what_an_edit_does_not_name_stays_as_it_was() -> None:
    type_ = a_type("delivery", fields=ORDER, reopen_within_days=3)

    version = catalogue.publish(type_, close_after_days=5, at=MONDAY)

    assert (version.fields, version.reopen_within_days, version.close_after_days) == (ORDER, 3, 5)


def test_an_interaction_keeps_the_version_it_started_with() -> None:
    type_ = a_type("delivery", reopen_within_days=30)
    interaction = a_matter(Status.CLOSED, type="delivery")

    catalogue.publish(type_, reopen_within_days=0, at=MONDAY)

    assert catalogue.version_of(interaction).number == 1
    later = interaction.ended_at + (interaction.ended_at - interaction.started_at) if interaction.ended_at else MONDAY
    assert made(interaction, Move.REOPEN, at=later).status == Status.IN_PROGRESS
    assert lifecycle.lock(a_matter(type="delivery").pk).type_version.number == 2


def test_a_published_version_is_never_changed_even_by_mistake() -> None:
    version = catalogue.current(a_type("delivery", fields=ORDER))

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        TypeVersion.objects.filter(pk=version.pk).update(fields=SITE)


def test_who_publishes_is_known() -> None:
    version = catalogue.publish(a_type("delivery"), fields=SITE, by=rosa().user_id, at=MONDAY)

    assert version.published_by_id == rosa().user_id
