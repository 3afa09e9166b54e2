"""Time to walk between zones: which slots are too near each other for which walk."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from solver.masks import Mask, mask_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.timetable import Timetable

Zone = str | None


class Walks:
    """``pairs`` are the slots of one day that are nearer than the longest walk, earlier first."""

    def __init__(self, walking: Mapping[frozenset[str], int], time: Timetable) -> None:
        self.time = time
        self.minutes: dict[tuple[Zone, Zone], int] = {
            (one, two): minutes for zones, minutes in walking.items() for one, two in permutations(zones)
        }
        longest = max(self.minutes.values(), default=0)
        self.pairs = tuple(
            (earlier, later)
            for earlier in range(time.count)
            for later in range(earlier + 1, time.count)
            if time.day_of[earlier] == time.day_of[later] and time.minutes_between(earlier, later) < longest
        )
        self.over_others = any(later > earlier + 1 for earlier, later in self.pairs)
        self._near = {zones: self._near_slots(minutes) for zones, minutes in self.minutes.items()}

    def too_far(self, earlier: int, later: int, zones: tuple[Zone, Zone]) -> bool:
        """Tell whether the time between two slots of a day is too short for the walk."""
        minutes = self.minutes.get(zones)
        return minutes is not None and self.time.minutes_between(earlier, later) < minutes

    def near(self, one: Zone, two: Zone, slot: int) -> Mask:
        """Give the slots in zone ``two`` that are too near a meeting in zone ``one`` at ``slot``."""
        near = self._near.get((one, two))
        return 0 if near is None else near[slot]

    def _near_slots(self, minutes: int) -> list[Mask]:
        near: list[list[int]] = [[] for _ in range(self.time.count)]
        for earlier, later in self.pairs:
            if self.time.minutes_between(earlier, later) < minutes:
                near[earlier].append(later)
                near[later].append(earlier)
        return [mask_of(slots) for slots in near]
