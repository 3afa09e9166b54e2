"""What is to go wrong in a rehearsal, and how much time its run may take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Self

SECONDS = 15
"""Of the run; two seconds more are not worth the wait of whoever looks on."""


@dataclass(frozen=True, slots=True)
class Closing:
    """When a place is closed: a day of the event, from 1, and wall time."""

    day: int
    start: dt.time
    until: dt.time


@dataclass(frozen=True, slots=True)
class Plan:
    """``no_shows`` and ``late`` are in percent, of meetings and of people. An empty ``place`` is the busiest then.

    Without ``closing`` the place closes for the second half of the first day with meetings. ``preset`` weighs the
    schedule; "" is the first one.
    """

    seed: int = 1
    preset: str = ""
    seconds: int = SECONDS
    no_shows: int = 25
    late: int = 10
    place: str = ""
    closing: Closing | None = None

    def lot(self, *of: object) -> Random:
        """Return a source of chance for one thing alone, the same whatever else happens."""
        return Random("/".join(map(str, (self.seed, *of))))

    def facts(self) -> dict[str, Any]:
        """Return plain values that can be stored; ``from_facts`` reads them."""
        closing = self.closing
        times = [closing.day, closing.start.isoformat(), closing.until.isoformat()] if closing else None
        return {**asdict(self), "closing": times}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        closing = facts.get("closing")
        when = Closing(closing[0], *(dt.time.fromisoformat(text) for text in closing[1:])) if closing else None
        return cls(**{**facts, "closing": when})
