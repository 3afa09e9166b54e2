"""From the values of a problem to the arrays that machine code reads; options are added by ``enumeration``."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.enumeration import Tables
from solver.facts import (
    DAY,
    NO_LIMIT,
    NONE,
    NOT_ENGAGED,
    OPTION,
    PERSON,
    PIN,
    REQUEST,
    SITE,
    SLOT,
    Array,
    Facts,
    mask_row,
    words,
)
from solver.rules import RULES
from solver.terms import coefficients

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from solver.compiled import Compiled, Person

HEAVY = 50  # heaviest meetings that a mandatory one outweighs while searching


class Flat:
    """Lists of different lengths in one array."""

    def __init__(self) -> None:
        self.values: list[int] = []

    def add(self, values: Iterable[int]) -> tuple[int, int]:
        first = len(self.values)
        self.values.extend(values)
        return first, len(self.values)

    def array(self) -> Array:
        return np.array([*self.values, 0], np.int32)


class Kinds:
    """Numbers for things that are alike, in order of appearance."""

    def __init__(self) -> None:
        self.number: dict[Any, int] = {}

    def of(self, thing: Any) -> int:
        return self.number.setdefault(thing, len(self.number))


def bare_facts(compiled: Compiled) -> Facts:
    """Return the facts of a problem, without options."""
    return _Compiling(compiled).facts()


class _Compiling:
    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.problem = compiled.problem
        self.time = compiled.time
        self.width = words(self.time.count)
        self.zones = Kinds()
        self.languages = Kinds()
        self.asked = Kinds()
        self.suits = Kinds()
        self.sides: list[tuple[int, int]] = []
        self.side_people = Flat()
        self.order = Flat()
        self.owners = Flat()
        self.asked.of(None)

    def facts(self) -> Facts:
        person, bonus_sums = self._people()
        request, pin = self._requests()
        site = self._sites()
        minutes = self._minutes()
        on = np.zeros(len(RULES), np.uint8)
        on[[RULES.index(rule) for rule in self.compiled.rules]] = 1
        return Facts(
            on=on,
            worth=self._worth(request),
            slot=self._slots(),
            day=np.array([(day.start, day.stop) for day in _days(self.time.day_of)], DAY),
            person=person,
            site=site,
            request=request,
            pin=pin,
            option=np.zeros(0, OPTION),
            sides=np.array(self.sides or [(0, 0)], np.int32),
            side_people=self.side_people.array(),
            people=np.zeros(0, np.int32),
            starts=np.zeros((0, self.width), np.uint64),
            free=self._masks(who.free for who in self.compiled.people),
            engaged=self._engaged(),
            speaks=self._speaks(),
            closed=self._masks(site.closed for site in self.compiled.sites),
            owners=self.owners.array(),
            suits=self._suits(),
            asked=self._asked(),
            order=self.order.array(),
            minutes=minutes,
            bonus_sums=bonus_sums,
            max_breaks=self._max_breaks(),
            named_count=self.tables_named(),
            longest_walk=int(minutes.max(initial=0)),
            walks_over=int(self.compiled.walks.over_others),
        )

    def _masks(self, masks: Iterable[int]) -> Array:
        rows = [mask_row(mask, self.width) for mask in masks]
        return np.array(rows, np.uint64).reshape(len(rows), self.width)

    def _slots(self) -> Array:
        time = self.time
        rows = zip(time.day_of, time.within_day, time.begins, time.ends, strict=True)
        return np.array([(*row, time.link >> t & 1) for t, row in enumerate(rows)], SLOT)

    def _worth(self, request: Array) -> Array:
        worth = coefficients(self.problem)
        heaviest = worth.weight * int(request["weight"].max(initial=1)) + worth.bonus * self._top_bonus() + worth.kept
        heavy = HEAVY * max(1, heaviest, *(-price for price in worth))
        must = heavy if any(wanted for wanted in request["must"]) else 0
        return np.array([*worth, must, -heavy if self._max_breaks() != NO_LIMIT else 0], np.int64)

    def _top_bonus(self) -> int:
        return max((bonus for who in self.compiled.people for bonus in who.bonuses[:1]), default=0)

    def _max_breaks(self) -> int:
        most = self.problem.max_breaks if self.problem.objective == "breaks" else None
        return NO_LIMIT if most is None else most

    def _people(self) -> tuple[Array, Array]:
        sums = Flat()
        seats = self._frozen_load()
        rows, who_from = [], 0
        for index, who in enumerate(self.compiled.people):
            first, stop = sums.add(accumulate(who.bonuses, initial=0))
            row = self._person(who, first, stop - first - 1, max(who.parallel, seats.get(index, 1)), who_from)
            who_from += row[10] * self.time.count
            rows.append(row)
        return np.array(rows, PERSON), np.array([*sums.values, 0], np.int64)

    def _person(self, who: Person, first: int, bonuses: int, seats: int, who_from: int) -> tuple[int, ...]:
        return (
            _or_no_limit(who.max_meetings),
            _or_no_limit(who.max_per_day),
            _or_no_limit(who.max_consecutive),
            who.parallel,
            who.target,
            NONE if who.location is None else self.compiled.site_of[who.location],
            first,
            bonuses,
            who.helps,
            bool(who.engaged),
            min(seats, max(1, len(self.problem.requests))),
            who_from,
        )

    def _frozen_load(self) -> dict[int, int]:
        """Give how many frozen meetings each person has at once, at most: they may exceed what is allowed."""
        load: dict[tuple[int, int], int] = {}
        for option, start in self.compiled.fixed:
            for slot in range(start, start + option.length):
                for person in option.people:
                    load[person, slot] = load.get((person, slot), 0) + 1
        most: dict[int, int] = {}
        for (person, _), count in load.items():
            most[person] = max(count, most.get(person, 0))
        return {person: count + self.compiled.people[person].parallel for person, count in most.items()}

    def _sites(self) -> Array:
        rows, who_from = [], 0
        frozen = Counter(option.site for option, _ in self.compiled.fixed)
        for index, site in enumerate(self.compiled.sites):
            owners = site.locations[0].owners
            first, stop = self.owners.add(sorted(self.compiled.person_index[id_] for id_ in owners or ()))
            most = min(site.capacity, len(self.problem.requests))
            seats = max(1, most + frozen[index])
            zone = NONE if site.zone is None else self.zones.of(site.zone)
            unnamed = site.capacity - len(site.named)
            rows.append((site.capacity, unnamed, zone, owners is not None, first, stop, seats, who_from))
            who_from += seats * self.time.count
        return np.array(rows, SITE)

    def _requests(self) -> tuple[Array, Array]:
        compiled, problem = self.compiled, self.problem
        pins = {row.request: number for number, row in enumerate(problem.pinned)}
        frozen = {row.request for row in problem.frozen}
        later: dict[int, list[int]] = {}
        for request in problem.requests.values():
            for id_ in request.after:
                later.setdefault(compiled.request_index[id_], []).append(compiled.request_index[request.id])
        all_must = problem.objective == "breaks"
        rows = np.zeros(len(problem.requests), REQUEST)
        table, seat = [], 0
        for index, request in enumerate(problem.requests.values()):
            sides = self._add_sides(request.sides)
            earlier = self.order.add(compiled.request_index[id_] for id_ in request.after) if request.after else (0, 0)
            after = self.order.add(later[index]) if index in later else (earlier[1], earlier[1])
            before = compiled.previous.get(index)
            table.append(
                (
                    request.weight,
                    request.mandatory or all_must or request.id in pins,
                    request.id in frozen,
                    request.length,
                    0 if request.slots is None else self.asked.of(request.slots),
                    self.suits.of((request.locations, request.features)),
                    pins.get(request.id, NONE),
                    NONE if before is None else self.time.index[before.slot],
                    0,
                    0,
                    *sides,
                    earlier[0] if request.after else after[0],
                    after[0],
                    after[1],
                    seat,
                )
            )
            seat += request.length
        rows[:] = table
        return rows, self._pins()

    def _add_sides(self, sides: Sequence[Sequence[str]]) -> tuple[int, int]:
        first, index = len(self.sides), self.compiled.person_index
        for side in sides:
            people = side if len(side) == 1 else tuple(dict.fromkeys(side))
            self.sides.append(self.side_people.add(index[id_] for id_ in people))
        return first, len(self.sides)

    def _pins(self) -> Array:
        compiled = self.compiled
        rows = [
            (
                compiled.time.index[pin.slot],
                NONE if pin.location is None else compiled.site_of[pin.location],
                NONE if pin.table is None else pin.table,
                NONE if pin.interpreter is None else compiled.interpreter_index[pin.interpreter],
                NONE
                if pin.attendees is None
                else self.side_people.add(compiled.person_index[id_] for id_ in pin.attendees)[0],
            )
            for pin in self.problem.pinned
        ]
        return np.array(rows, PIN)

    def _engaged(self) -> Array:
        engaged = np.full((len(self.compiled.people), self.time.count), NOT_ENGAGED, np.int16)
        for index, who in enumerate(self.compiled.people):
            for slot, zone in who.engaged.items():
                engaged[index, slot] = NONE if zone is None else self.zones.of(zone)
        return engaged

    def _speaks(self) -> Array:
        people = self.compiled.people
        known = [[self.languages.of(language) for language in sorted(who.languages)] for who in people]
        width = words(max(1, len(self.languages.number)))
        everything = (1 << 64 * width) - 1
        masks = [sum(1 << language for language in spoken) or everything for spoken in known]
        return np.array([mask_row(mask, width) for mask in masks], np.uint64).reshape(len(masks), width)

    def _suits(self) -> Array:
        suits = np.zeros((max(1, len(self.suits.number)), len(self.compiled.sites)), np.uint8)
        for (locations, features), kind in self.suits.number.items():
            for index, site in enumerate(self.compiled.sites):
                location = site.locations[0]
                suits[kind, index] = (locations is None or location.id in locations) and features <= location.features
        return suits

    def _asked(self) -> Array:
        return self._masks(self.time.all if slots is None else self.time.mask(slots) for slots in self.asked.number)

    def _minutes(self) -> Array:
        walks = self.compiled.walks.minutes
        for pair in walks:
            for zone in pair:
                self.zones.of(zone)
        for who in self.compiled.people:
            for zone in who.engaged.values():
                if zone is not None:
                    self.zones.of(zone)
        count = max(1, len(self.zones.number))
        minutes = np.zeros((count, count), np.int32)
        for (one, two), length in walks.items():
            minutes[self.zones.of(one), self.zones.of(two)] = length
        return minutes

    def tables_named(self) -> int:
        return len(self.compiled.named_tables)


def tables_of(compiled: Compiled) -> Tables:
    """Give the tables that some row names, in the order of their sites."""
    sites = range(len(compiled.sites) + 1)
    named = compiled.named_tables
    first = [sum(site < number for site, _ in named) for number in sites]
    return Tables(
        np.array(first, np.int32),
        np.array([table for _, table in named] or [0], np.int32),
        np.array([table in compiled.sites[site].named for site, table in named] or [False], np.uint8),
        np.array(list(compiled.interpreters), np.int32),
    )


def _or_no_limit(limit: int | None) -> int:
    return NO_LIMIT if limit is None else min(limit, NO_LIMIT)


def _days(day_of: Sequence[int]) -> list[range]:
    """Give the slots of each day, which stand together because slots stand in time order."""
    firsts = [t for t, day in enumerate(day_of) if t == 0 or day != day_of[t - 1]]
    return [range(first, stop) for first, stop in zip(firsts, [*firsts[1:], len(day_of)], strict=True)]
