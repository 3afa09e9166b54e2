"""Booleans about what lies between a person's meetings of a day: idle slots and breaks.

Each is held from one side only: 1 where there is a gap, and free to be 0 elsewhere. Whoever uses them prices
or bounds them, which does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import bits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ortools.sat.python import cp_model

    from solver.held import Held


class Gaps:
    """The gaps of one person on one day, from the first slot in which they could meet to the last."""

    def __init__(self, held: Held, person: int, day: int) -> None:
        self.held = held
        self.person = person
        slots = [slot for slot in bits(held.compiled.time.days[day]) if self._now(slot) is not None]
        self.span = range(slots[0], slots[-1] + 1) if slots else range(0)
        if len(self.span) > 2:
            self.before = self._ever(self.span)
            self.after = self._ever(self.span[::-1])

    def idle_slots(self) -> Iterator[cp_model.IntVar]:
        free = self.held.compiled.people[self.person].free
        for slot in self.span[1:-1]:
            if free >> slot & 1:
                yield self._gap([self.before[slot - 1], self.after[slot + 1]], slot)

    def breaks(self) -> Iterator[cp_model.IntVar]:
        """Give a Boolean for each slot in which a break could begin."""
        for slot in self.span[1:-1]:
            if (now := self._now(slot - 1)) is not None:
                yield self._gap([now, self.after[slot + 1]], slot)

    def _now(self, slot: int) -> cp_model.IntVar | None:
        if (self.person, slot) in self.held.of_person_slot or self.held.fixed.busy[self.person] >> slot & 1:
            return self.held.busy(self.person, slot)
        return None

    def _ever(self, slots: range) -> dict[int, cp_model.IntVar]:
        """Give for each slot the literal that the person has met by then, going through ``slots`` in turn."""
        model = self.held.model
        so_far = self.held.busy(self.person, slots[0])
        met = {slots[0]: so_far}
        for slot in slots[1:]:
            now = self._now(slot)
            if now is not None:
                known, so_far = so_far, model.new_bool_var("")
                model.add_implication(known, so_far)
                model.add_implication(now, so_far)
            met[slot] = so_far
        return met

    def _gap(self, around: list[cp_model.IntVar], slot: int) -> cp_model.IntVar:
        gap = self.held.model.new_bool_var("")
        now = self._now(slot)
        clause = [literal.negated() for literal in around] + [gap]
        self.held.model.add_bool_or(clause if now is None else [*clause, now])
        return gap
