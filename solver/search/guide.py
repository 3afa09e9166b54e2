"""What prices tell a search: which requests and starts a good schedule may have.

The *loss* of a column is what it earns less than its request could earn at the prices. The losses of a schedule
add up to no more than its gap to the bound, so a good schedule has columns with small losses only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from solver import bits, facts
from solver.book import WEIGHT
from solver.machine import machine
from solver.search.greedy import in_turn

if TYPE_CHECKING:
    from solver.facts import Array, Facts
    from solver.prices import Prices

BREAKS_OF_ONE = 30.0  # breaks that a request is taken to be worth, for want of weights
NEAR = 0.02  # of what a request is usually worth: a small loss
TIMES = 1.0  # of the gap to the bound for each meeting: a loss that a meeting of a better schedule may have


class Guide(NamedTuple):
    """``facts`` with the starts worth trying alone, the requests that have any, and the order to fill in."""

    facts: Facts
    pool: Array
    order: Array


def unguided(f: Facts) -> Guide:
    order = in_turn(f)
    return Guide(f, order, order)


def guide(f: Facts, prices: Prices, gap_each: float) -> Guide:
    """Return what the best prices so far tell; ``gap_each`` is the gap to the bound for each meeting held."""
    r = prices.relaxation
    reduced = prices.reduced()[: len(r.start)]
    request = f.option["request"][r.option]
    top = np.zeros(len(f.request))
    np.maximum.at(top, request, reduced)
    near = NEAR * usual_worth(f) + TIMES * gap_each
    starts = np.zeros_like(f.starts)
    _keep(f.refs, starts, r.option, r.start, r.group_of, top[request] - reduced <= near)
    tried = np.zeros(len(f.request), bool)
    tried[f.option["request"][starts.any(axis=1)]] = True
    must = f.request["must"] != 0
    order = np.lexsort((-top, ~must))
    return Guide(replace(f, starts=starts), np.flatnonzero(tried).astype(np.int32), order.astype(np.int32))


def usual_worth(f: Facts) -> float:
    """Give what a request is worth by itself on average; where only breaks count, as if each were worth many."""
    worth = float(f.request["weight"].mean()) * float(f.worth[WEIGHT]) if len(f.request) else 0.0
    return max(1.0, worth) if f.worth[WEIGHT] else BREAKS_OF_ONE


@machine
def _keep(f: Any, starts: Any, option: Any, start: Any, group_of: Any, good: Any) -> None:
    """Keep the starts of good columns, for every option of their bundle."""
    for column in range(len(option)):
        if not good[column]:
            continue
        first = option[column]
        o = first
        while o < len(facts.option(f)) and _same_people(f, first, o):
            for t in range(start[column], len(group_of)):
                if group_of[t] != group_of[start[column]]:
                    break
                if bits.has(facts.starts(f), o, t):
                    bits.add(starts, o, t)
            o += 1


@machine
def _same_people(f: Any, one: int, other: int) -> bool:
    left, right = facts.option(f)[one], facts.option(f)[other]
    if left.request != right.request:
        return False
    for k in range(left.attendees):
        if facts.people(f)[left.first + k] != facts.people(f)[right.first + k]:
            return False
    return True
