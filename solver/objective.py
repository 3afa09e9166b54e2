"""The terms of the objective as CP-SAT knows them.

Each auxiliary Boolean is held from one side only: the objective pushes it to the other. So the value of the
model never exceeds what the schedule is worth, and its optimum is exactly that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from solver.gaps import Gaps
from solver.masks import bits
from solver.terms import coefficients, meeting_score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.held import Held

Variable = cp_model.IntVar


class Objective:
    """The score as a weighted sum of variables and a constant for what is frozen."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.worth = coefficients(held.compiled.problem)
        self.variables: list[Variable] = []
        self.coefficients: list[int] = []
        self.constant = sum(meeting_score(held.compiled, self.worth, placement) for placement in held.compiled.fixed)
        for row in held.rows:
            self.add(row.variable, meeting_score(held.compiled, self.worth, row.placement))
        for person in range(held.compiled.participant_count):
            self._add_person(person)

    def add(self, variable: Variable, coefficient: int) -> None:
        if coefficient:
            self.variables.append(variable)
            self.coefficients.append(coefficient)

    def maximize(self) -> None:
        self.held.model.maximize(cp_model.LinearExpr.weighted_sum(self.variables, self.coefficients) + self.constant)

    def _add_person(self, person: int) -> None:
        if self.worth.bonus or self.worth.shortfall:
            self._add_bonus(person)
            self._add_shortfall(person)
        if self.worth.breaks:
            self._add_all(self.held.breaks(person), self.worth.breaks)
        for day in range(len(self.held.compiled.time.days)):
            if self.worth.idle_slots:
                self._add_all(Gaps(self.held, person, day).idle_slots(), self.worth.idle_slots)
            if self.worth.location_changes:
                self._add_changes(person, day)

    def _add_all(self, variables: Iterable[Variable], coefficient: int) -> None:
        for variable in variables:
            self.add(variable, coefficient)

    def _meetings(self, person: int) -> list[Variable]:
        return [variable for day in self.held.of_person_day[person] for variable in day]

    def _add_bonus(self, person: int) -> None:
        """Bonuses never rise, so it does not matter which of the levels below the count are 1."""
        bonuses, fixed = self.held.compiled.people[person].bonuses, self.held.fixed.count[person]
        meetings = self._meetings(person)
        self.constant += self.worth.bonus * sum(bonuses[:fixed])
        levels = [bonus for bonus in bonuses[fixed : fixed + len(meetings)] if bonus]
        if not levels or not self.worth.bonus:
            return
        reached = [self.held.model.new_bool_var("") for _ in levels]
        self.held.model.add(cp_model.LinearExpr.sum(reached) <= cp_model.LinearExpr.sum(meetings))
        for variable, bonus in zip(reached, levels, strict=True):
            self.add(variable, self.worth.bonus * bonus)

    def _add_shortfall(self, person: int) -> None:
        missing = self.held.compiled.people[person].target - self.held.fixed.count[person]
        if missing <= 0 or not self.worth.shortfall:
            return
        meetings = self._meetings(person)
        short = self.held.model.new_int_var(0, missing, "")
        self.held.model.add(short + cp_model.LinearExpr.sum(meetings) >= missing)
        self.add(short, self.worth.shortfall)

    def _add_changes(self, person: int, day: int) -> None:
        """Let the person have one place in each slot, kept while nobody is met, and count how often it changes."""
        sites = {slot: self._sites(person, slot) for slot in bits(self.held.compiled.time.days[day])}
        slots = [slot for slot in sites if sites[slot]]
        if len(set().union(*sites.values())) < 2:
            return
        places = sorted(set().union(*sites.values()))
        last: dict[int, Variable] | None = None
        for slot in slots:
            place = {site: self.held.model.new_bool_var("") for site in places}
            self.held.model.add_exactly_one(place.values())
            for site in sites[slot]:
                self.held.model.add_implication(self.held.presence(person, slot, frozenset({site})), place[site])
            if last is not None:
                change = self.held.model.new_bool_var("")
                for site in places:
                    self.held.model.add_bool_or(place[site].negated(), last[site], change)
                self.add(change, self.worth.location_changes)
            last = place

    def _sites(self, person: int, slot: int) -> set[int]:
        if self.held.fixed.busy[person] >> slot & 1:
            return {self.held.fixed.where[person][slot]}
        return {site for _, site in self.held.of_person_slot.get((person, slot), ())}
