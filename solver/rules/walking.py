"""Whoever changes zone between two meetings or engagements that follow each other has time to walk.

Two of them follow each other when nothing of that person stands between. So a pair too near for the walk is
forbidden unless another meeting lies between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver import bits, book, facts
from solver.book import zone_at
from solver.facts import NONE, NOT_ENGAGED
from solver.machine import machine
from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.held import Held


@machine
def engagements_are_near(f: Any, o: int, t: int) -> bool:
    """Judge the walk to engagements with no slot between in which the person could meet somebody."""
    option = facts.option(f)[o]
    zone = facts.site(f)[option.site].zone
    if zone == NONE or f[facts.LONGEST_WALK] == 0:
        return True
    for k in range(option.first, option.first + option.people):
        p = facts.people(f)[k]
        if facts.person(f)[p].engaged and not _engagements_reached(f, p, zone, t, t + option.length):
            return False
    return True


@machine
def keep_near(f: Any, o: int, row: int) -> None:
    if not _somebody_is_engaged(f, o):
        return
    for t in range(len(facts.slot(f)) - facts.option(f)[o].length + 1):
        if bits.has(facts.starts(f), row, t) and not engagements_are_near(f, o, t):
            bits.drop(facts.starts(f), row, t)


@machine
def _somebody_is_engaged(f: Any, o: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        if facts.person(f)[facts.people(f)[k]].engaged:
            return True
    return False


@machine
def _engagements_reached(f: Any, p: int, zone: int, first: int, stop: int) -> bool:
    day = facts.day(f)[facts.slot(f)[first].day]
    for slot in range(first - 1, day.first - 1, -1):
        if facts.engaged(f)[p, slot] != NOT_ENGAGED:
            if too_far(f, slot, first, facts.engaged(f)[p, slot], zone):
                return False
            break
        if bits.has(facts.free(f), p, slot):
            break
    for slot in range(stop, day.stop):
        if facts.engaged(f)[p, slot] != NOT_ENGAGED:
            return not too_far(f, stop - 1, slot, zone, facts.engaged(f)[p, slot])
        if bits.has(facts.free(f), p, slot):
            break
    return True


@machine
def too_far(f: Any, earlier: int, later: int, left: int, right: int) -> bool:
    """Tell whether the time between two slots of a day is too short for the walk between two zones."""
    if left == NONE or right == NONE:
        return False
    return facts.slot(f)[later].begins - facts.slot(f)[earlier].ends < facts.minutes(f)[left, right]


@machine
def everybody_has_time_to_walk(f: Any, b: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    zone = facts.site(f)[option.site].zone
    if zone == NONE or f[facts.LONGEST_WALK] == 0:
        return True
    for k in range(option.first, option.first + option.people):
        if not _has_time(f, b, facts.people(f)[k], zone, t, t + option.length):
            return False
    return True


@machine
def _has_time(f: Any, b: Any, p: int, zone: int, first: int, stop: int) -> bool:
    return too_near_before(f, b, p, zone, first) == NONE and too_near_after(f, b, p, zone, stop) == NONE


@machine
def too_near_before(f: Any, b: Any, p: int, zone: int, first: int) -> int:
    """Give the slot in which a person is somewhere too far to be in a zone from slot ``first``; NONE if in none."""
    for slot in range(first - 1, facts.day(f)[facts.slot(f)[first].day].first - 1, -1):
        if facts.slot(f)[first].begins - facts.slot(f)[slot].ends >= f[facts.LONGEST_WALK]:
            break
        if is_somewhere(f, b, p, slot):
            return slot if too_far(f, slot, first, zone_at(f, b, p, slot), zone) else NONE
    return NONE


@machine
def too_near_after(f: Any, b: Any, p: int, zone: int, stop: int) -> int:
    """Give the slot in which a person is somewhere too far to be in a zone up to slot ``stop``; NONE if in none."""
    for slot in range(stop, facts.day(f)[facts.slot(f)[stop - 1].day].stop):
        if facts.slot(f)[slot].begins - facts.slot(f)[stop - 1].ends >= f[facts.LONGEST_WALK]:
            break
        if is_somewhere(f, b, p, slot):
            return slot if too_far(f, stop - 1, slot, zone, zone_at(f, b, p, slot)) else NONE
    return NONE


@machine
def is_somewhere(f: Any, b: Any, p: int, slot: int) -> bool:
    return bits.has(book.busy(b), p, slot) or facts.engaged(f)[p, slot] != NOT_ENGAGED


@machine
def still_walks(f: Any, b: Any, p: int, day: int) -> bool:
    """Tell whether a person still has time to walk, after a meeting between two others was taken out."""
    last = NONE
    for slot in range(facts.day(f)[day].first, facts.day(f)[day].stop):
        if not is_somewhere(f, b, p, slot):
            continue
        near = last != NONE and too_far(f, last, slot, zone_at(f, b, p, last), zone_at(f, b, p, slot))
        if near and not (is_settled(f, b, p, last) and is_settled(f, b, p, slot)):
            return False
        last = slot
    return True


@machine
def is_settled(f: Any, b: Any, p: int, slot: int) -> bool:
    """Tell whether what a person does in a slot is an engagement or frozen: then it is not judged."""
    if not bits.has(book.busy(b), p, slot):
        return True
    first = facts.person(f)[p].who_from + slot * facts.person(f)[p].seats
    for seat in range(book.load(b)[p, slot]):
        if not facts.request(f)[book.who(b)[first + seat]].frozen:
            return False
    return True


def nobody_runs(held: Held) -> None:
    for person in range(len(held.compiled.people)):
        for earlier, later in held.compiled.walks.pairs:
            _time_to_walk(held, person, earlier, later)


def _time_to_walk(held: Held, person: int, earlier: int, later: int) -> None:
    engaged = held.compiled.people[person].engaged
    between = range(earlier + 1, later)
    if any(slot in engaged or held.fixed.busy[person] >> slot & 1 for slot in between):
        return
    excuses = [held.busy(person, slot) for slot in between if (person, slot) in held.of_person_slot]
    for left, left_zone in held.zones(person, earlier):
        for right, right_zone in held.zones(person, later):
            there: list[Any] = [literal.negated() for literal in (left, right) if literal is not None]
            if there and held.compiled.walks.too_far(earlier, later, (left_zone, right_zone)):
                held.model.add_bool_or(there + excuses)


RULE = Rule(
    "walking",
    "walking",
    level=Level.SITE,
    on_interpreters=True,
    admits=engagements_are_near,
    narrow=keep_near,
    allows=everybody_has_time_to_walk,
    constrain=nobody_runs,
)
