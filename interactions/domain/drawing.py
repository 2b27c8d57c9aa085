"""A plan as a picture: where each step stands and how the lines run. Only numbers; a template puts them on a page."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interactions.models import PlanStep, Step

WIDTH, HEIGHT = 188, 68
ACROSS, DOWN = 52, 24  # free space between columns and rows
MARGIN = 28  # room for the begin and the end
LINE = 24  # characters of a name in one line
Point = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Box:
    """A step; `lines` are its name as it fits."""

    step: PlanStep | Step
    x: int
    y: int
    lines: Sequence[str]

    @property
    def middle(self) -> int:
        return self.y + HEIGHT // 2

    @property
    def before(self) -> str:
        """What it waits for, in words."""
        return ", ".join(str(position) for position in sorted(self.step.after))


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The whole drawing; `ends` are the begin and the end."""

    width: int
    height: int
    boxes: Sequence[Box]
    paths: Sequence[str]
    ends: Sequence[Point]
    box_width: int = WIDTH
    box_height: int = HEIGHT


@dataclass(frozen=True)
class Place:
    """A place in a column: of a step, or of a line from `source` to a step that passes by."""

    position: int
    column: int
    source: int | None = None


def draw(steps: Sequence[PlanStep] | Sequence[Step]) -> Picture | None:
    """The picture of steps that follow each other without loops; None when there is nothing to draw."""
    columns = columns_of({step.position: list(step.after) for step in steps})
    if not columns:
        return None
    tallest = max(len(column) for column in columns)
    height = 2 * MARGIN + tallest * (HEIGHT + DOWN) - DOWN
    corners = {
        place: (2 * MARGIN + number * (WIDTH + ACROSS), offset(len(column), height) + row * (HEIGHT + DOWN))
        for number, column in enumerate(columns)
        for row, place in enumerate(column)
    }
    by_position = {step.position: step for step in steps}
    boxes = [
        Box(step=step, x=x, y=y, lines=textwrap.wrap(step.name, LINE)[:2])
        for place, (x, y) in corners.items()
        if place.source is None and (step := by_position[place.position])
    ]
    width = 4 * MARGIN + len(columns) * (WIDTH + ACROSS) - ACROSS
    ends = [(MARGIN, height // 2), (width - MARGIN, height // 2)]
    return Picture(width=width, height=height, boxes=boxes, paths=lines(steps, corners, ends), ends=ends)


def offset(rows: int, height: int) -> int:
    """Where a column begins, so that it stands in the middle."""
    return (height - rows * (HEIGHT + DOWN) + DOWN) // 2


def levels_of(after: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """How many steps come before each one on the longest way; without those in loops, for which there is no way."""
    found: dict[int, int] = {}
    while ready := [
        position
        for position, before in after.items()
        if position not in found and all(one in found for one in before if one in after)
    ]:
        found |= {
            position: 1 + max((found[one] for one in after[position] if one in after), default=-1) for position in ready
        }
    return found


def columns_of(after: Mapping[int, Sequence[int]]) -> list[list[Place]]:
    """From left to right, what stands in each column; a line over several columns has a place in each."""
    levels = levels_of(after)
    columns: list[list[Place]] = [[] for _ in range(max(levels.values(), default=-1) + 1)]
    for position in sorted(levels):
        columns[levels[position]].append(Place(position, levels[position]))
        for source in after[position]:
            for passed in range(levels.get(source, levels[position]) + 1, levels[position]):
                columns[passed].append(Place(position, passed, source))
    for left, right in pairwise(columns):
        rows = {(place.position, place.source): row for row, place in enumerate(left)}
        right.sort(key=lambda place: height_of(place, after, rows))
    return columns


def height_of(
    place: Place, after: Mapping[int, Sequence[int]], rows: Mapping[tuple[int, int | None], int]
) -> tuple[float, int, int]:
    """As high as whatever leads to it stands on the average, so that few lines cross."""
    sources = after[place.position] if place.source is None else [place.source]
    leading = [(source, None) for source in sources] + [(place.position, source) for source in sources]
    met = [rows[one] for one in leading if one in rows]
    return (sum(met) / len(met) if met else 0.0, place.position, place.source or 0)


def lines(
    steps: Sequence[PlanStep] | Sequence[Step], corners: Mapping[Place, Point], ends: Sequence[Point]
) -> list[str]:
    """The lines from the begin to the first steps, between steps, and from the last ones to the end."""
    own = {place.position: corner for place, corner in corners.items() if place.source is None}
    drawn = [step for step in steps if step.position in own]
    leading = {before for step in drawn for before in step.after}
    found = []
    for step in drawn:
        if not step.after:
            found.append(path([ends[0], entry(own[step.position])]))
        found += [path(way(source, step.position, corners, own)) for source in step.after if source in own]
        if step.position not in leading:
            found.append(path([leave(own[step.position]), ends[1]]))
    return found


def way(source: int, target: int, corners: Mapping[Place, Point], own: Mapping[int, Point]) -> list[Point]:
    passed = sorted(corner for place, corner in corners.items() if (place.position, place.source) == (target, source))
    points = [leave(own[source])]
    for corner in passed:
        points += [entry(corner), leave(corner)]
    return [*points, entry(own[target])]


def entry(corner: Point) -> Point:
    return corner[0], corner[1] + HEIGHT // 2


def leave(corner: Point) -> Point:
    return corner[0] + WIDTH, corner[1] + HEIGHT // 2


def path(points: Sequence[Point]) -> str:
    """A line through points that leaves and arrives level, as SVG writes it."""
    words = [f"M{points[0][0]} {points[0][1]}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        bend = (to_x - x) // 2
        words.append(f"C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}")
    return " ".join(words)
