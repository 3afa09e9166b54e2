"""What follows from several rules together: it need not be said, but a search is slow to see it.

Each sentence is said only where all rules that it follows from are, and only in unary, which pays where breaks
are counted.
"""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from solver import unary

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.held import Held


PROMISE = ("at_most_once", "must", "one_place")


def say_what_follows(held: Held) -> None:
    if not held.unary:
        return
    if follows_from(held.compiled, *PROMISE):
        _everybody_is_busy_as_promised(held)
    if follows_from(held.compiled, "one_place", "capacity") and _all_meet_in_pairs(held.compiled):
        for slot in range(held.compiled.time.count):
            _an_even_number_is_busy(held, slot)


def follows_from(compiled: Compiled, *names: str) -> bool:
    """Tell whether all the rules of these names are said, so that what follows from them holds."""
    return {rule.name for rule in compiled.rules}.issuperset(names)


def promised_too_often(compiled: Compiled) -> list[int]:
    """Give the requests that must be held and need one person in more slots than they could be busy in, if any do."""
    if not follows_from(compiled, *PROMISE):
        return []
    open_slots = [0] * len(compiled.people)
    for option in chain.from_iterable(compiled.options):
        for person in option.people:
            for later in range(option.length):
                open_slots[person] |= option.starts << later
    for person, slots in enumerate(_promised(compiled)):
        if slots > open_slots[person].bit_count() and compiled.people[person].parallel == 1:
            return [request for request, people in enumerate(_certain(compiled)) if person in people]
    return []


def _certain(compiled: Compiled) -> list[set[int]]:
    """Give for each request that must be held the people who attend it whatever else is chosen."""
    return [
        set.intersection(*(set(option.people) for option in options)) if wanted.must and options else set()
        for wanted, options in zip(compiled.requests, compiled.options, strict=True)
    ]


def _promised(compiled: Compiled) -> list[int]:
    """Count for each person the slots of the meetings that must be held and that only they can attend."""
    slots = [0] * len(compiled.people)
    for wanted, people in zip(compiled.requests, _certain(compiled), strict=True):
        for person in people:
            slots[person] += wanted.length
    return slots


def _windows(compiled: Compiled) -> list[list[tuple[int, int, int]]]:
    """Give for each person the first and last slot, and the length, of every meeting that they could attend."""
    windows: list[list[tuple[int, int, int]]] = [[] for _ in compiled.people]
    for wanted, options in zip(compiled.requests, compiled.options, strict=True):
        starts = 0
        for option in options:
            starts |= option.starts
        for person in {person for option in options for person in option.people}:
            first = (starts & -starts).bit_length() - 1
            windows[person].append((first, starts.bit_length() + wanted.length - 2, wanted.length))
    return windows


def _everybody_is_busy_as_promised(held: Held) -> None:
    """Count by each slot how often a person was busy: never more than could have begun, all that is promised at last.

    Counting in the order of time lets a search see how much of a person's day is done, which decides on breaks.
    """
    compiled = held.compiled
    for person, (promised, windows) in enumerate(zip(_promised(compiled), _windows(compiled), strict=True)):
        possible = sum(length for _, _, length in windows)
        if not promised or compiled.people[person].parallel > 1:
            continue
        slots = [slot for slot in range(compiled.time.count) if _may_be_busy(held, person, slot)]
        counts = unary.count_in_turn(held.model, [held.busy(person, slot) for slot in slots], possible)
        for slot, levels in zip(slots, counts, strict=True):
            begun = sum(length for first, _, length in windows if first <= slot)
            over = sum(length for _, last, length in windows if last <= slot)
            unary.at_most(held.model, levels, begun)
            unary.at_least(held.model, levels, over - (possible - promised))
        if counts:
            unary.at_least(held.model, counts[-1], promised)


def _may_be_busy(held: Held, person: int, slot: int) -> bool:
    return (person, slot) in held.of_person_slot and not held.fixed.busy[person] >> slot & 1


def _all_meet_in_pairs(compiled: Compiled) -> bool:
    """Tell whether each meeting makes two people busy who can have no other one beside it."""
    options = chain.from_iterable(compiled.options)
    pairs = all(len(option.people) == 2 for option in options)
    return pairs and not compiled.fixed and all(person.parallel == 1 for person in compiled.people)


def _an_even_number_is_busy(held: Held, slot: int) -> None:
    people = range(len(held.compiled.people))
    busy = [held.busy(person, slot) for person in people if (person, slot) in held.of_person_slot]
    seats = 2 * sum(site.capacity for site in held.compiled.sites)
    if unary.clauses_of_count(len(busy), seats + 1) > unary.LARGEST:
        return
    levels = unary.count(held.model, busy, seats + 1)
    unary.at_most(held.model, levels, seats)
    for odd, even in zip_longest(levels[:seats:2], levels[1:seats:2]):
        if even is None:
            held.model.add_bool_and(odd.negated())
        else:
            held.model.add_implication(odd, even)
