"""A request that comes after others starts when they have ended; others that are not held put no constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

from solver import book, facts
from solver.facts import NONE
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


@njit(cache=True, nogil=True)
def keeps_the_order(f: Any, b: Any, o: int, t: int) -> bool:
    request = facts.request(f)[facts.option(f)[o].request]
    for index in range(request.earlier_from, request.later_from):
        if book.held(b)[facts.order(f)[index]] != NONE and _end(f, b, facts.order(f)[index]) > t:
            return False
    for index in range(request.later_from, request.order_stop):
        if book.held(b)[facts.order(f)[index]] != NONE and t + request.length > book.at(b)[facts.order(f)[index]]:
            return False
    return True


@njit(cache=True, nogil=True)
def _end(f: Any, b: Any, request: int) -> int:
    """Give the slot after a meeting, by its request: facts for drafts do not have the options that a book holds."""
    start = book.at(b)[request]
    return min(start + facts.request(f)[request].length, facts.day(f)[facts.slot(f)[start].day].stop)


def earlier_ends_before_later_starts(held: Held) -> None:
    """Forbid, for each slot, that the later one has started by it and the earlier one has not ended before it."""
    for later, wanted in enumerate(held.compiled.requests):
        for earlier in wanted.earlier:
            for slot in range(held.compiled.time.count):
                started = [row.variable for row in held.rows_of(later) if row.start <= slot]
                going = [row.variable for row in held.rows_of(earlier) if row.start + row.option.length > slot]
                if started and going:
                    held.model.add_at_most_one(started + going)


RULE = Rule("order", "order", allows=keeps_the_order, constrain=earlier_ends_before_later_starts)
