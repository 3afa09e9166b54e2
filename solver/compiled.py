"""A problem compiled once: who could meet where and when, and what each such placement consumes.

Ids become indices and sets of slots become masks. A *placement* is an option and a start slot. No placement
names a table unless it must: tables of one location are alike, so the rules count them and ``tables`` numbers
them afterwards. ``sites`` says which locations are one site.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from solver.masks import Mask, cover
from solver.options import NOWHERE, Option, Placement
from solver.rules import Level
from solver.sites import Site, sites_of
from solver.timetable import Timetable
from solver.walks import Walks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from solver.problem import Interpreter, Meeting, Participant, Problem, Request
    from solver.rules import Rule
    from solver.state import State


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
    """Everything that strategies read. ``pools`` lets locations that are alike be one site."""

    def __init__(self, problem: Problem, rules: Iterable[Rule], *, pools: bool = True) -> None:
        self.problem = problem
        self.rules = tuple(rules)
        self._admitting = {
            (level, helped): [
                rule.admits for rule in self.rules if rule.admits and rule.judges_at(level, helped=helped)
            ]
            for level in Level
            for helped in (False, True)
        }
        self.time = Timetable(problem.slots.values())
        self.people = tuple(_people(problem, self.time))
        self.participant_count = len(problem.participants)
        self.interpreters = range(self.participant_count, len(self.people))
        self.person_index = {id_: index for index, id_ in enumerate(problem.participants)}
        self.interpreter_index = {id_: self.participant_count + n for n, id_ in enumerate(problem.interpreters)}
        self.requests = tuple(_requests(problem, self.time, self.person_index))
        self.request_index = {wanted.id: index for index, wanted in enumerate(self.requests)}
        self.sites = sites_of(problem, self.time, pools=pools)
        self.site_of = {place.id: index for index, site in enumerate(self.sites) for place in site.locations}
        self.walks = Walks(problem.walking, self.time)
        self.previous = {self.request_index[row.request]: row for row in problem.previous}
        self.fixed = tuple(self._fixed(row) for row in problem.frozen)

    @cached_property
    def options(self) -> list[tuple[Option, ...]]:
        """The ways to hold each request, none for a frozen one. What judges one request alone never needs them."""
        return [tuple(self.options_of(index)) for index in range(len(self.requests))]

    def tighten(self, state: State) -> None:
        """Leave out what the frozen meetings in ``state`` already rule out."""
        self.options = [
            tuple(option._replace(starts=starts) for option in options if (starts := state.starts_beside_fixed(option)))
            for options in self.options
        ]

    def placement_count(self) -> int:
        return sum(option.starts.bit_count() for options in self.options for option in options)

    def options_of(self, request: int) -> Iterator[Option]:
        if self.requests[request].frozen:
            return
        for choice in self.choices(request):
            for somewhere in self.somewhere(choice):
                yield from self.interpreted(somewhere)

    def choices(self, request: int) -> Iterator[Option]:
        """Give every choice of attendees that the rules about people allow; it is nowhere yet."""
        wanted = self.requests[request]
        starts = cover(0, max(0, self.time.count - wanted.length + 1))
        for attendees in product(*wanted.sides):
            draft = Option(request, attendees, attendees, NOWHERE, None, None, wanted.length, starts)
            yield from self.admitted(draft, Level.PEOPLE)

    def somewhere(self, choice: Option) -> Iterator[Option]:
        """Give the choice at every site (and table, where tables have names) that the rules allow."""
        for index in self._sites_worth_trying(choice):
            for table in self._tables(choice.request, self.sites[index]):
                yield from self.admitted(choice._replace(site=index, table=table), Level.SITE)

    def _sites_worth_trying(self, choice: Option) -> Iterable[int]:
        """Give all sites, or the one that somebody is tied to: a fair has hundreds of stands."""
        tied = next((where for person in choice.attendees if (where := self.people[person].location)), None)
        if tied is None or not any(rule.name == "tied" for rule in self.rules):
            return range(len(self.sites))
        return (self.site_of[tied],)

    def interpreted(self, somewhere: Option) -> Iterator[Option]:
        """Give the option as it is where nobody needs an interpreter, else with each who could help."""
        yield from self.admitted(somewhere, Level.INTERPRETER)
        for helper in self.interpreters:
            people = (*somewhere.attendees, helper)
            yield from self.admitted(somewhere._replace(people=people, interpreter=helper), Level.INTERPRETER)

    def admitted(self, option: Option, level: Level) -> Iterator[Option]:
        """Give the option at the starts that every rule of the level leaves, unless none is left."""
        starts = option.starts
        for admits in self._admitting[level, option.interpreter is not None]:
            starts = admits(self, option, starts)
            if not starts:
                return
        yield option._replace(starts=starts)

    def _tables(self, request: int, site: Site) -> tuple[int | None, ...]:
        pin = self.requests[request].pin
        if pin is not None and pin.table is not None:
            return (pin.table,)
        return (None, *site.named)

    def _fixed(self, row: Meeting) -> Placement:
        attendees = tuple(self.person_index[id_] for id_ in row.attendees or ())
        interpreter = None if row.interpreter is None else self.interpreter_index[row.interpreter]
        people = attendees if interpreter is None else (*attendees, interpreter)
        request, start = self.request_index[row.request], self.time.index[row.slot]
        length = min(self.requests[request].length, self.time.slots_left(start))
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
