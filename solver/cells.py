"""Where one request could be held beside a schedule, and for every other cell of the grid, why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.book import put, take
from solver.compiled import Compiled
from solver.drafts import DISPLACED, NO_TABLE, NOBODY, REASONS, draft_facts, judge_cells
from solver.facts import NONE
from solver.masks import cover
from solver.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from solver.facts import Array
    from solver.masks import Mask
    from solver.problem import Meeting, Problem


@dataclass(frozen=True, slots=True)
class Cell:
    """A start slot in a location: legal where ``reason`` is None, with one choice of attendees that is."""

    slot: str
    location: str
    reason: str | None
    attendees: tuple[str, ...] | None = None
    interpreter: str | None = None


def placements(problem: Problem, schedule: Schedule | Iterable[Meeting], request: str) -> list[Cell]:
    """Judge every cell for one request; who asks for several keeps a ``Grid``, which compiles once."""
    return Grid(problem, schedule).placements(request)


class Grid:
    """A schedule under a hand that moves its meetings: judges requests one after the other, not in threads."""

    def __init__(self, problem: Problem, schedule: Schedule | Iterable[Meeting]) -> None:
        rows = schedule.meetings if isinstance(schedule, Schedule) else tuple(schedule)
        held = replace(problem, frozen=rows, pinned=(), previous=())
        self._compiled = Compiled(held, pools=False, names=False)
        self._facts = self._compiled.frozen_facts
        self._book = self._compiled.bare_book()
        self._draft = draft_facts(self._compiled.bare)
        self._helpers = np.array(list(self._compiled.interpreters), np.int32)
        self._tables = _Tables(self._compiled)

    def placements(self, request: str) -> list[Cell]:
        """Judge every cell for ``request`` beside the other meetings, its own meeting and pin left out.

        The reason of a cell is the code of the rule that its best choice of attendees got as far as.
        """
        index = self._compiled.request_index[request]
        option, start = int(self._book.held[index]), int(self._book.at[index])
        if option == NONE:
            return list(self._cells(index))
        take(self._facts.refs, self._book.refs, index)
        try:
            return list(self._cells(index))
        finally:
            put(self._facts.refs, self._book.refs, option, start)

    def _cells(self, request: int) -> Iterator[Cell]:
        shape = (len(self._draft.slot), len(self._draft.site))
        depth, chosen = np.full(shape, NOBODY, np.int32), np.full((*shape, len(self._draft.people)), NONE, np.int32)
        judge_cells(self._draft.refs, self._book.refs, request, self._helpers, depth, chosen)
        if self._compiled.problem.requests[self._compiled.request_ids[request]].length > 1:
            self._tables.judge(request, depth)
        rows = zip(self._compiled.time.ids, depth.tolist(), chosen.tolist(), strict=True)
        for slot, depths, choices in rows:
            for location, site in self._compiled.site_of.items():
                yield self._cell(request, slot, location, depths[site], choices[site])

    def _cell(self, request: int, slot: str, location: str, depth: int, chosen: list[int]) -> Cell:
        if depth < DISPLACED:
            return Cell(slot, location, REASONS[depth])
        names = [self._compiled.people[person].id for person in chosen if person != NONE]
        sides = len(self._compiled.problem.requests[self._compiled.request_ids[request]].sides)
        return Cell(slot, location, None, tuple(names[:sides]), names[sides] if len(names) > sides else None)


class _Tables:
    """Which tables are taken when: a longer meeting needs one that stays free, which counting does not tell."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.taken: list[dict[int, list[tuple[int, Mask]]]] = [{} for _ in compiled.sites]
        for option, start in compiled.fixed:
            table = self.taken[option.site].setdefault(option.table or 0, [])
            table.append((option.request, cover(start, option.length)))

    def judge(self, request: int, depth: Array) -> None:
        """Note where enough tables are free in every slot, but none in all the slots of a meeting."""
        length = self.compiled.problem.requests[self.compiled.request_ids[request]].length
        for slot, site in zip(*np.nonzero(depth > NO_TABLE), strict=True):
            if not self._has_free(int(site), request, cover(int(slot), length)):
                depth[slot, site] = NO_TABLE

    def _has_free(self, site: int, request: int, slots: Mask) -> bool:
        capacity = self.compiled.sites[site].capacity
        busy = [
            number
            for number, meetings in self.taken[site].items()
            if number <= capacity and any(other != request and taken & slots for other, taken in meetings)
        ]
        return len(busy) < capacity
