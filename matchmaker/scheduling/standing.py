"""What stands on the day, and the solver's word on what could be held beside it by those who are there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from itertools import product
from threading import RLock
from typing import NamedTuple

from matchmaker.scheduling.question import Question
from solver import Cell, Grid, Meeting, Problem

SOMEBODY_ABSENT = "no_common_slot"
"""What is said of a cell that would be legal with a colleague who is not there."""


class Taken(NamedTuple):
    """A table from one moment of wall time to another."""

    location_id: int
    table: int
    start: dt.datetime
    end: dt.datetime


class Standing:
    """What stands beside a new meeting, looked up in several ways, each made when it is first asked for."""

    def __init__(self, question: Question, grid: Grid, taken: Iterable[Taken]) -> None:
        self._location_ids, self._problem, self._meetings = question.location_ids, grid.problem, grid.meetings
        self.taken, self._with_table = tuple(taken), dict[str, bool]()

    def has_table(self, slot: str) -> bool:
        """Tell whether a table of any location is free when a slot begins."""
        if slot not in self._with_table:
            start, end = moments(self._problem, slot)
            self._with_table[slot] = any(self.free_tables(code, start, end) for code in self._problem.locations)
        return self._with_table[slot]

    def free_tables(self, location: str, start: dt.datetime, end: dt.datetime) -> list[int]:
        """Return the tables that no meeting has, those counted of which the solver knows nothing."""
        here = self._taken_at.get(self._location_ids[location], ())
        busy = {one.table for one in here if one.start < end and start < one.end}
        return [number for number in range(1, self._problem.locations[location].capacity + 1) if number not in busy]

    @cached_property
    def _taken_at(self) -> Mapping[int, Sequence[Taken]]:
        """The tables that are taken, by location."""
        found: dict[int, list[Taken]] = defaultdict(list)
        for one in self.taken:
            found[one.location_id].append(one)
        return found

    @cached_property
    def ways(self) -> _Ways:
        return _Ways(self._problem, self._meetings)

    @cached_property
    def busy(self) -> Mapping[str, set[str]]:
        """The slots in which each person has something else."""
        people = self._problem.participants
        found = {
            code: set(person.unavailable_slots).union(*(one.slots for one in person.engagements))
            for code, person in people.items()
        }
        for meeting in self._meetings:
            for code in meeting.attendees or ():
                if people[code].parallel == 1:
                    found[code].add(meeting.slot)
        return found


class Judge:
    """Asks the solver where only those who are ``there`` may come; of several who ask the same grid the others wait."""

    def __init__(self, grid: Grid, lock: RLock, there: AbstractSet[str]) -> None:
        self.grid, self._lock, self._there = grid, lock, there

    def sides(self, code: str) -> Sequence[Sequence[str]]:
        """Return those of each side of a request who are there; none at all where the solver does not know it."""
        asked = self.grid.problem.requests.get(code)
        return [[one for one in side if one in self._there] for side in asked.sides] if asked else [[]]

    def cells(self, code: str) -> Sequence[Cell]:
        """Judge every cell for a request, with the first choice of those who are there for whom it is legal."""
        found: dict[tuple[str, str], Cell] = {}
        for choice in product(*self.sides(code)):
            with self._lock:
                cells = self.grid.placements(code, choice)
            for cell in cells:
                is_theirs = cell.reason is not None or cell.attendees == choice
                own = cell if is_theirs else replace(cell, reason=SOMEBODY_ABSENT, attendees=None, gain=0)
                known = found.setdefault((cell.slot, cell.location), own)
                if known.reason is not None and own.reason is None:
                    found[cell.slot, cell.location] = own
        return list(found.values())

    def with_held(self, code: str, meeting: Meeting | None) -> Judge:
        return Judge(self.grid.moved(code, meeting), self._lock, self._there)


class _Ways:
    """Where each person comes from: the zone of what they had last on that day."""

    def __init__(self, problem: Problem, meetings: Iterable[Meeting]) -> None:
        self._problem = problem
        self._stops: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        for meeting in meetings:
            slot, zone = problem.slots[meeting.slot], problem.locations[str(meeting.location)].zone
            for person in meeting.attendees or ():
                self._stops[person].append((slot.day, slot.start, zone or ""))

    def minutes(self, cell: Cell) -> int:
        """Return the longer of the two ways, 0 where none is known."""
        slot, zone = self._problem.slots[cell.slot], self._problem.locations[cell.location].zone or ""
        found = [0]
        for person in cell.attendees or ():
            before = [stop for stop in self._stops[person] if stop[0] == slot.day and stop[1] < slot.start]
            if before:
                found.append(self._problem.walking.get(frozenset({max(before)[2], zone}), 0))
        return max(found)


def moments(problem: Problem, code: str) -> tuple[dt.datetime, dt.datetime]:
    """Return when a slot begins and ends."""
    slot = problem.slots[code]
    midnight = dt.datetime.fromisoformat(slot.day)
    return midnight + dt.timedelta(minutes=slot.start), midnight + dt.timedelta(minutes=slot.end)
