"""A request that comes after others starts when they have ended; others that are not held put no constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import Mask, cover
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held
    from solver.options import Option
    from solver.state import State


def keeps_the_order(state: State, option: Option, starts: Mask) -> Mask:
    wanted = state.compiled.requests[option.request]
    for earlier in wanted.earlier:
        if placed := state.held.get(earlier):
            starts &= ~cover(0, placed.start + placed.option.length)
    for later in wanted.later:
        if placed := state.held.get(later):
            starts &= cover(0, max(0, placed.start - option.length + 1))
    return starts


def earlier_ends_before_later_starts(held: Held) -> None:
    """Forbid, for each slot, that the later one has started by it and the earlier one has not ended before it."""
    for later, wanted in enumerate(held.compiled.requests):
        for earlier in wanted.earlier:
            for slot in range(held.compiled.time.count):
                started = [row.variable for row in held.rows_of(later) if row.start <= slot]
                going = [row.variable for row in held.rows_of(earlier) if row.start + row.option.length > slot]
                if started and going:
                    held.model.add_at_most_one(started + going)


RULE = Rule("order", "order", leaves=keeps_the_order, constrain=earlier_ends_before_later_starts)
