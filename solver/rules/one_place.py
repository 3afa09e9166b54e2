"""Nobody is in more meetings at once than they can take, nor in more than one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import starts_within
from solver.options import NOWHERE
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held
    from solver.masks import Mask
    from solver.options import Option
    from solver.state import State


def nobody_is_elsewhere(state: State, option: Option, starts: Mask) -> Mask:
    for person in option.people:
        if state.compiled.people[person].parallel == 1:
            taken = state.busy[person]
        else:
            taken = state.full[person]
            if option.site != NOWHERE:
                taken |= state.elsewhere(person, option.site)
        if taken:
            starts &= starts_within(~taken, option.length)
    return starts


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
    leaves=nobody_is_elsewhere,
    constrain=nobody_is_in_two_places,
)
