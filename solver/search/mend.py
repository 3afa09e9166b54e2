"""Mending a schedule: whoever can stay stays, whoever lost the place is placed anew, in machine code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import bits, book, facts
from solver.book import KEPT, WEIGHT, put, take
from solver.facts import NONE
from solver.machine import machine
from solver.rules import NUMBER, allows
from solver.rules.walking import still_walks
from solver.search.greedy import fill, in_turn, place_freely
from solver.search.moves import new_walk
from solver.stays import ANY

if TYPE_CHECKING:
    from solver.book import Book
    from solver.compiled import Compiled
    from solver.facts import Array, Facts

FINER = 100  # units of a price for one of the score


def mended(compiled: Compiled, seed: int) -> tuple[Book, Array]:
    """Return a book that moves nobody who can stay, and by request whether it stays.

    What lost its place is placed anew before anything else, then what fits beside is added. A mandatory request
    that fits nowhere takes the place of others; only then somebody who could stay does not.
    """
    f = compiled.facts
    b = compiled.start_book()
    _let_stay(compiled, f, b)
    stays = (b.held != NONE) & (f.request["frozen"] == 0)
    turn = in_turn(f)
    walk = new_walk(turn, seed).refs
    before = f.request["kept_slot"][turn] != NONE
    must = f.request["must"][turn] != 0
    fill(f.refs, b.refs, walk, turn[must])
    _place_near(f.refs, b.refs, walk, turn[before])
    fill(f.refs, b.refs, walk, turn[~before])
    return b, stays


def _let_stay(compiled: Compiled, f: Facts, b: Book) -> None:
    """Put back what was, in time order; who only ran because a meeting between two others is gone gives one up."""
    rows = np.flatnonzero((f.request["kept_slot"] != NONE) & (f.request["frozen"] == 0))
    in_time = rows[np.argsort(f.request["kept_slot"][rows], kind="stable")].astype(np.int32)
    helper, table = compiled.as_before
    anything = np.full(len(f.request), ANY, np.int32)
    on = f.on.copy()
    on[NUMBER["walking"]] = 0
    hurried = replace(f, on=on)
    _stay(hurried.refs, b.refs, in_time, helper, table)
    _stay(hurried.refs, b.refs, in_time, anything, anything)
    if f.longest_walk and f.on[NUMBER["walking"]]:
        _stop_running(f.refs, b.refs)
        _stay(f.refs, b.refs, in_time, anything, anything)


@machine
def _stay(f: Any, b: Any, requests: Any, helper: Any, table: Any) -> None:
    """Hold these requests where and with whom they were, as far as legal, with these interpreters and tables."""
    for request in requests:
        if book.held(b)[request] != NONE:
            continue
        t = facts.request(f)[request].kept_slot
        for o in range(facts.request(f)[request].option_from, facts.request(f)[request].option_stop):
            option = facts.option(f)[o]
            if not option.stays or not bits.has(facts.starts(f), o, t):
                continue
            if helper[request] != ANY and option.interpreter != helper[request]:
                continue
            if table[request] != ANY and option.table != NONE and option.table != table[request]:
                continue
            if allows(f, b, o, t):
                put(f, b, o, t)
                break


@machine
def _stop_running(f: Any, b: Any) -> None:
    """Take meetings out until everybody has time to walk between those that are left."""
    some = True
    while some:
        some = False
        for p in range(len(facts.person(f))):
            for day in range(len(facts.day(f))):
                while not still_walks(f, b, p, day) and _take_one(f, b, p, day):
                    some = True


@machine
def _take_one(f: Any, b: Any, p: int, day: int) -> bool:
    """Take out the lightest meeting of a person's day, one without which there is time to walk if possible."""
    person = facts.person(f)[p]
    lightest, best = NONE, NONE
    for slot in range(facts.day(f)[day].first, facts.day(f)[day].stop):
        for seat in range(book.load(b)[p, slot] - 1, -1, -1):  # who is put back sits last
            request = book.who(b)[person.who_from + slot * person.seats + seat]
            if facts.request(f)[request].frozen:
                continue
            lightest = _lighter(f, lightest, request)
            o, t = book.held(b)[request], book.at(b)[request]
            take(f, b, request)
            if still_walks(f, b, p, day):
                best = _lighter(f, best, request)
            put(f, b, o, t)
    if lightest == NONE:
        return False
    take(f, b, lightest if best == NONE else best)
    return True


@machine
def _lighter(f: Any, one: int, other: int) -> int:
    if one == NONE or facts.request(f)[other].weight < facts.request(f)[one].weight:
        return other
    return one


@machine
def _place_near(f: Any, b: Any, s: Any, requests: Any) -> None:
    """Hold each of these requests that is not held: from the same slot as before if it can be, else anywhere."""
    for request in requests:
        if book.held(b)[request] == NONE and not _place_at(f, b, request, facts.request(f)[request].kept_slot):
            place_freely(f, b, s, request)


@machine
def _place_at(f: Any, b: Any, request: int, t: int) -> bool:
    for o in range(facts.request(f)[request].option_from, facts.request(f)[request].option_stop):
        if bits.has(facts.starts(f), o, t) and allows(f, b, o, t):
            put(f, b, o, t)
            return True
    return False


def priced(f: Facts, *, staying: float, holding: float) -> Facts:
    """Return facts whose score also pays for each meeting that stays, and for each that was held and is.

    Prices are in units of the score before, of which the new score counts ``FINER`` for one: prices may be small.
    """
    worth, request = f.worth * FINER, f.request.copy()
    before = (request["kept_slot"] != NONE) & (request["frozen"] == 0)
    request["weight"] *= worth[WEIGHT]
    request["weight"][before] += round(holding * FINER)
    worth[WEIGHT] = 1
    worth[KEPT] += round(staying * FINER)
    return replace(f, worth=worth, request=request)


def fixed(f: Facts, stays: Array) -> Facts:
    """Return facts in which no move can take away what stays."""
    request = f.request.copy()
    request["frozen"][stays] = 1
    return replace(f, request=request)
