"""Some weeks of a team, simulated: nothing is broken unseen or unwarned, nothing stays silent, nothing is forgotten."""

from datetime import timedelta

import pytest

from tests.factories.partners import moment
from tests.year import findings, scene
from tests.year.life import Life

pytestmark = pytest.mark.django_db


def test_nothing_is_broken_unseen_in_some_weeks_of_a_team() -> None:
    begin = moment("2026-01-05 00:00")
    life = Life(scene=scene.build(), begin=begin, days=10, interactions=40, tick=timedelta(hours=1))

    life.run()

    found = findings.of(life)
    assert found.faults == {}
    assert found.interactions == 40
    # a year in which all went well would prove nothing
    assert min(found.broken, found.kept, found.warned, found.reminded, found.closed_by_silence) > 0
