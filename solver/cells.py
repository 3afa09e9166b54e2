"""Where one request could be held beside a schedule, and for every other cell of the grid, why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.compiled import Compiled
from solver.drafts import DISPLACED, NOBODY, REASONS, draft_facts, judge_cells
from solver.facts import NONE
from solver.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
    """Judge every cell for ``request`` beside the meetings of ``schedule``, its own meeting and pin left out.

    The reason of a cell is the code of the rule that its best choice of attendees got as far as.
    """
    meetings: Sequence[Meeting] = schedule.meetings if isinstance(schedule, Schedule) else tuple(schedule)
    others = tuple(row for row in meetings if row.request != request)
    return list(_Judge(Compiled(_beside(problem, others, request), pools=False), request).cells())


def _beside(problem: Problem, others: tuple[Meeting, ...], request: str) -> Problem:
    """Give the problem with the other meetings frozen, and of the requests those alone and this one."""
    kept = {row.request for row in others} | {request}
    requests = {id_: problem.requests[id_] for id_ in problem.requests if id_ in kept}
    return replace(
        problem,
        requests={
            id_: replace(row, after=tuple(other for other in row.after if other in kept)) if row.after else row
            for id_, row in requests.items()
        },
        frozen=others,
        pinned=(),
        previous=(),
    )


class _Judge:
    def __init__(self, compiled: Compiled, request: str) -> None:
        self.compiled = compiled
        self.request = compiled.request_index[request]
        self.b = compiled.bare_book()
        self.f = draft_facts(compiled.bare)
        self.helpers = np.array(list(compiled.interpreters), np.int32)

    def cells(self) -> Iterator[Cell]:
        shape = (len(self.f.slot), len(self.f.site))
        depth, chosen = np.full(shape, NOBODY, np.int32), np.full((*shape, len(self.f.people)), NONE, np.int32)
        judge_cells(self.f.refs, self.b.refs, self.request, self.helpers, depth, chosen)
        for slot in range(self.compiled.time.count):
            for location, site in self.compiled.site_of.items():
                yield self._cell(slot, location, int(depth[slot, site]), chosen[slot, site].tolist())

    def _cell(self, slot: int, location: str, depth: int, chosen: list[int]) -> Cell:
        id_ = self.compiled.time.ids[slot]
        if depth < DISPLACED:
            return Cell(id_, location, REASONS[depth])
        names = [self.compiled.people[person].id for person in chosen if person != NONE]
        sides = len(self.compiled.problem.requests[self.compiled.request_ids[self.request]].sides)
        return Cell(id_, location, None, tuple(names[:sides]), names[sides] if len(names) > sides else None)
