"""Chance, alike on every machine: a stream for each part, and shares that hold exactly."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from solver.generate.sizes import Size

Row = TypeVar("Row")


def chance(size: Size, seed: int, part: str) -> Random:
    """Give each part a stream of its own, so that a variant changes nothing but what varies."""
    return Random(f"{size.name} {seed} {part}")


def some(rows: Sequence[Row], share: float, rng: Random) -> list[Row]:
    """Choose this share of the rows, at least one, so that small events have everything too."""
    return rng.sample(rows, min(len(rows), max(1, round(share * len(rows)))))
