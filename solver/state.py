"""What the frozen meetings occupy, as values: for who builds a model of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.options import Placement

EMPTY = -1


class State:
    """``busy[p]`` are the slots in which person p meets, ``where[p]`` the site in each of them."""

    def __init__(self, compiled: Compiled) -> None:
        people, sites, slots = len(compiled.people), len(compiled.sites), compiled.time.count
        self.compiled = compiled
        self.busy = [0] * people
        self.count = [0] * people
        self.day_count = [[0] * len(compiled.time.days) for _ in range(people)]
        self.where = [[EMPTY] * slots for _ in range(people)]
        self._load = [[0] * slots for _ in range(people)]
        self._site_load = [[0] * slots for _ in range(sites)]
        self._unnamed_load = [[0] * slots for _ in range(sites)]
        for placement in compiled.fixed:
            self._put(placement)

    def _put(self, placement: Placement) -> None:
        option, start = placement
        for slot in range(start, start + option.length):
            self._site_load[option.site][slot] += 1
            self._unnamed_load[option.site][slot] += option.table not in self.compiled.sites[option.site].named
        for person in option.people:
            self.count[person] += 1
            self.day_count[person][self.compiled.time.day_of[start]] += 1
            for slot in range(start, start + option.length):
                self._load[person][slot] += 1
                self.where[person][slot] = option.site
                self.busy[person] |= 1 << slot

    def load(self, person: int, slot: int) -> int:
        return self._load[person][slot]

    def site_load(self, site: int, slot: int) -> int:
        return self._site_load[site][slot]

    def unnamed_load(self, site: int, slot: int) -> int:
        """Count the meetings at tables that are not consumed by name."""
        return self._unnamed_load[site][slot]
