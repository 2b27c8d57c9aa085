"""Rows stored by one plain statement are what Django would have stored."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from interactions.enums import ItemKind, Side
from interactions.models import Interaction, Item
from partners.domain import rows
from partners.enums import Channel
from tests.factories.world import an_interaction

pytestmark = pytest.mark.django_db


def an_item(interaction: Interaction, sequence: int, **fields: Any) -> Item:
    told = {"kind": ItemKind.REQUEST, "channel": Channel.API, "side": Side.PARTNER, "text": f"Message {sequence}"}
    return Item(interaction=interaction, sequence=sequence, at=timezone.now(), **told | fields)


def columns_of(interaction: Interaction) -> dict[str, Any]:
    own = {"id", "search"}
    return {
        field.attname: getattr(interaction, field.attname)
        for field in Interaction._meta.concrete_fields
        if field.name not in own
    }


def test_every_column_is_stored_as_django_stores_it() -> None:
    interaction = an_interaction()
    interaction.values = {"invoice": "4711 “ü”", "nothing": None}
    interaction.due_at = timezone.now() + timedelta(days=1)
    told = columns_of(interaction)
    by_django, by_us = Interaction(**told), Interaction(**told)

    by_django.save(force_insert=True)
    rows.insert([by_us])

    assert by_us.pk > by_django.pk
    assert columns_of(Interaction.objects.get(pk=by_us.pk)) == columns_of(Interaction.objects.get(pk=by_django.pk))
    assert len(Interaction.objects.filter(pk__in=[by_us.pk, by_django.pk]).values("search").distinct()) == 1


def test_each_row_gets_its_own_key() -> None:
    interaction = an_interaction()
    items = [an_item(interaction, sequence, ended_at=timezone.now()) for sequence in (7, 8, 9)]

    rows.insert(items)

    for item in items:
        assert Item.objects.get(pk=item.pk).sequence == item.sequence


def test_a_stored_row_is_changed_by_saving_it_again() -> None:
    item = an_item(an_interaction(), 7)
    rows.insert([item])

    item.text = "Corrected"
    item.save()

    assert Item.objects.get(pk=item.pk).text == "Corrected"


def test_a_constraint_refuses_all_rows_of_the_statement() -> None:
    interaction = an_interaction()
    before = Item.objects.count()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([an_item(interaction, 7), an_item(interaction, 7)])

    assert Item.objects.count() == before


def test_nothing_to_store_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        rows.insert([])
