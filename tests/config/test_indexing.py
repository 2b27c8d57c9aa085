"""While many rows are made, the search indexes take them in bulk; afterwards they are what they were."""

import pytest
from django.db import connection

from config.demo import indexing
from interactions.models import Interaction
from tests.factories.world import an_interaction


def options() -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reloptions FROM pg_class WHERE relname = ANY(%s)", [list(indexing.INDEXES)])
        return dict(cursor.fetchall())


def test_the_indexes_are_afterwards_as_before(committed_db: dict[str, str]) -> None:
    before = options()

    with indexing.in_bulk():
        meanwhile = options()
        interaction = an_interaction(subject="A leak in the duct")

    assert all("fastupdate=on" in found for found in meanwhile.values())
    assert options() == before
    assert Interaction.objects.filter(search="leak").get() == interaction


def test_a_filling_that_fails_leaves_the_indexes_as_they_were(committed_db: dict[str, str]) -> None:
    before = options()

    with pytest.raises(KeyError), indexing.in_bulk():
        raise KeyError

    assert options() == before
