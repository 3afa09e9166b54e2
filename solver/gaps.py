"""Booleans about what lies between a person's meetings of a day: idle slots and breaks.

An idle slot is held from one side only: 1 where there is one, and free to be 0 elsewhere, which its price does.
Breaks are exact in both directions, for they are priced and bounded at once: a break that may be invented lets
a search for the fewest begin with too many.
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

    def idle_slots(self) -> Iterator[cp_model.IntVar]:
        if len(self.span) < 3:
            return
        free = self.held.compiled.people[self.person].free
        before = self._ever(self.span, exact=False)
        after = self._ever(self.span[::-1], exact=False)
        for slot in self.span[1:-1]:
            if free >> slot & 1:
                yield self._gap([before[slot - 1], after[slot + 1]], slot, exact=False)

    def breaks(self) -> Iterator[cp_model.IntVar]:
        """Give a Boolean for each slot in which a break could end."""
        if len(self.span) < 3:
            return
        before = self._ever(self.span, exact=True)
        for slot in self.span[1:-1]:
            if (then := self._now(slot + 1)) is not None:
                yield self._gap([before[slot - 1], then], slot, exact=True)

    def _now(self, slot: int) -> cp_model.IntVar | None:
        if (self.person, slot) in self.held.of_person_slot or self.held.fixed.busy[self.person] >> slot & 1:
            return self.held.busy(self.person, slot)
        return None

    def _ever(self, slots: range, *, exact: bool) -> dict[int, cp_model.IntVar]:
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
                if exact:
                    model.add_bool_or(so_far.negated(), known, now)
            met[slot] = so_far
        return met

    def _gap(self, around: list[cp_model.IntVar], slot: int, *, exact: bool) -> cp_model.IntVar:
        """Give the literal that nobody is met in a slot although the literals ``around`` it are 1."""
        model = self.held.model
        gap = model.new_bool_var("")
        now = self._now(slot)
        signs = around if now is None else [*around, now.negated()]
        model.add_bool_or([*(sign.negated() for sign in signs), gap])
        if exact:
            for sign in signs:
                model.add_implication(gap, sign)
        return gap
