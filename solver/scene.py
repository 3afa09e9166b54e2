"""A whole schedule as a book, and beside it a draft: one meeting more, to be judged wherever it could stand.

The draft is option 0 of the facts; each meeting of the schedule is an option behind it. Tables are counted and
not named, since those of a location may be numbered anew. Nothing is worth anything here but weight, so that
putting and taking out is quick.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import book, facts
from solver.book import Book, empty_book, put
from solver.compiled import Compiled
from solver.errors import InvalidProblemError
from solver.facts import NONE, OPTION, Array, Facts
from solver.machine import machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from solver.problem import Meeting, Problem


@dataclass(frozen=True)
class Scene:
    """``f`` and ``b`` belong together. ``table`` gives the number of a held request's table, 0 where none is known."""

    compiled: Compiled
    f: Facts
    b: Book
    table: Array

    @cached_property
    def helpers(self) -> Array:
        return np.array(list(self.compiled.interpreters), np.int32)

    def unmet(self) -> Array:
        return np.flatnonzero(self.b.held == NONE).astype(np.int32)

    @cached_property
    def widest(self) -> int:
        return _widest(self.f)

    def room_for_choice(self) -> Array:
        """Give what a walk over all choices of attendees notes its place in."""
        return np.zeros(self.widest, np.int32)

    @cached_property
    def most_tables(self) -> int:
        return int(self.f.site["capacity"].max(initial=0))

    def room_for_tables(self) -> Array:
        """Give what a search for a free table notes taken numbers in."""
        return np.zeros(2 + self.most_tables, np.uint8)

    @cached_property
    def organisations(self) -> tuple[Array, Array, Array]:
        """Give the organisation of each person, NONE without, and the members of each from where they begin."""
        people = self.compiled.problem.participants.values()
        names = {
            name: number for number, name in enumerate(dict.fromkeys(p.organisation for p in people if p.organisation))
        }
        own = np.full(len(self.compiled.people), NONE, np.int32)
        own[: len(people)] = [
            names.get(str(person.organisation), NONE) if person.organisation else NONE for person in people
        ]
        members = np.argsort(own, kind="stable").astype(np.int32)[np.count_nonzero(own == NONE) :]
        return own, np.searchsorted(own[members], np.arange(len(names) + 1)).astype(np.int32), members


def scene_of_book(compiled: Compiled, b: Book) -> Scene:
    """Return a scene of a book whose options are those of the compiled problem."""
    given = compiled.facts
    f = _with_draft(given, given.option.copy(), given.people)
    held = np.where(b.held == NONE, NONE, b.held + 1).astype(np.int32)
    return Scene(compiled, f, replace(b.copy(), held=held), np.zeros(len(held), np.int32))


def scene_of_rows(problem: Problem, meetings: Iterable[Meeting]) -> Scene:
    """Return a scene of the complete rows of a schedule.

    Raises
    ------
    InvalidProblemError
        If a row names what the problem does not have, or more meetings stand at once than somebody or some
        location can take.
    """
    return scene_over(Compiled(problem, pools=False), meetings)


def scene_over(compiled: Compiled, meetings: Iterable[Meeting]) -> Scene:
    """Return the same of a problem that is compiled already, without pools."""
    rows = list(meetings)
    f = _with_draft(compiled.bare, *_options(compiled, rows))
    b = empty_book(f)
    starts = np.array([compiled.time.index[row.slot] for row in rows], np.int32)
    unfit = _hold_all(f.refs, b.refs, starts)
    if unfit != NONE:
        raise _misfit(unfit, f"{rows[unfit].request} a second time, or where others stand already")
    table = np.zeros(len(compiled.request_ids), np.int32)
    for row in rows:
        table[compiled.request_index[row.request]] = row.table or 0
    return Scene(compiled, f, b, table)


def _with_draft(f: Facts, option: Array, people: Array) -> Facts:
    room = _widest(f)
    option["first"] += room
    option["named"] = NONE
    site = f.site.copy()
    site["unnamed"] = site["capacity"]
    return replace(
        f,
        option=np.concatenate((np.zeros(1, OPTION), option)),
        people=np.concatenate((np.zeros(room, np.int32), people)).astype(np.int32),
        site=site,
        worth=np.zeros_like(f.worth),
    )


def _widest(f: Facts) -> int:
    return int((f.request["side_stop"] - f.request["side_from"]).max(initial=0)) + 1


def _options(compiled: Compiled, rows: Sequence[Meeting]) -> tuple[Array, Array]:
    options: list[tuple[int, ...]] = []
    everybody: list[int] = []
    for number, row in enumerate(rows):
        people = _people(compiled, number, row)
        request, site = compiled.request_index[row.request], compiled.site_of[str(row.location)]
        helper = NONE if row.interpreter is None else people[-1]
        attendees = len(row.attendees or ())
        length = compiled.problem.requests[row.request].length
        place = (NONE, NONE, helper, length, len(everybody), attendees, len(people), 0)
        options.append((request, site, *place))
        everybody += people
    return np.array(options, OPTION), np.array(everybody, np.int32)


def _people(compiled: Compiled, number: int, row: Meeting) -> list[int]:
    """Give the attendees and the interpreter of a row, after a look at whether everything in it is known."""
    known = row.request in compiled.request_index and row.slot in compiled.time.index
    if not known or row.location not in compiled.site_of or row.table is None or not row.attendees:
        raise _misfit(number, f"{row.request} at {row.slot} in {row.location}, which the problem does not have")
    people = [compiled.person_index.get(id_, NONE) for id_ in row.attendees]
    if row.interpreter is not None:
        people.append(compiled.interpreter_index.get(row.interpreter, NONE))
    if NONE in people:
        raise _misfit(number, f"{row.request} with somebody whom the problem does not have")
    return people


def _misfit(number: int, wrong: str) -> InvalidProblemError:
    return InvalidProblemError(f"meetings[{number}]", wrong, "a schedule of this problem that keeps its rules")


@machine
def _hold_all(f: Any, b: Any, starts: Any) -> int:
    """Hold every option but the draft; give the first that has no room to be written down, NONE if all have."""
    for row in range(len(starts)):
        if not _has_seats(f, b, row + 1, starts[row]):
            return row
        put(f, b, row + 1, starts[row])
    return NONE


@machine
def _has_seats(f: Any, b: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    if book.held(b)[option.request] != NONE:
        return False
    for slot in range(t, min(t + option.length, facts.day(f)[facts.slot(f)[t].day].stop)):
        if book.site_load(b)[option.site, slot] >= facts.site(f)[option.site].seats:
            return False
        for k in range(option.first, option.first + option.people):
            p = facts.people(f)[k]
            if book.load(b)[p, slot] >= facts.person(f)[p].seats:
                return False
    return True
