"""Versions of a policy under concurrency."""

from functools import partial

import pytest

from tests.factories.world import a_next_version, a_policy
from tests.interactions.stages import at_once

pytestmark = pytest.mark.usefixtures("committed_db")


def test_two_edits_at_once_are_two_versions() -> None:
    first = a_policy()

    at_once(*[partial(a_next_version, first) for _ in range(4)])

    assert sorted(first.policy.versions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
