"""Numbering the tables, after the meetings have their places: only then does a table have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.facts import NONE
from solver.options import Placement
from solver.problem import Meeting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option
    from solver.problem import Location
    from solver.sites import Site

Table = tuple[str, int]


def rows_of(compiled: Compiled, placements: Iterable[tuple[int, int]]) -> tuple[Meeting, ...]:
    """Give the complete rows of a schedule, the frozen ones as they are, in time order."""
    numbering = _Numbering(compiled)
    placed = sorted(placements, key=_turn(compiled))
    rows = [*compiled.problem.frozen, *(numbering.row(option, start) for option, start in placed)]
    return tuple(sorted(rows, key=lambda row: (compiled.time.index[row.slot], row.location or "", row.table or 0)))


def _turn(compiled: Compiled) -> Callable[[tuple[int, int]], tuple[bool, bool, bool, int]]:
    """Let tables that have a name go first, then longer meetings by start, then those that stay where they were."""
    table, request = compiled.facts.option["table"].tolist(), compiled.facts.option["request"].tolist()
    stays, slot = compiled.facts.option["stays"].tolist(), compiled.facts.request["kept_slot"].tolist()
    length = compiled.facts.request["length"].tolist()

    def turn(placement: tuple[int, int]) -> tuple[bool, bool, bool, int]:
        option, start = placement
        short = length[request[option]] == 1
        moves = not (stays[option] and slot[request[option]] == start)
        return table[option] == NONE, short, short and moves, start

    return turn


class _Numbering:
    """Gives each meeting in turn a table that stays free for all its slots.

    Longer meetings are intervals, so one is always left where the rules counted right, by start; then what takes one
    slot takes what is left of it, first what stays where it was.
    """

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.taken: dict[Table, Mask] = {}
        self.last: dict[tuple[int, int], str] = {}
        for row, placement in zip(compiled.problem.frozen, compiled.fixed, strict=True):
            self._take((str(row.location), row.table or 0), placement)

    def row(self, number: int, start: int) -> Meeting:
        option = self.compiled.option(number)
        placement = Placement(option, start)
        table = self._free_table(placement)
        self._take(table, placement)
        people = self.compiled.people
        return Meeting(
            self.compiled.request_ids[option.request],
            self.compiled.time.ids[start],
            *table,
            tuple(people[person].id for person in option.attendees),
            None if option.interpreter is None else people[option.interpreter].id,
        )

    def _free_table(self, placement: Placement) -> Table:
        """Give the first table wished that is free; the last one, or none (0), only where a rule was forgotten.

        The checker then says so, which it could not if nothing were given.
        """
        table = (self.compiled.sites[placement.option.site].locations[0].id, 0)
        for table in self._wished(placement):
            if not self.taken.get(table, 0) & placement.cover:
                break
        return table

    def _take(self, table: Table, placement: Placement) -> None:
        self.taken[table] = self.taken.get(table, 0) | placement.cover
        day = self.compiled.time.day_of[placement.start]
        for person in placement.option.attendees:
            self.last[person, day] = table[0]

    def _wished(self, placement: Placement) -> Iterator[Table]:
        """Give the tables to try: the one it must have, or the one it had before, then the lowest numbers."""
        option = placement.option
        site = self.compiled.sites[option.site]
        if option.table is not None:
            yield site.locations[0].id, option.table
            return
        before = self.compiled.previous.get(option.request)
        for location in site.locations:
            if before and before.location == location.id and before.table in _open(option, site, location):
                yield location.id, int(before.table or 0)
        day = self.compiled.time.day_of[placement.start]
        near = {self.last.get((person, day)) for person in option.attendees}
        for location in sorted(site.locations, key=lambda location: location.id not in near):
            for number in _open(option, site, location):
                yield location.id, number


def _open(option: Option, site: Site, location: Location) -> Sequence[int]:
    """Give the numbers that an option may have: a longer meeting none that is consumed by name."""
    numbers = range(1, location.capacity + 1)
    return [number for number in numbers if number not in site.named] if option.length > 1 else numbers
