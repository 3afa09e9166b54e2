"""A schedule that grows and shrinks by one meeting at a time, and says where another one is legal.

Greedy construction, local search, legal cells for a hand on the grid and reasons all read this.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from solver.masks import Mask, bits
from solver.rules import walking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.compiled import Compiled
    from solver.options import Option, Placement

EMPTY = -1


class State:
    """``busy[p]`` are the slots in which person p meets, ``full[p]`` those in which they can take no more."""

    def __init__(self, compiled: Compiled, placements: Iterable[Placement] = ()) -> None:
        people, sites, slots = len(compiled.people), len(compiled.sites), compiled.time.count
        self.compiled = compiled
        self.busy = [0] * people
        self.full = [0] * people
        self.count = [0] * people
        self.day_count = [[0] * len(compiled.time.days) for _ in range(people)]
        self.where = [[EMPTY] * slots for _ in range(people)]
        self.who: list[list[list[int]]] = [[[] for _ in range(slots)] for _ in range(people)]
        self.site_who: list[list[list[int]]] = [[[] for _ in range(slots)] for _ in range(sites)]
        self.site_full = [0 if site.capacity else compiled.time.all for site in compiled.sites]
        self.table_busy: dict[tuple[int, int], Mask] = {}
        self.held: dict[int, Placement] = {}
        self._leaving = tuple(rule.leaves for rule in compiled.rules if rule.leaves)
        for placement in (*compiled.fixed, *placements):
            self.put(placement)

    def put(self, placement: Placement) -> None:
        """Add a meeting without judging it."""
        option, start = placement
        self.held[option.request] = placement
        slots = range(start, start + option.length)
        for person in option.people:
            self.count[person] += 1
            self.day_count[person][self.compiled.time.day_of[start]] += 1
            self._sit(person, option, slots)
        self._fill(option, slots, coming=True)
        if option.table is not None:
            key = (option.site, option.table)
            self.table_busy[key] = self.table_busy.get(key, 0) | placement.cover

    def take(self, request: int) -> Placement:
        """Remove the meeting of a request, and give it back."""
        placement = self.held.pop(request)
        option, start = placement
        slots = range(start, start + option.length)
        for person in option.people:
            self.count[person] -= 1
            self.day_count[person][self.compiled.time.day_of[start]] -= 1
            self._rise(person, request, slots)
        self._fill(option, slots, coming=False)
        if option.table is not None:
            self.table_busy[option.site, option.table] &= ~placement.cover
        return placement

    def _sit(self, person: int, option: Option, slots: range) -> None:
        parallel = self.compiled.people[person].parallel
        for slot in slots:
            meetings = self.who[person][slot]
            meetings.append(option.request)
            self.where[person][slot] = option.site
            self.busy[person] |= 1 << slot
            if len(meetings) >= parallel:
                self.full[person] |= 1 << slot

    def _rise(self, person: int, request: int, slots: range) -> None:
        for slot in slots:
            meetings = self.who[person][slot]
            meetings.remove(request)
            self.full[person] &= ~(1 << slot)
            if not meetings:
                self.busy[person] &= ~(1 << slot)
                self.where[person][slot] = EMPTY

    def _fill(self, option: Option, slots: range, *, coming: bool) -> None:
        who, capacity = self.site_who[option.site], self.compiled.sites[option.site].capacity
        for slot in slots:
            if coming:
                who[slot].append(option.request)
            else:
                who[slot].remove(option.request)
            if len(who[slot]) >= capacity:
                self.site_full[option.site] |= 1 << slot
            else:
                self.site_full[option.site] &= ~(1 << slot)

    def load(self, person: int, slot: int) -> int:
        return len(self.who[person][slot])

    def site_load(self, site: int, slot: int) -> int:
        return len(self.site_who[site][slot])

    def starts(self, option: Option) -> Mask:
        """Give the starts at which the option is legal beside everything that is held."""
        starts = option.starts
        for leaves in self._leaving:
            if not starts:
                return 0
            starts = leaves(self, option, starts)
        return starts

    def starts_beside_fixed(self, option: Option) -> Mask:
        """Give the starts that no further meeting could make legal again; the walk is the only rule that one could."""
        starts = option.starts
        for leaves in self._leaving:
            if leaves is not walking.RULE.leaves:
                starts = leaves(self, option, starts)
        return starts

    def elsewhere(self, person: int, site: int) -> Mask:
        """Give the slots in which a person meets at another site."""
        where = self.where[person]
        return sum(1 << slot for slot in bits(self.busy[person]) if where[slot] != site)

    def unnamed_full(self, site: int) -> Mask:
        """Give the slots in which all tables without a name are taken, of a site that has some with one."""
        left = self.compiled.sites[site].capacity - len(self.compiled.sites[site].named)
        load = [0] * self.compiled.time.count
        for placement in self.held.values():
            if placement.option.site == site and placement.option.table is None:
                for slot in bits(placement.cover):
                    load[slot] += 1
        return sum(1 << slot for slot, count in enumerate(load) if count >= left)

    def zones(self, person: int) -> dict[int, str | None]:
        """Give the zone of a person in each slot with a meeting or an engagement."""
        sites, where = self.compiled.sites, self.where[person]
        zones = {slot: sites[where[slot]].zone for slot in bits(self.busy[person])}
        return {**self.compiled.people[person].engaged, **zones}

    def walks(self, people: Iterable[int]) -> bool:
        """Tell whether these people still have time to walk, after a meeting between two others was removed."""
        if not self.compiled.walks.over_others:  # only neighbours are too near, and nothing stood between them
            return True
        return all(self._walks(person) for person in people)

    def _walks(self, person: int) -> bool:
        zones = self.zones(person)
        slots = sorted(zones)
        fixed = {
            slot
            for placement in self.compiled.fixed
            if person in placement.option.people
            for slot in bits(placement.cover)
        }
        settled = fixed | self.compiled.people[person].engaged.keys()
        return not any(
            self.compiled.walks.too_far(earlier, later, (zones[earlier], zones[later]))
            for earlier, later in pairwise(slots)
            if self.compiled.time.day_of[earlier] == self.compiled.time.day_of[later]
            and not (earlier in settled and later in settled)
        )
