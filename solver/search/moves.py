"""Moves of the search, in machine code: where a meeting fits, what is in its way, and how to take a move back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from solver import bits, book, facts
from solver.book import put, take
from solver.facts import NONE, Array
from solver.machine import machine
from solver.refs import refs_of, view
from solver.rules import CAPACITY, LONGEST_RUN, ONE_PLACE, WALKING, allows
from solver.rules.longest_run import run_grows_too_long
from solver.rules.walking import still_walks, too_near_after, too_near_before

FIRST_SEATS = 7  # of a site, where the lightest meetings sit
LIGHTEST = 4  # three of so many draws are among these
MOST = 12  # meetings that one move may take out


@dataclass(frozen=True)
class Walk:
    """What the moves need beside facts and book: chance, and a note of the move under way."""

    pool: Array  # requests to try
    chance: Array  # [1]: the state of the generator
    gone: Array  # [MOST, 3]: request, option and start of each meeting taken out
    came: Array  # [MOST + 1]: requests put in
    counts: Array  # [2]: how many of each
    victim: Array  # [1]: the meeting that would leave a full site

    @cached_property
    def refs(self) -> Any:
        return refs_of(self)


def new_walk(pool: Array, seed: int) -> Walk:
    chance = np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C15 % (1 << 64)], np.uint64)
    return Walk(
        pool.astype(np.int32),
        chance,
        np.zeros((MOST, 3), np.int32),
        np.zeros(MOST + 1, np.int32),
        np.zeros(2, np.int32),
        np.full(1, NONE, np.int32),
    )


_PLACE = {field.name: place for place, field in enumerate(fields(Walk))}
pool_of = view(_PLACE["pool"], np.int32)
chance_of = view(_PLACE["chance"], np.uint64)
gone_of = view(_PLACE["gone"], np.int32, 2)
came_of = view(_PLACE["came"], np.int32)
counts_of = view(_PLACE["counts"], np.int32)
victim_of = view(_PLACE["victim"], np.int32)


@machine
def chance(s: Any) -> float:
    """Give a number from 0 up to, not with, 1."""
    x = chance_of(s)[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance_of(s)[0] = x
    return ((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) * 1.1102230246251565e-16


@machine
def below(s: Any, count: int) -> int:
    return min(count - 1, int(chance(s) * count))


@machine
def open_word(f: Any, b: Any, o: int, word: int) -> Any:
    """Give the starts of an option in which its people and its site have room; other rules aside."""
    left = people_word(f, b, o, word)
    return left & ~book.site_full(b)[facts.option(f)[o].site, word] if facts.on(f)[CAPACITY] else left


@machine
def people_word(f: Any, b: Any, o: int, word: int) -> Any:
    """Give the starts of an option in which its people have room, whether its site has any or not."""
    option = facts.option(f)[o]
    left = facts.starts(f)[o, word]
    if left and facts.on(f)[ONE_PLACE]:
        for k in range(option.first, option.first + option.people):
            left &= ~book.full(b)[facts.people(f)[k], word]
    return left


@machine
def free_start(f: Any, b: Any, s: Any, o: int) -> int:
    """Give a start at which the option is legal, by lot; NONE if there is none among a few."""
    words = facts.starts(f).shape[1]
    count = 0
    for word in range(words):
        count += bits.size(open_word(f, b, o, word))
    for _ in range(min(count, 4)):
        t = _nth(f, b, o, below(s, count))
        if allows(f, b, o, t):
            return t
    return NONE


@machine
def _nth(f: Any, b: Any, o: int, number: int) -> int:
    for word in range(facts.starts(f).shape[1]):
        left = open_word(f, b, o, word)
        while left:
            if number == 0:
                return 64 * word + bits.lowest(left)
            number -= 1
            left &= left - np.uint64(1)
    return NONE


@machine
def some_start(f: Any, s: Any, o: int) -> int:
    """Give one of an option's starts by lot, whether it is free or not."""
    count = 0
    for word in range(facts.starts(f).shape[1]):
        count += bits.size(facts.starts(f)[o, word])
    if count == 0:
        return NONE
    number = below(s, count)
    for word in range(facts.starts(f).shape[1]):
        left = facts.starts(f)[o, word]
        while left:
            if number == 0:
                return 64 * word + bits.lowest(left)
            number -= 1
            left &= left - np.uint64(1)
    return NONE


@machine
def some_option(f: Any, s: Any, request: int) -> int:
    row = facts.request(f)[request]
    if row.option_stop == row.option_from:
        return NONE
    return row.option_from + below(s, row.option_stop - row.option_from)


@machine
def begin(s: Any) -> None:
    counts_of(s)[0] = counts_of(s)[1] = 0


@machine
def eject(f: Any, b: Any, s: Any, request: int) -> bool:
    """Take a meeting out and note it; refuse what is frozen, and more than a move may take."""
    number = counts_of(s)[0]
    if number == MOST or facts.request(f)[request].frozen:
        return False
    gone_of(s)[number, 0] = request
    gone_of(s)[number, 1] = book.held(b)[request]
    gone_of(s)[number, 2] = book.at(b)[request]
    counts_of(s)[0] = number + 1
    take(f, b, request)
    return True


@machine
def come(f: Any, b: Any, s: Any, o: int, t: int) -> None:
    """Put a meeting in and note it."""
    came_of(s)[counts_of(s)[1]] = facts.option(f)[o].request
    counts_of(s)[1] += 1
    put(f, b, o, t)


@machine
def undo(f: Any, b: Any, s: Any) -> None:
    """Take the whole move back."""
    for number in range(counts_of(s)[1] - 1, -1, -1):
        take(f, b, came_of(s)[number])
    for number in range(counts_of(s)[0] - 1, -1, -1):
        put(f, b, gone_of(s)[number, 1], gone_of(s)[number, 2])
    begin(s)


@machine
def make_room(f: Any, b: Any, s: Any, o: int, t: int) -> bool:
    """Take out what stands in the way of an option at a start, until it is legal; False if it cannot be."""
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        if not _clear_person(f, b, s, facts.people(f)[k], option.site, t, option.length):
            return False
    for slot in range(t, t + option.length):
        if not _clear_table(f, b, s, o, slot):
            return False
    for _ in range(MOST):
        if allows(f, b, o, t):
            return True
        if not _clear_something(f, b, s, o, t):
            return False
    return False


@machine
def _clear_person(f: Any, b: Any, s: Any, p: int, site: int, t: int, length: int) -> bool:
    if not facts.on(f)[ONE_PLACE]:
        return True
    person = facts.person(f)[p]
    for slot in range(t, t + length):
        elsewhere = bits.has(book.busy(b), p, slot) and book.where(b)[p, slot] != site
        while book.load(b)[p, slot] and (elsewhere or bits.has(book.full(b), p, slot)):
            seat = below(s, book.load(b)[p, slot])
            if not eject(f, b, s, book.who(b)[person.who_from + slot * person.seats + seat]):
                return False
    return True


@machine
def _clear_table(f: Any, b: Any, s: Any, o: int, slot: int) -> bool:
    site = facts.option(f)[o].site
    if not bits.has(book.site_full(b), site, slot):
        return True
    victim = victim_of(s)[0]
    if victim == NONE or not _stands_at(f, b, victim, site, slot):
        victim = choose_victim(f, b, s, site, slot)
    return victim != NONE and eject(f, b, s, victim)


@machine
def _stands_at(f: Any, b: Any, request: int, site: int, slot: int) -> bool:
    held = book.held(b)[request]
    if held == NONE or facts.option(f)[held].site != site:
        return False
    start = book.at(b)[request]
    return start <= slot < start + facts.option(f)[held].length


@machine
def choose_victim(f: Any, b: Any, s: Any, site: int, slot: int) -> int:
    """Give the lighter of two meetings of a site, by lot: of all, or of those at the first seats, the lightest."""
    row = facts.site(f)[site]
    load = book.site_load(b)[site, slot]
    if load == 0:
        return NONE
    if below(s, LIGHTEST) != 0:
        load = min(load, FIRST_SEATS)
    one = book.site_who(b)[row.who_from + slot * row.seats + below(s, load)]
    other = book.site_who(b)[row.who_from + slot * row.seats + below(s, load)]
    return one if facts.request(f)[one].weight <= facts.request(f)[other].weight else other


@machine
def _clear_something(f: Any, b: Any, s: Any, o: int, t: int) -> bool:
    """Take out one meeting of somebody who has a limit, an order, a longest run or a walk that would be broken."""
    option = facts.option(f)[o]
    day = facts.slot(f)[t].day
    for k in range(option.first, option.first + option.people):
        p = facts.people(f)[k]
        person = facts.person(f)[p]
        if book.count(b)[p] >= person.max_meetings:
            return _eject_near(f, b, s, p, 0, len(facts.slot(f)))
        if book.day_count(b)[p, day] >= person.max_per_day:
            return _eject_near(f, b, s, p, facts.day(f)[day].first, facts.day(f)[day].stop)
    request = facts.request(f)[option.request]
    for index in range(request.earlier_from, request.order_stop):
        other = facts.order(f)[index]
        if book.held(b)[other] != NONE and below(s, 2):
            return eject(f, b, s, other)
    for k in range(option.first, option.first + option.people):
        p = facts.people(f)[k]
        if facts.on(f)[LONGEST_RUN] and run_grows_too_long(f, b, p, t, t + option.length):
            most = facts.person(f)[p].max_consecutive
            first = max(facts.day(f)[day].first, t - most)
            return _eject_near(f, b, s, p, first, min(facts.day(f)[day].stop, t + option.length + most))
        if facts.on(f)[WALKING] and f[facts.LONGEST_WALK]:
            slot = _too_near(f, b, p, facts.site(f)[option.site].zone, t, t + option.length)
            if slot != NONE:
                return _eject_near(f, b, s, p, slot, slot + 1)
    return False


@machine
def _too_near(f: Any, b: Any, p: int, zone: int, first: int, stop: int) -> int:
    """Give a slot in which a person is too far away to meet in a zone between two slots; NONE if there is none."""
    if zone == NONE:
        return NONE
    slot = too_near_before(f, b, p, zone, first)
    return slot if slot != NONE else too_near_after(f, b, p, zone, stop)


@machine
def _eject_near(f: Any, b: Any, s: Any, p: int, first: int, stop: int) -> bool:
    """Take out a meeting of a person between two slots: the lighter of two by lot."""
    person = facts.person(f)[p]
    best = NONE
    for _ in range(6):
        slot = first + below(s, stop - first)
        if book.load(b)[p, slot] == 0:
            continue
        other = book.who(b)[person.who_from + slot * person.seats + below(s, book.load(b)[p, slot])]
        if best == NONE or facts.request(f)[other].weight < facts.request(f)[best].weight:
            best = other
    return best != NONE and eject(f, b, s, best)


@machine
def walks_remain(f: Any, b: Any, s: Any) -> bool:
    """Tell whether everybody whose meeting was taken out still has time to walk between the others."""
    if not f[facts.WALKS_OVER] or not facts.on(f)[WALKING]:
        return True
    for number in range(counts_of(s)[0]):
        option = facts.option(f)[gone_of(s)[number, 1]]
        day = facts.slot(f)[gone_of(s)[number, 2]].day
        for k in range(option.first, option.first + option.people):
            if not still_walks(f, b, facts.people(f)[k], day):
                return False
    return True
