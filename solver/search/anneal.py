"""Simulated annealing over meetings: insert, move, and insert by ejecting whoever is in the way.

What is ejected is put back elsewhere where it fits, and the whole is one move. Every step asks the same rules as
everything else whether it is legal. Moves are counted, not timed, so that equal seeds take equal steps.
"""

from __future__ import annotations

import math
from typing import Any

from solver import bits, book, facts
from solver.book import BREAKS, CHANGES, IDLE, KEPT, LATE, WEIGHT, count_worth, meeting_worth
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
    some_option,
    some_start,
    undo,
    victim_of,
    walks_remain,
)
from solver.search.returning import crowded_start, lightest_at, return_elsewhere

FAR = 1 << 40  # more than any meeting is worth
LOOKED_AT = 12  # options of a meeting in the way; with more it is taken to fit elsewhere
SLACK = 20.0  # temperatures by which a loss ahead may be wrong: what is in the way may find what others leave
ROUGH_SLACK = 2.0  # where people have to walk, and a walk ends at a temperature that is much higher
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
    t = free_start(f, b, s, o)
    held = book.held(b)[request] != NONE
    victim_of(s)[0] = NONE
    most = _most_lost(s, temperature)
    if t == NONE or (held and below(s, FORCED) == 0):
        t = some_start(f, s, o)
        if t == NONE or (t == book.at(b)[request] and o == book.held(b)[request]):
            return False
        slack = ROUGH_SLACK if f[facts.LONGEST_WALK] else SLACK
        if loss_ahead(f, b, s, o, t) > most + slack * temperature:
            return False
    return _try(f, b, s, o, t, most)


@machine
def _most_lost(s: Any, temperature: float) -> float:
    """Draw what a move may cost: drawn before it is made, so that it need not be made where it costs more."""
    return -temperature * math.log(1.0 - chance(s))


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
def _try(f: Any, b: Any, s: Any, o: int, t: int, most: float) -> bool:
    """Make a move, and take it back if it is not legal or costs more than ``most``."""
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
    if before - book.score(b)[0] <= most and walks_remain(f, b, s):
        return True
    undo(f, b, s)
    return False


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
                    gain -= _lost(f, b, other, option.request, p, 0, 0) / book.load(b)[p, slot]
        if new and not blocked:
            if book.count(b)[p] < facts.person(f)[p].max_meetings:
                gain += count_worth(f, p, book.count(b)[p] + 1) - count_worth(f, p, book.count(b)[p])
            gain -= _lost_to_limits(f, b, option.request, p, facts.slot(f)[t].day)
    if bits.has(book.site_full(b), option.site, t):
        victim_of(s)[0] = choose_victim(f, b, s, option.site, t)
        if victim_of(s)[0] != NONE and victim_of(s)[0] != option.request:
            gain -= _lost(f, b, victim_of(s)[0], option.request, NONE, 0, 0)
    return -gain


@machine
def _margin(f: Any) -> int:
    worth = facts.worth(f)
    return worth[KEPT] - 4 * worth[IDLE] - 2 * worth[CHANGES] - 20 * worth[LATE] - 4 * worth[BREAKS]


@machine
def _lost_to_limits(f: Any, b: Any, request: int, p: int, day: int) -> int:
    """Give the least that a person loses who has no meeting left, in all or for a day, by one that makes room."""
    person = facts.person(f)[p]
    first, stop = 0, 0
    if book.count(b)[p] >= person.max_meetings:
        stop = len(facts.slot(f))
    elif book.day_count(b)[p, day] >= person.max_per_day:
        first, stop = facts.day(f)[day].first, facts.day(f)[day].stop
    if first == stop:
        return 0
    least = FAR
    for slot in range(first, stop):
        for seat in range(book.load(b)[p, slot]):
            other = book.who(b)[person.who_from + slot * person.seats + seat]
            least = min(least, _lost(f, b, other, request, p, first, stop))
    return least


@machine
def _lost(f: Any, b: Any, other: int, request: int, p: int, first: int, stop: int) -> int:
    """Give what is lost if a meeting leaves: nothing if it fits elsewhere, or may fit where ``request`` is now.

    Where it fits but for the tables, the lightest meeting leaves in its place.
    Elsewhere is not with the person ``p`` between the slots ``first`` and ``stop``.
    """
    row = facts.request(f)[other]
    if row.frozen:
        return FAR
    if row.length > 1 or row.option_stop - row.option_from > LOOKED_AT:
        return 0
    was = book.at(b)[request]
    for o in range(row.option_from, row.option_stop):
        away = first < stop and _attends(f, o, p)
        for word in range(facts.starts(f).shape[1]):
            left = open_word(f, b, o, word)
            if away:
                left &= ~bits.span(first, stop, word)
            if left:
                return 0
        if was != NONE and bits.has(facts.starts(f), o, was):
            return 0
    lost = meeting_worth(f, book.held(b)[other], book.at(b)[other])
    option = facts.option(f)[book.held(b)[other]]
    for k in range(option.first, option.first + option.people):
        q = facts.people(f)[k]
        if q != p:
            lost += count_worth(f, q, book.count(b)[q]) - count_worth(f, q, book.count(b)[q] - 1)
    return min(lost, _lightest_instead(f, b, row))


@machine
def _lightest_instead(f: Any, b: Any, row: Any) -> int:
    """Give what the lightest meeting weighs whose leaving would let a request stand elsewhere."""
    least = FAR
    for o in range(row.option_from, row.option_stop):
        t = crowded_start(f, b, o)
        if t != NONE:
            least = min(least, facts.worth(f)[WEIGHT] * facts.request(f)[lightest_at(f, b, o, t)].weight)
    return least


@machine
def _attends(f: Any, o: int, p: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        if facts.people(f)[k] == p:
            return True
    return False
