"""What goes wrong on the day, and which slots it touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Happening(StrEnum):
    """The first three befall a person, then a location, then a session."""

    LATE = "late"
    LEFT = "left"
    ABSENT = "absent"
    CLOSED = "closed"
    OVERRUN = "overrun"


OF_PEOPLE = frozenset({Happening.LATE, Happening.LEFT, Happening.ABSENT})
_TOGETHER = "delegation:"


def together(delegation_id: int) -> str:
    """Return what stands for all people of a delegation where otherwise the code of a person stands."""
    return f"{_TOGETHER}{delegation_id}"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that went wrong, in wall time.

    ``of`` is the code of the person or the location, the number of the session, or a whole delegation (``together``).
    Somebody is late ``until`` they come and has left from ``day`` on; a location is closed from ``start`` ``until``
    it opens again; a session that was to end at ``start`` goes on ``until`` later.
    """

    kind: Happening
    of: str
    day: dt.date
    start: dt.time | None = None
    until: dt.time | None = None

    @property
    def delegation(self) -> int | None:
        """The number of the delegation, where it befalls one as a whole."""
        return int(self.of.removeprefix(_TOGETHER)) if self.of.startswith(_TOGETHER) else None

    def touches(self, day: dt.date, start: dt.time, end: dt.time) -> bool:
        """Tell whether a slot cannot be used as before."""
        if self.kind is Happening.LEFT:
            return day >= self.day
        after = self.start is None or end > self.start
        before = self.until is None or start < self.until
        return day == self.day and after and before

    def facts(self) -> dict[str, Any]:
        """Return plain values that can be stored; ``from_facts`` reads them."""
        times = {"start": self.start, "until": self.until}
        plain = {name: moment.isoformat("minutes") if moment else None for name, moment in times.items()}
        return {"kind": str(self.kind), "of": self.of, "day": self.day.isoformat(), **plain}


def from_facts(facts: Mapping[str, Any]) -> Happened:
    start, until = (dt.time.fromisoformat(facts[name]) if facts[name] else None for name in ("start", "until"))
    return Happened(Happening(facts["kind"]), facts["of"], dt.date.fromisoformat(facts["day"]), start, until)
