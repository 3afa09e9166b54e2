"""Fairness against total as a drawing: where each point stands, in the units of the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

WIDTH, HEIGHT = 360, 300
MARGIN = 16
TOP, BOTTOM = 52, 112
"""Between these lines stand the dots of the total."""
FLOOR, ROOM = 258, 80
"""Where the bars of people stand, and how high the highest is."""
BAR = 11
LEAST = 1.5
"""The height of a bar that stands for nobody: it shows that it is not forgotten."""


class Bar(NamedTuple):
    """People with so many ``meetings``: none, one or two."""

    meetings: int
    people: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A point of the frontier: a dot for its total, bars for the people with no, one and two meetings."""

    percent: int
    weight: int
    x: float
    y: float
    bars: tuple[Bar, ...]


def columns(points: Sequence[Mapping[str, Any]], *, mirrored: bool) -> list[Column]:
    """Return where the points stand, the one without bonuses at the start of the line; ``mirrored`` from the right."""
    weights = [point["weight"] for point in points]
    most = max((count for point in points for count in point["people"][:3]), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / max(1, len(points))
    found = []
    for number, point in enumerate(points):
        ahead = MARGIN + (number + 0.5) * step
        x = round(WIDTH - ahead if mirrored else ahead, 1)
        bars = tuple(_bar(x, meetings, point["people"][meetings], most, mirrored) for meetings in range(3))
        y = _height(point["weight"], min(weights), max(weights))
        found.append(Column(round(point["times"] * 100), point["weight"], x, y, bars))
    return found


def _height(weight: int, least: int, most: int) -> float:
    share = (weight - least) / (most - least) if most > least else 0.5
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _bar(x: float, meetings: int, people: int, most: int, mirrored: bool) -> Bar:  # noqa: FBT001
    ahead = (meetings - 1.5) * (BAR + 2)
    left = x - ahead - BAR - 2 if mirrored else x + ahead
    height = round(max(LEAST, people / most * ROOM), 1)
    return Bar(meetings, people, round(left + 1, 1), round(FLOOR - height, 1), height)
