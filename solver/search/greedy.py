"""A first schedule at once: what must be held, then the rest in turn, each where it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver import book, facts
from solver.book import put
from solver.facts import NONE
from solver.machine import machine
from solver.search.moves import (
    begin,
    come,
    counts_of,
    free_start,
    gone_of,
    make_room,
    some_start,
    undo,
    walks_remain,
)
from solver.search.returning import return_elsewhere

if TYPE_CHECKING:
    from solver.facts import Array, Facts


def in_turn(f: Facts) -> Array:
    """Give the requests that are not frozen: what must be held, hardest first, then the rest by weight."""
    of_option = np.bitwise_count(f.starts).sum(axis=1)
    starts = np.bincount(f.option["request"], of_option, len(f.request))
    must = f.request["must"] != 0
    first_by = np.where(must, starts, -f.request["weight"])
    order = np.lexsort((starts, first_by, ~must))
    return order[f.request["frozen"][order] == 0].astype(np.int32)


@machine
def fill(f: Any, b: Any, s: Any, requests: Any) -> None:
    """Hold each of these requests that is not held where it is legal, by lot; a mandatory one if need be by force."""
    for request in requests:
        if book.held(b)[request] != NONE:
            continue
        if not place_freely(f, b, s, request) and facts.request(f)[request].must:
            _place_by_force(f, b, s, request)


@machine
def place_freely(f: Any, b: Any, s: Any, request: int) -> bool:
    row = facts.request(f)[request]
    for o in range(row.option_from, row.option_stop):
        t = free_start(f, b, s, o)
        if t != NONE:
            put(f, b, o, t)
            return True
    return False


@machine
def _place_by_force(f: Any, b: Any, s: Any, request: int) -> bool:
    """Hold a mandatory request where others that are mandatory need not leave, or find another place."""
    row = facts.request(f)[request]
    for o in range(row.option_from, row.option_stop):
        for _ in range(8):
            begin(s)
            t = some_start(f, s, o)
            if t != NONE and make_room(f, b, s, o, t):
                come(f, b, s, o, t)
                return_elsewhere(f, b, s)
                if walks_remain(f, b, s) and _musts_remain(f, b, s):
                    return True
            undo(f, b, s)
    return False


@machine
def _musts_remain(f: Any, b: Any, s: Any) -> bool:
    for number in range(counts_of(s)[0]):
        request = gone_of(s)[number, 0]
        if facts.request(f)[request].must and book.held(b)[request] == NONE:
            return False
    return True
