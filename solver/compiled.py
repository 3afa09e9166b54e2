"""A problem compiled once: who could meet where and when, and what each such placement consumes.

Ids become indices and sets of slots become masks. A *placement* is an option and a start slot. No placement
names a table unless it must: tables of one location are alike, so the rules count them and ``tables`` numbers
them afterwards. ``sites`` says which locations are one site.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.book import empty_book, filled
from solver.compiling import bare_facts, tables_of
from solver.enumeration import enumerate_options, tighten
from solver.facts import NONE, OPTION, mask_of_row
from solver.masks import Mask
from solver.options import Option, Placement
from solver.rules import RULES
from solver.sites import sites_of
from solver.stays import as_before, mark_stays
from solver.timetable import Timetable
from solver.walks import Walks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from solver.book import Book
    from solver.facts import Facts
    from solver.problem import Interpreter, Meeting, Participant, Problem, Request
    from solver.rules import Rule


class Person(NamedTuple):
    """A participant, or an interpreter (``helps``), whose meetings obey rules but earn nothing."""

    id: str
    free: Mask
    engaged: dict[int, str | None]
    max_meetings: int | None
    max_per_day: int | None
    max_consecutive: int | None
    languages: frozenset[str]
    location: str | None
    parallel: int
    bonuses: tuple[int, ...]
    target: int
    helps: bool


class Wanted(NamedTuple):
    """A request in indices. ``earlier`` and ``later`` are the requests that order it."""

    id: str
    sides: tuple[tuple[int, ...], ...]
    weight: int
    length: int
    must: bool
    frozen: bool
    asked: Mask
    locations: frozenset[str] | None
    features: frozenset[str]
    pin: Meeting | None
    earlier: tuple[int, ...]
    later: tuple[int, ...]


class Compiled:
    """Everything that strategies read. ``pools`` lets locations that are alike be one site.

    ``names`` lets tables be consumed by name where counting is not enough.
    """

    def __init__(
        self, problem: Problem, rules: Iterable[Rule] = RULES, *, pools: bool = True, names: bool = True
    ) -> None:
        self.problem = problem
        self.rules = tuple(rules)
        self.time = Timetable(problem.slots.values())
        self.people = tuple(_people(problem, self.time))
        self.participant_count = len(problem.participants)
        self.interpreters = range(self.participant_count, len(self.people))
        self.person_index = {id_: index for index, id_ in enumerate(problem.participants)}
        self.interpreter_index = {id_: self.participant_count + n for n, id_ in enumerate(problem.interpreters)}
        self.request_index = {id_: index for index, id_ in enumerate(problem.requests)}
        self.request_ids = tuple(problem.requests)
        self.sites = sites_of(problem, self.time, pools=pools, names=names)
        self.site_of = {place.id: index for index, site in enumerate(self.sites) for place in site.locations}
        self.walks = Walks(problem.walking, self.time)
        self.previous = {self.request_index[row.request]: row for row in problem.previous}
        self.named_tables = self._named_tables()
        self.as_before = as_before(self)
        self.fixed = tuple(self._fixed(row) for row in problem.frozen)

    def beside(self, rows: Iterable[Meeting]) -> Compiled:
        """Return the same beside other frozen rows, which keep the rules; nothing is compiled anew."""
        _ = self.bare  # once for both
        other = copy(self)
        other.fixed = tuple(other._fixed(row) for row in rows)  # noqa: SLF001 (our own)
        for name in ("facts", "frozen_facts", "frozen_placements", "options"):
            other.__dict__.pop(name, None)
        return other

    @cached_property
    def place_numbers(self) -> dict[str, int]:
        return {id_: index for index, id_ in enumerate(self.problem.locations)}

    @cached_property
    def facts(self) -> Facts:
        """The same in arrays, with every option; those of frozen meetings stand last, and start nowhere."""
        return self._beside_frozen(self._with_stays(self._with_fixed(self.bare)))

    @cached_property
    def bare(self) -> Facts:
        """The facts before the options of requests were looked for: enough to judge drafts."""
        return bare_facts(self)

    @cached_property
    def frozen_placements(self) -> list[tuple[int, int]]:
        return self._numbered(self.facts)

    def _numbered(self, facts: Facts) -> list[tuple[int, int]]:
        first = len(facts.option) - len(self.fixed)
        return [(first + number, start) for number, (_, start) in enumerate(self.fixed)]

    def start_book(self) -> Book:
        """Return a book in which the frozen meetings alone are held."""
        return filled(self.facts, empty_book(self.facts), self.frozen_placements)

    @cached_property
    def requests(self) -> tuple[Wanted, ...]:
        return tuple(_requests(self.problem, self.time, self.person_index))

    @cached_property
    def options(self) -> list[tuple[Option, ...]]:
        """The ways to hold each request, none for a frozen one, for who builds a model of them."""
        rows = self.facts.request
        return [tuple(self.option(o) for o in range(row["option_from"], row["option_stop"])) for row in rows]

    def option(self, number: int) -> Option:
        """Give one option as a value."""
        row = self.facts.option[number]
        people = tuple(int(p) for p in self.facts.people[row["first"] : row["first"] + row["people"]])
        return Option(
            int(row["request"]),
            people[: row["attendees"]],
            people,
            int(row["site"]),
            None if row["table"] == NONE else int(row["table"]),
            None if row["interpreter"] == NONE else int(row["interpreter"]),
            int(row["length"]),
            mask_of_row(self.facts.starts[number]),
            number,
        )

    def placement_count(self) -> int:
        return int(np.bitwise_count(self.facts.starts).sum())

    def _with_fixed(self, facts: Facts) -> Facts:
        """Add the options: those that are legal by themselves, then the frozen ones."""
        return self._with_frozen(enumerate_options(facts, tables_of(self)))

    def _with_frozen(self, facts: Facts) -> Facts:
        rows, people = [], [int(p) for option, _ in self.fixed for p in option.people]
        first = len(facts.people)
        names = {table: number for number, table in enumerate(self.named_tables)}
        for option, _ in self.fixed:
            table = NONE if option.table is None else option.table
            named = names.get((option.site, table), NONE)
            interpreter = NONE if option.interpreter is None else option.interpreter
            counts = (len(option.attendees), len(option.people))
            rows.append((option.request, option.site, table, named, interpreter, option.length, first, *counts, 0))
            first += len(option.people)
        return replace(
            facts,
            option=np.concatenate((facts.option, np.array(rows, OPTION))),
            people=np.concatenate((facts.people, np.array(people, np.int32))),
            starts=np.concatenate((facts.starts, np.zeros((len(rows), facts.starts.shape[1]), np.uint64))),
        )

    def _with_stays(self, facts: Facts) -> Facts:
        """Mark the options that are where and with whom the request was before."""
        mark_stays(self, facts, len(self.fixed))
        return facts

    def _beside_frozen(self, facts: Facts) -> Facts:
        """Leave out the starts that frozen meetings rule out for good; the walk may become legal again."""
        if self.fixed:
            tighten(facts, filled(facts, empty_book(facts), self._numbered(facts)))
        return facts

    def bare_book(self) -> Book:
        """Return the book of the frozen meetings without looking for any option: enough to judge drafts."""
        facts = self.frozen_facts
        return filled(facts, empty_book(facts), self._numbered(facts))

    @cached_property
    def frozen_facts(self) -> Facts:
        """The facts with the options of frozen meetings alone."""
        return self._with_frozen(self.bare)

    def _named_tables(self) -> list[tuple[int, int]]:
        """Give the tables, by site, that a pin names or that must be consumed by name."""
        named = {(index, table) for index, site in enumerate(self.sites) for table in site.named}
        for row in self.problem.pinned:
            if row.table is not None:
                sites = range(len(self.sites)) if row.location is None else (self.site_of[row.location],)
                named |= {(site, row.table) for site in sites}
        return sorted(named)

    def _fixed(self, row: Meeting) -> Placement:
        attendees = tuple(self.person_index[id_] for id_ in row.attendees or ())
        interpreter = None if row.interpreter is None else self.interpreter_index[row.interpreter]
        people = attendees if interpreter is None else (*attendees, interpreter)
        request, start = self.request_index[row.request], self.time.index[row.slot]
        length = min(self.problem.requests[row.request].length, self.time.slots_left(start))
        site = self.site_of[str(row.location)]
        return Placement(Option(request, attendees, people, site, row.table, interpreter, length, 1 << start), start)


def _people(problem: Problem, time: Timetable) -> Iterator[Person]:
    named = _times_named(problem)
    for person in problem.participants.values():
        yield _participant(person, problem, time, named.get(person.id, 0))
    for interpreter in problem.interpreters.values():
        yield _interpreter(interpreter, time)


def _times_named(problem: Problem) -> dict[str, int]:
    named: dict[str, int] = {}
    for request in problem.requests.values():
        for id_ in {id_ for side in request.sides for id_ in side}:
            named[id_] = named.get(id_, 0) + 1
    return named


def _participant(person: Participant, problem: Problem, time: Timetable, named: int) -> Person:
    engaged = {time.index[id_]: engagement.zone for engagement in person.engagements for id_ in engagement.slots}
    free = time.all & ~time.mask(person.unavailable_slots) & ~sum(1 << t for t in engaged)
    limit = named if person.max_meetings is None else person.max_meetings
    return Person(
        person.id,
        free,
        engaged,
        person.max_meetings,
        person.max_per_day,
        person.max_consecutive,
        person.languages,
        person.location,
        person.parallel,
        problem.bonuses if person.bonuses is None else person.bonuses,
        min(person.min_meetings, named, limit, free.bit_count() * person.parallel),
        helps=False,
    )


def _interpreter(person: Interpreter, time: Timetable) -> Person:
    free = time.all & ~time.mask(person.unavailable_slots)
    limits = (None, person.max_per_day, person.max_consecutive)
    return Person(person.id, free, {}, *limits, person.languages, None, 1, (), 0, helps=True)


def _requests(problem: Problem, time: Timetable, people: dict[str, int]) -> Iterator[Wanted]:
    pins = {row.request: row for row in problem.pinned}
    frozen = {row.request for row in problem.frozen}
    index = {id_: number for number, id_ in enumerate(problem.requests)}
    later: dict[str, list[int]] = {}
    for request in problem.requests.values():
        for id_ in request.after:
            later.setdefault(id_, []).append(index[request.id])
    for request in problem.requests.values():
        yield Wanted(
            request.id,
            tuple(tuple(dict.fromkeys(people[id_] for id_ in side)) for side in request.sides),
            request.weight,
            request.length,
            request.mandatory or request.id in pins or problem.objective == "breaks",
            request.id in frozen,
            _asked(request, time),
            request.locations,
            request.features,
            pins.get(request.id),
            tuple(index[id_] for id_ in request.after),
            tuple(later.get(request.id, ())),
        )


def _asked(request: Request, time: Timetable) -> Mask:
    return time.all if request.slots is None else time.mask(request.slots)
