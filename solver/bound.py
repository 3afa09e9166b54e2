"""A proven bound of the score from a linear relaxation that forgets some of time.

Meetings are spread in fractions over runs of neighbouring slots. What is kept: each request at most once, what
a person can fit into a run, a day and in total, what tables can hold in a run, bonuses and shortfall. Everything
else with a price is taken to cost nothing. So no schedule beats it.

The bound is recomputed from the dual prices, which makes it valid whatever the tolerance of the LP solver.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ortools.linear_solver import pywraplp

from solver.best import meetings_score
from solver.masks import Mask, bits, mask_of
from solver.state import State
from solver.terms import coefficients

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from solver.compiled import Compiled
    from solver.options import Option

SIMPLEX = 60_000  # columns up to which the simplex method is faster than the first-order one


class Column(NamedTuple):
    """A variable between ``least`` and ``most``, earning ``gain`` a unit, with its entries by row."""

    gain: float
    least: float
    most: float
    entries: tuple[tuple[int, float], ...]


class Relaxation:
    """Columns and rows of the LP; every row says that what it sums is at most ``most``."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.worth = coefficients(compiled.problem)
        self.fixed = State(compiled)
        self.columns: list[Column] = []
        self.most: list[float] = []
        self.constant = float(meetings_score(self.fixed))
        self._rows: dict[Hashable, int] = {}
        self.runs = tuple(mask_of(run) for run in compiled.time.runs())
        self.run_of = {slot: run for run in self.runs for slot in bits(run)}
        self.wanderers = self._find_wanderers()
        for request in range(len(compiled.requests)):
            self._add_request(request)
        for person in range(compiled.participant_count):
            self._add_person(person)

    def _row(self, key: Hashable, most: Callable[[], float]) -> int:
        """Give the row of that name, made at its first use."""
        if key not in self._rows:
            self._rows[key] = len(self.most)
            self.most.append(most())
        return self._rows[key]

    def _add_request(self, request: int) -> None:
        choices: defaultdict[tuple[int, ...], list[Option]] = defaultdict(list)
        for option in self.compiled.options[request]:
            choices[option.attendees].append(option)
        for options in choices.values():
            starts = 0
            for option in options:
                starts |= option.starts
            for run in self.runs:
                if run & starts:
                    self._add_column(request, options, run & starts)

    def _add_column(self, request: int, options: list[Option], starts: Mask) -> None:
        wanted = self.compiled.requests[request]
        gain = self.worth.weight * wanted.weight + self._best_moment(request, starts)
        entries = [(self._row(("once", request), lambda: 1.0), 1.0)]
        if wanted.must:
            entries.append((self._row(("must", request), lambda: -1.0), -1.0))
        for person in options[0].attendees:
            entries += self._use_of_person(person, options[0], starts)
        entries += self._use_of_tables(options, starts)
        self.columns.append(Column(gain, 0.0, 1.0, tuple(entries)))

    def _best_moment(self, request: int, starts: Mask) -> int:
        late = min(self.compiled.time.within_day[start] for start in bits(starts))
        return self.worth.late_slots * late + (self.worth.kept if request in self.compiled.previous else 0)

    def _use_of_person(self, person: int, option: Option, starts: Mask) -> list[tuple[int, float]]:
        who, fixed = self.compiled.people[person], self.fixed
        first = (starts & -starts).bit_length() - 1
        run, day = self.run_of[first], self.compiled.time.day_of[first]
        uses = [(self._row(("run", person, run), lambda: self._room(person, run)), float(option.length))]
        if (per_day := who.max_per_day) is not None:
            left = max(0.0, per_day - fixed.day_count[person][day])
            uses.append((self._row(("day", person, day), lambda: left), 1.0))
        if (in_all := who.max_meetings) is not None:
            uses.append((self._row(("all", person), lambda: max(0.0, in_all - fixed.count[person])), 1.0))
        if person in self.wanderers:
            uses.append((self._row(("changes", person, day), lambda: 1.0), 1.0))
        if self.worth.bonus and who.bonuses:
            uses.append((self._row(("met", person), lambda: 0.0), -1.0))
        if self.worth.shortfall and who.target > fixed.count[person]:
            uses.append((self._row(("short", person), lambda: float(fixed.count[person] - who.target)), -1.0))
        return uses

    def _find_wanderers(self) -> set[int]:
        """Give those whose meetings would all be at different sites: each but a day's first is a change."""
        if not self.worth.location_changes:
            return set()
        visits: defaultdict[int, list[int]] = defaultdict(list)
        for options in self.compiled.options:
            for person, site in {(person, option.site) for option in options for person in option.attendees}:
                visits[person].append(site)
        return {
            person for person, sites in visits.items() if len(set(sites)) == len(sites) and not self.fixed.count[person]
        }

    def _room(self, person: int, run: Mask) -> float:
        """Give how many slots of a run one person can fill, with breaks after the longest run, times ``parallel``."""
        who = self.compiled.people[person]
        free = who.free & run & ~self.fixed.full[person]
        if who.max_consecutive is None:
            return float(free.bit_count() * who.parallel)
        room = length = 0
        for slot in bits(run):
            length = length + 1 if free >> slot & 1 else 0
            room += bool(length % (who.max_consecutive + 1))
        return float(room * who.parallel)

    def _use_of_tables(self, options: list[Option], starts: Mask) -> list[tuple[int, float]]:
        """Take from the tables of the sites that suit, and from all tables."""
        run = self.run_of[(starts & -starts).bit_length() - 1]
        own = frozenset(option.site for option in options if option.starts & starts)
        everywhere = frozenset(range(len(self.compiled.sites)))
        return [
            (self._row(("tables", sites, run), partial(self._tables, sites, run)), float(options[0].length))
            for sites in {own, everywhere}
        ]

    def _tables(self, sites: frozenset[int], run: Mask) -> float:
        tables = 0
        for site in sites:
            capacity = self.compiled.sites[site].capacity
            for slot in bits(run & ~self.compiled.sites[site].closed):
                tables += max(0, capacity - self.fixed.site_load(site, slot))
        return float(tables)

    def _add_person(self, person: int) -> None:
        who, count = self.compiled.people[person], self.fixed.count[person]
        self.constant += self.worth.bonus * sum(who.bonuses[:count])
        if (met := self._rows.get(("met", person))) is not None:
            for bonus in who.bonuses[count:]:
                self.columns.append(Column(self.worth.bonus * bonus, 0.0, 1.0, ((met, 1.0),)))
        for day in range(len(self.compiled.time.days)):
            if (changes := self._rows.get(("changes", person, day))) is not None:
                most = float(self.compiled.time.count)
                self.columns.append(Column(self.worth.location_changes, 0.0, most, ((changes, -1.0),)))
        missing = max(0, who.target - count)
        if (short := self._rows.get(("short", person))) is not None:
            self.columns.append(Column(self.worth.shortfall, 0.0, missing, ((short, -1.0),)))
        else:
            self.constant += self.worth.shortfall * missing


def relaxed_bound(compiled: Compiled, seconds: float) -> float:
    """Return a bound that no schedule's score exceeds; infinite where none was found in time."""
    relaxation = Relaxation(compiled)
    return bound_of(relaxation, _prices(relaxation, seconds))


def bound_of(relaxation: Relaxation, prices: Sequence[float]) -> float:
    """Return the bound that any prices of 0 or more prove: pay for what is used, take whatever still gains."""
    bound = relaxation.constant + math.fsum(price * most for price, most in zip(prices, relaxation.most, strict=True))
    for gain, least, most, entries in relaxation.columns:
        reduced = gain - math.fsum(prices[row] * use for row, use in entries)
        bound += reduced * (most if reduced > 0 else least)
    return bound


def _prices(relaxation: Relaxation, seconds: float) -> list[float]:
    """Solve the LP; prices of 0 where it has no answer prove a bound too, if a poor one."""
    kind = pywraplp.Solver.GLOP_LINEAR_PROGRAMMING
    if len(relaxation.columns) > SIMPLEX:
        kind = pywraplp.Solver.PDLP_LINEAR_PROGRAMMING
    solver: Any = pywraplp.Solver("relaxation", kind)
    solver.SetTimeLimit(max(1, int(seconds * 1000)))
    rows = [solver.Constraint(-math.inf, most) for most in relaxation.most]
    objective = solver.Objective()
    for gain, least, most, entries in relaxation.columns:
        variable = solver.NumVar(least, most, "")
        objective.SetCoefficient(variable, gain)
        for row, use in entries:
            rows[row].SetCoefficient(variable, use)
    objective.SetMaximization()
    if solver.Solve() not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}:
        return [0.0] * len(rows)
    return [max(0.0, row.dual_value()) for row in rows]
