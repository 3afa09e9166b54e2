"""The Booleans of the CP-SAT model: one for each placement, 1 if the meeting is held so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ortools.sat.python import cp_model

from solver import unary
from solver.gaps import Gaps
from solver.implied import follows_from
from solver.masks import bits
from solver.options import Placement
from solver.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from solver.compiled import Compiled
    from solver.options import Option


class Row(NamedTuple):
    option: Option
    start: int
    variable: cp_model.IntVar

    @property
    def placement(self) -> Placement:
        return Placement(self.option, self.start)


class Held:
    """Nobody can be booked while away, because the variable for it does not exist.

    ``fixed`` holds the frozen meetings alone: they have no variables, and they occupy and count.
    """

    def __init__(self, model: cp_model.CpModel, compiled: Compiled) -> None:
        self.model = model
        self.compiled = compiled
        self.fixed = State(compiled)
        self.rows: list[Row] = []
        self.of_request: list[list[cp_model.IntVar]] = [[] for _ in compiled.requests]
        self.of_person_slot: dict[tuple[int, int], list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        self.of_person_day: list[list[list[cp_model.IntVar]]] = [
            [[] for _ in compiled.time.days] for _ in compiled.people
        ]
        self.of_site_slot: dict[tuple[int, int], list[Row]] = defaultdict(list)
        self._first_row: list[int] = []
        self._breaks: dict[int, list[cp_model.IntVar]] = {}
        self._presence: dict[tuple[int, int, frozenset[int] | None], cp_model.IntVar] = {}
        for options in compiled.options:
            self._first_row.append(len(self.rows))
            for option in options:
                for start in bits(option.starts):
                    self._add(option, start)
        self._first_row.append(len(self.rows))

    def _add(self, option: Option, start: int) -> None:
        variable = self.model.new_bool_var("")
        row = Row(option, start, variable)
        self.rows.append(row)
        self.of_request[option.request].append(variable)
        day = self.compiled.time.day_of[start]
        for person in option.people:
            self.of_person_day[person][day].append(variable)
        for slot in range(start, start + option.length):
            self.of_site_slot[option.site, slot].append(row)
            for person in option.people:
                self.of_person_slot[person, slot].append((variable, option.site))

    def rows_of(self, request: int) -> list[Row]:
        return self.rows[self._first_row[request] : self._first_row[request + 1]]

    def at_most(self, variables: Sequence[cp_model.IntVar], most: int | None, fixed: int) -> None:
        """Let at most ``most`` be 1, of which ``fixed`` are taken; more frozen ones than that are not judged."""
        if most is None or len(variables) + fixed <= most:
            return
        left = max(0, most - fixed)
        if left == 1:
            self.model.add_at_most_one(variables)
        else:
            self.model.add(cp_model.LinearExpr.sum(variables) <= left)

    def breaks(self, person: int) -> list[cp_model.IntVar]:
        """Give the levels of the number of breaks of this person, up to one more than are allowed."""
        if person not in self._breaks:
            days = range(len(self.compiled.time.days))
            ends = [end for day in days for end in Gaps(self, person, day).breaks()]
            allowed = self.compiled.problem.max_breaks if follows_from(self.compiled, "max_breaks") else None
            self._breaks[person] = unary.count(self.model, ends, len(ends) if allowed is None else allowed + 1)
        return self._breaks[person]

    @property
    def unary(self) -> bool:
        """Whether counts are better written as literals: where breaks count, no relaxation says anything."""
        return self.compiled.problem.objective == "breaks"

    def busy(self, person: int, slot: int) -> cp_model.IntVar:
        return self.presence(person, slot, None)

    def presence(self, person: int, slot: int, sites: frozenset[int] | None) -> cp_model.IntVar:
        """Give the literal that a person meets in a slot, at one of ``sites`` (None: anywhere)."""
        key = (person, slot, sites)
        if key not in self._presence:
            self._presence[key] = self._new_presence(person, slot, sites)
        return self._presence[key]

    def _new_presence(self, person: int, slot: int, sites: frozenset[int] | None) -> cp_model.IntVar:
        if self.fixed.busy[person] >> slot & 1:
            return self.model.new_constant(int(sites is None or self.fixed.where[person][slot] in sites))
        placed = self.of_person_slot.get((person, slot), ())
        variables = [variable for variable, site in placed if sites is None or site in sites]
        if len(variables) < 2:
            return variables[0] if variables else self.model.new_constant(0)
        literal = self.model.new_bool_var("")
        if self.compiled.people[person].parallel == 1 or not variables:  # the greatest of none would be no schedule
            self.model.add_exactly_one(*variables, literal.negated())
        else:
            self.model.add_max_equality(literal, variables)
        return literal

    def zones(self, person: int, slot: int) -> Iterable[tuple[cp_model.IntVar | None, str | None]]:
        """Give the zones in which a person may be in a slot, each with its literal (None: they surely are)."""
        compiled = self.compiled
        if slot in compiled.people[person].engaged:
            return [(None, compiled.people[person].engaged[slot])]
        if self.fixed.busy[person] >> slot & 1:
            return [(None, compiled.sites[self.fixed.where[person][slot]].zone)]
        by_zone: dict[str, set[int]] = defaultdict(set)
        for _, site in self.of_person_slot.get((person, slot), ()):
            if zone := compiled.sites[site].zone:
                by_zone[zone].add(site)
        return [(self.presence(person, slot, frozenset(sites)), zone) for zone, sites in by_zone.items()]
