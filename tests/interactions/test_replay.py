"""The record explains the state: what it tells, folded in order, is how the interaction stands."""

import random
from datetime import timedelta

import pytest

from interactions.domain import lifecycle
from interactions.enums import Move, Status
from interactions.models import Interaction
from partners.models import RecordEntry
from tests.interactions.stages import MONDAY, a_matter, made

pytestmark = pytest.mark.django_db

CALLED_OFF = {Move.CANCEL, Move.ANNUL}


def told(interaction: Interaction) -> tuple[str, int, int]:
    """Status, version and number of reopenings as the record alone tells them."""
    status, version, reopened = "", 1, 0
    for entry in RecordEntry.objects.of_stream(interaction.stream):
        if "status" in entry.facts:
            assert entry.facts.get("came_from", "") in {"", status}
            status = entry.facts["status"]
            version = entry.facts.get("version", version)
            reopened += entry.event == "interaction.reopened"
    return status, version, reopened


@pytest.mark.parametrize("seed", range(12))
def test_replaying_the_record_gives_the_state(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    interaction = a_matter()

    for number in range(chance.randint(1, 15)):
        possible = lifecycle.possible(interaction)
        lively = [move for move in possible if move not in CALLED_OFF] or possible
        if not lively:
            break
        move = chance.choice(lively if chance.random() < 0.9 else possible)
        interaction = made(interaction, move, at=MONDAY + timedelta(hours=number))

    interaction.refresh_from_db()
    assert told(interaction) == (interaction.status, interaction.version, interaction.reopen_count)
    assert Status(interaction.status) in Status
