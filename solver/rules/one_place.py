"""Nobody is in more meetings at once than they can take, nor in more than one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver import bits, book, facts
from solver.facts import NONE
from solver.machine import machine
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


@machine
def nobody_is_elsewhere(f: Any, b: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        p = facts.people(f)[k]
        for slot in range(t, t + option.length):
            if bits.has(book.full(b), p, slot):
                return False
            if option.site != NONE and bits.has(book.busy(b), p, slot) and option.site != book.where(b)[p, slot]:
                return False
    return True


def nobody_is_in_two_places(held: Held) -> None:
    for (person, slot), placed in held.of_person_slot.items():
        parallel = held.compiled.people[person].parallel
        variables = [variable for variable, _ in placed]
        if parallel == 1:
            held.model.add_at_most_one(variables)
        else:
            held.at_most(variables, parallel, held.fixed.load(person, slot))
            held.model.add_at_most_one(
                held.presence(person, slot, frozenset({site})) for site in {site for _, site in placed}
            )


RULE = Rule(
    "one_place",
    "no_common_slot",
    on_interpreters=True,
    allows=nobody_is_elsewhere,
    constrain=nobody_is_in_two_places,
)
