"""Simulated annealing over meetings: insert, move, and insert by ejecting whoever is in the way.

What is ejected is put back elsewhere where it fits, and the whole is one move. Every step asks the same rules as
everything else whether it is legal. Moves are counted, not timed, so that equal seeds take equal steps.
"""

from __future__ import annotations

import math
from typing import Any

from solver import bits, book, facts
from solver.book import BREAKS, CHANGES, IDLE, KEPT, LATE, count_worth, meeting_worth
from solver.facts import NONE
from solver.machine import machine
from solver.search.moves import (
    begin,
    below,
    chance,
    choose_victim,
    come,
    eject,
    free_start,
    make_room,
    open_word,
    pool_of,
    return_elsewhere,
    some_option,
    some_start,
    undo,
    victim_of,
    walks_remain,
)

AGAIN = 3  # more draws where a request is held
FORCED = 4  # one in so many moves of a meeting that could move freely goes where others must leave


@machine
def anneal(f: Any, b: Any, s: Any, moves: int, hot: float, cold: float) -> int:
    """Take ``moves`` moves while the temperature falls from ``hot`` to ``cold``; return how many were kept."""
    kept = 0
    cooling = (cold / hot) ** (1.0 / max(1, moves))
    temperature = hot
    for _ in range(moves):
        kept += _move(f, b, s, temperature)
        temperature *= cooling
    return kept


@machine
def _move(f: Any, b: Any, s: Any, temperature: float) -> bool:
    request = _some_request(b, s)
    o = some_option(f, s, request)
    if o == NONE:
        return False
    bearable = _bearable(s, temperature)
    t = free_start(f, b, s, o)
    held = book.held(b)[request] != NONE
    victim_of(s)[0] = NONE
    if t == NONE or (held and below(s, FORCED) == 0):
        t = some_start(f, s, o)
        if t == NONE or (t == book.at(b)[request] and o == book.held(b)[request]):
            return False
        if loss_ahead(f, b, s, o, t) > bearable:
            return False
    return _try(f, b, s, o, t, bearable)


@machine
def _some_request(b: Any, s: Any) -> int:
    """Give a request by lot; those not held, which can gain most, more often."""
    request = pool_of(s)[below(s, len(pool_of(s)))]
    for _ in range(AGAIN):
        if book.held(b)[request] == NONE:
            break
        request = pool_of(s)[below(s, len(pool_of(s)))]
    return request


@machine
def _try(f: Any, b: Any, s: Any, o: int, t: int, bearable: float) -> bool:
    """Make a move, and take it back if it is not legal or loses more than is bearable."""
    request = facts.option(f)[o].request
    begin(s)
    before = book.score(b)[0]
    if book.held(b)[request] != NONE:
        eject(f, b, s, request)
    if not make_room(f, b, s, o, t):
        undo(f, b, s)
        return False
    come(f, b, s, o, t)
    return_elsewhere(f, b, s)
    if before - book.score(b)[0] <= bearable and walks_remain(f, b, s):
        return True
    undo(f, b, s)
    return False


@machine
def _bearable(s: Any, temperature: float) -> float:
    """Give by lot what a move may lose: more than x with probability exp(-x / temperature).

    Drawn before a move is made, most moves that will not do are known by ``loss_ahead`` alone.
    """
    return -temperature * math.log(1.0 - chance(s))


@machine
def loss_ahead(f: Any, b: Any, s: Any, o: int, t: int) -> float:
    """Give what a move would surely lose, before it is made: meetings in the way that fit nowhere else.

    Terms of people's days are not looked at, but for a margin; what is needed to keep other rules may cost more.
    """
    option = facts.option(f)[o]
    new = book.held(b)[option.request] == NONE
    gain = float(_margin(f)) + (meeting_worth(f, o, t) if new else 0)
    for k in range(option.first, option.first + option.people):
        p = facts.people(f)[k]
        blocked = False
        for slot in range(t, t + option.length):
            if bits.has(book.full(b), p, slot):
                person = facts.person(f)[p]
                other = book.who(b)[person.who_from + slot * person.seats]
                if other != option.request:
                    blocked = True
                    gain -= _lost(f, b, other, option.request, p) / book.load(b)[p, slot]
        if new and not blocked:
            gain += count_worth(f, p, book.count(b)[p] + 1) - count_worth(f, p, book.count(b)[p])
    if bits.has(book.site_full(b), option.site, t):
        victim_of(s)[0] = choose_victim(f, b, s, option.site, t)
        if victim_of(s)[0] != NONE and victim_of(s)[0] != option.request:
            gain -= _lost(f, b, victim_of(s)[0], option.request, NONE)
    return -gain


@machine
def _margin(f: Any) -> int:
    worth = facts.worth(f)
    return worth[KEPT] - 8 * worth[IDLE] - 4 * worth[CHANGES] - 20 * worth[LATE] - 4 * worth[BREAKS]


@machine
def _lost(f: Any, b: Any, other: int, request: int, p: int) -> int:
    """Give what is lost if a meeting leaves: nothing if it fits elsewhere, or may fit where ``request`` is now."""
    row = facts.request(f)[other]
    if row.frozen:
        return 1 << 40
    if row.option_stop - row.option_from > 1 or row.length > 1:
        return 0
    o = row.option_from
    for word in range(facts.starts(f).shape[1]):
        if open_word(f, b, o, word):
            return 0
    was = book.at(b)[request]
    if was != NONE and bits.has(facts.starts(f), o, was):
        return 0
    lost = meeting_worth(f, book.held(b)[other], book.at(b)[other])
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        q = facts.people(f)[k]
        if q != p:
            lost += count_worth(f, q, book.count(b)[q]) - count_worth(f, q, book.count(b)[q] - 1)
    return lost
