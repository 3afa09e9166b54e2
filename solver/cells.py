"""Where one request could be held beside a schedule, and for every other cell of the grid, why not."""

from __future__ import annotations

from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from solver.book import put, take
from solver.compiled import Compiled
from solver.drafts import DISPLACED, NO_TABLE, NOBODY, REASONS, draft_facts, judge_cells
from solver.explaining import Explainer, Reasons
from solver.facts import NONE
from solver.gains import Gains
from solver.masks import cover
from solver.problem import Meeting
from solver.scene import scene_over
from solver.schedule import Schedule, Unscheduled
from solver.terms import coefficients, score_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from solver.facts import Array
    from solver.masks import Mask
    from solver.problem import Problem


@dataclass(frozen=True, slots=True)
class Cell:
    """A start slot in a location: legal where ``reason`` is None, with one choice of attendees that is.

    ``gain`` is what the value of the schedule would grow by if the request were held there and not as it is now; it
    is 0 where the cell is not legal.
    """

    slot: str
    location: str
    reason: str | None
    attendees: tuple[str, ...] | None = None
    interpreter: str | None = None
    gain: int = 0


def placements(problem: Problem, schedule: Schedule | Iterable[Meeting], request: str) -> list[Cell]:
    """Judge every cell for one request; who asks for several keeps a ``Grid``, which compiles once."""
    return Grid(problem, schedule).placements(request)


class Grid:
    """A schedule under a hand that moves its meetings: judges requests one after the other, not in threads."""

    def __init__(self, problem: Problem, schedule: Schedule | Iterable[Meeting]) -> None:
        rows = schedule.meetings if isinstance(schedule, Schedule) else tuple(schedule)
        held = replace(problem, frozen=rows, pinned=(), previous=())
        self.problem = problem
        self._lay(Compiled(held, pools=False, names=False), rows)

    def moved(self, request: str, meeting: Meeting | None) -> Grid:
        """Return the grid with one request held there, where it must be legal, or not at all; this one stays."""
        rows = [row for row in self.meetings if row.request != request]
        other = copy(self)
        for name in ("terms", "_gains"):
            other.__dict__.pop(name, None)
        other._lay(self._compiled, tuple(rows if meeting is None else [*rows, meeting]))  # noqa: SLF001 (our own)
        return other

    def _lay(self, compiled: Compiled, rows: tuple[Meeting, ...]) -> None:
        self.meetings = rows
        self._compiled = compiled.beside(rows)
        self._facts = self._compiled.frozen_facts
        self._book = self._compiled.bare_book()
        self._draft = draft_facts(self._compiled.bare)
        self._helpers = np.array(list(self._compiled.interpreters), np.int32)
        self._tables = _Tables(self._compiled)

    @cached_property
    def terms(self) -> Mapping[str, int]:
        """All eight terms of the objective."""
        return terms_of(self._compiled, self.meetings) | {"kept": self._gains.kept()}

    @property
    def value(self) -> int:
        """What the terms are worth, greater being better."""
        return score_of(self.terms, coefficients(self.problem))

    @property
    def most(self) -> int:
        """What no schedule can exceed: every request is held, and nothing has a price."""
        worth, problem = coefficients(self.problem), self.problem
        weight = sum(request.weight for request in problem.requests.values())
        bonus = sum(sum(person.bonuses) for person in self._compiled.people)
        return worth.weight * weight + worth.bonus * bonus + worth.kept * len(problem.previous)

    @cached_property
    def _gains(self) -> Gains:
        return Gains(self._compiled, self.problem, self.meetings)

    def reasons(self) -> tuple[Unscheduled, ...]:
        """Say of every request that is not held why, with the facts and without remedies."""
        scene = scene_over(self._compiled, self.meetings)
        requests = scene.unmet()
        rows = zip(requests.tolist(), Reasons(scene).of(requests), strict=True)
        ids = self._compiled.request_ids
        return tuple(Unscheduled(ids[number], reason, detail) for number, (reason, detail) in rows)

    def explained(self, request: str, kept: Collection[str] = ()) -> Unscheduled:
        """Say of one request that is not held why, and what would hold it; those of ``kept`` give way to nobody."""
        scene = scene_over(self._compiled, self.meetings)
        rows = scene.f.request.copy()
        rows["frozen"] = 0  # else no meeting could give way
        rows["frozen"][[self._compiled.request_index[id_] for id_ in kept]] = 1
        movable = replace(scene, f=replace(scene.f, request=rows))
        return Explainer(movable, self.meetings).explain(request)[0]

    def placements(self, request: str, first: tuple[str, ...] | None = None) -> list[Cell]:
        """Judge every cell for ``request`` beside the other meetings, its own meeting and pin left out.

        The reason of a cell is the code of the rule that its best choice of attendees got as far as. Where several
        choices are legal, ``first`` is taken, or whoever attends now.
        """
        index = self._compiled.request_index[request]
        option, start = int(self._book.held[index]), int(self._book.at[index])
        now = self._gains.meeting(request)
        with self._in_front(index, first or (now.attendees if now else None) or ()):
            if option == NONE:
                return list(self._cells(index))
            take(self._facts.refs, self._book.refs, index)
            try:
                return list(self._cells(index))
            finally:
                put(self._facts.refs, self._book.refs, option, start)

    @contextmanager
    def _in_front(self, request: int, attendees: tuple[str, ...]) -> Iterator[None]:
        """Let these be the first of their sides: of choices that are equally good the first one is taken."""
        row, people = self._draft.request[request], self._draft.side_people
        before = people.copy() if attendees else people
        sides = self._draft.sides[row["side_from"] : row["side_stop"]]
        for (begin, stop), name in zip(sides.tolist(), attendees, strict=bool(attendees)):
            place = begin + people[begin:stop].tolist().index(self._compiled.person_index[name])
            people[begin], people[place] = people[place], people[begin]
        try:
            yield
        finally:
            people[:] = before

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
        id_ = self._compiled.request_ids[request]
        names = [self._compiled.people[person].id for person in chosen if person != NONE]
        sides = len(self._compiled.problem.requests[id_].sides)
        attendees, interpreter = tuple(names[:sides]), names[sides] if len(names) > sides else None
        gain = self._gains.gain(Meeting(id_, slot, location, None, attendees, interpreter))
        return Cell(slot, location, None, attendees, interpreter, gain)


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
