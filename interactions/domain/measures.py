"""What a matter came to so far: how long until it was answered and solved, and how long each side had to act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interactions.domain import ball
from interactions.enums import Side, Status
from interactions.models import Interaction
from partners.domain import business_time

NONE = (timedelta(0), timedelta(0))


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A time in business hours, and as it passed."""

    name: str
    label: Promise
    counted: timedelta
    elapsed: timedelta


LABELS: Mapping[str, Promise] = {
    "response": _("To the first response"),
    "resolution": _("To the solution"),
    Side.ENTERPRISE: _("With us"),
    Side.PARTNER: _("With the partner"),
    Side.THIRD_PARTY: _("With a third party"),
    "paused": _("Paused of it"),
}


def of(interaction: Interaction, *, at: datetime) -> Sequence[Measure]:
    """The measures that there are; whose turn it is now counts until `at`. The verbs keep the columns behind them."""
    present = {str(interaction.ball), *(["paused"] if interaction.status == Status.WAITING else [])}
    turn = present_turn(interaction, at=at)
    found = [
        measure(interaction, str(name), label, turn if name in present else NONE) for name, label in LABELS.items()
    ]
    return [each for each in found if each is not None and each.elapsed]


def measure(interaction: Interaction, name: str, label: Promise, turn: tuple[timedelta, timedelta]) -> Measure | None:
    """What was added up, with the turn that runs; None for what has not come yet."""
    counted, elapsed = getattr(interaction, f"{name}_seconds"), getattr(interaction, f"{name}_elapsed")
    if counted is None or elapsed is None:
        return None
    return Measure(
        name=name,
        label=label,
        counted=timedelta(seconds=counted) + turn[0],
        elapsed=timedelta(seconds=elapsed) + turn[1],
    )


def present_turn(interaction: Interaction, *, at: datetime) -> tuple[timedelta, timedelta]:
    """How long the present turn takes already: in business time, and as it passes."""
    since = interaction.ball_since
    if since is None or at <= since:
        return NONE
    return business_time.elapsed(since, at, ball.hours(interaction)), at - since
