"""Numbering the tables of a location anew, where a longer meeting finds none that is free in all its slots."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from solver.masks import Mask, cover

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from solver.compiled import Compiled
    from solver.problem import Meeting


class Renumbering:
    """Knows the rows of a schedule by location; rows that are frozen, or pinned to a table, keep theirs."""

    def __init__(self, compiled: Compiled, meetings: Iterable[Meeting]) -> None:
        self.compiled = compiled
        self.meetings = meetings

    @cached_property
    def _by_location(self) -> dict[str | None, list[Meeting]]:
        rows = defaultdict(list)
        for row in self.meetings:
            rows[row.location].append(row)
        return rows

    @cached_property
    def _settled(self) -> set[str]:
        problem = self.compiled.problem
        return {row.request for row in problem.frozen} | {row.request for row in problem.pinned if row.table}

    def with_row(self, new: Meeting, gone: Collection[str], more: int) -> tuple[Meeting, ...]:
        """Give ``new`` with its table, then the rows whose table changes; nothing if the tables do not suffice.

        ``gone`` are requests that give way, ``more`` the tables that the location gets. Meetings are intervals:
        in order of their starts each finds a table, unless settled ones are in the way.
        """
        rows = [row for row in self._by_location[new.location] if row.request not in gone]
        tables = self.compiled.problem.locations[str(new.location)].capacity + more
        taken: dict[int, Mask] = defaultdict(int)
        numbered = {}
        for row in sorted((*rows, new), key=lambda row: (row.request not in self._settled, self._start(row))):
            free = next((table for table in self._wished(row, tables) if not taken[table] & self._cover(row)), None)
            if free is None:
                return ()
            taken[free] |= self._cover(row)
            numbered[row.request] = replace(row, table=free)
        changed = [numbered[row.request] for row in rows if numbered[row.request] != row]
        return (numbered[new.request], *changed)

    def _wished(self, row: Meeting, tables: int) -> Iterator[int]:
        if row.table:
            yield row.table
        if row.request not in self._settled:
            yield from range(1, tables + 1)

    def _start(self, row: Meeting) -> int:
        return self.compiled.time.index[row.slot]

    def _cover(self, row: Meeting) -> Mask:
        start = self._start(row)
        length = self.compiled.problem.requests[row.request].length
        return cover(start, min(length, self.compiled.time.slots_left(start)))
