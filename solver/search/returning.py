"""The end of a move, in machine code: where the meetings in its way stand from now on."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver import bits, book, facts
from solver.book import put
from solver.facts import NONE
from solver.machine import machine
from solver.rules import CAPACITY, allows
from solver.search.moves import came_of, come, counts_of, eject, free_start, gone_of, people_word, some_option


@machine
def return_elsewhere(f: Any, b: Any, s: Any) -> None:
    """Put the meetings taken out back where they fit, the first ones first, or where a lighter one leaves for them."""
    number = 0
    while number < counts_of(s)[0]:
        request = gone_of(s)[number, 0]
        if book.held(b)[request] == NONE and not _return_freely(f, b, s, request, gone_of(s)[number, 1]):
            _return_for_a_lighter(f, b, s, request, gone_of(s)[number, 1])
        number += 1


@machine
def _return_freely(f: Any, b: Any, s: Any, request: int, before: int) -> bool:
    row = facts.request(f)[request]
    o = before
    for attempt in range(min(3, row.option_stop - row.option_from)):
        if attempt:
            o = some_option(f, s, request)
        t = free_start(f, b, s, o)
        if t != NONE:
            come(f, b, s, o, t)
            return True
    return False


@machine
def _has_come(s: Any, request: int) -> bool:
    for number in range(counts_of(s)[1]):
        if came_of(s)[number] == request:
            return True
    return False


@machine
def _return_for_a_lighter(f: Any, b: Any, s: Any, request: int, o: int) -> bool:
    """Put a short meeting back at a full site where its people have room, for the lightest meeting there."""
    if facts.option(f)[o].length > 1:
        return False
    t = crowded_start(f, b, o)
    if t == NONE:
        return False
    lightest = lightest_at(f, b, o, t)
    lighter = facts.request(f)[lightest].weight < facts.request(f)[request].weight
    if not lighter or _has_come(s, lightest) or not eject(f, b, s, lightest):
        return False
    if allows(f, b, o, t):
        come(f, b, s, o, t)
        return True
    number = counts_of(s)[0] - 1
    put(f, b, gone_of(s)[number, 1], gone_of(s)[number, 2])
    counts_of(s)[0] = number
    return False


@machine
def crowded_start(f: Any, b: Any, o: int) -> int:
    """Give the start at which a full site has the lightest meeting of all where people have room; NONE without."""
    if not facts.on(f)[CAPACITY]:
        return NONE
    best, least = NONE, book.FIRM
    for word in range(facts.starts(f).shape[1]):
        left = book.site_full(b)[facts.option(f)[o].site, word]
        if left:
            left &= people_word(f, b, o, word)
        while left:
            t = 64 * word + bits.lowest(left)
            left &= left - np.uint64(1)
            row = facts.request(f)[lightest_at(f, b, o, t)]
            if row.weight < least and not row.frozen:
                best, least = t, row.weight
    return best


@machine
def lightest_at(f: Any, b: Any, o: int, t: int) -> int:
    """Give the lightest meeting in a slot at the site of an option, where there are any."""
    site = facts.site(f)[facts.option(f)[o].site]
    return book.site_who(b)[site.who_from + t * site.seats]
