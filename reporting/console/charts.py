"""Bars as coordinates, so that a template can draw them without a script or an inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from reporting.payloads import Figures

WIDTH, HEIGHT = 720, 160
GAP = 0.25


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day's bar in the coordinates of the chart."""

    day: date
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Bars from the left to the right, and the value at the top edge."""

    bars: Sequence[Bar]
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def received(by_day: Sequence[tuple[date, Figures]]) -> Chart:
    """What was received, day by day."""
    top = round_top(max((figures.received for _, figures in by_day), default=0))
    step = WIDTH / max(1, len(by_day))
    bars = [bar(number, day, figures.received, step=step, top=top) for number, (day, figures) in enumerate(by_day)]
    return Chart(bars=bars, top=top)


def bar(number: int, day: date, value: int, *, step: float, top: int) -> Bar:
    height = HEIGHT * value / top
    return Bar(
        day=day,
        value=value,
        x=round(number * step + step * GAP / 2, 2),
        y=round(HEIGHT - height, 2),
        width=round(step * (1 - GAP), 2),
        height=round(height, 2),
    )


def round_top(highest: int) -> int:
    """The first of 1, 2, 3, 4, 5, 6, 8, 10, 20, 30 … that is not below the highest value."""
    tops = (first * 10**power for power in count() for first in (1, 2, 3, 4, 5, 6, 8))
    return int(next(top for top in tops if top >= highest))
