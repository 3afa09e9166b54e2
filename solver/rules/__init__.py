"""The hard rules, one file each; ``RULES`` is their table of contents.

To add a rule: a file with a ``RULE``, a line in ``RULES`` and one in each chain that it has a face for, its twin
in ``solver.check``, a day in ``tests/solver/tempting.py`` on which forgetting it would pay, and a line in
``test_forgotten_rules.py``. The chains are written out because machine code cannot walk a table of functions.
"""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.facts import NONE
from solver.machine import machine
from solver.rules import (
    at_most_once,
    available,
    capacity,
    closed,
    languages,
    limits,
    longest_run,
    max_breaks,
    must,
    neighbours,
    one_place,
    order,
    owners,
    pinned,
    representatives,
    start_slots,
    suitable,
    tied,
    walking,
)
from solver.rules.base import Level, Rule

__all__ = [
    "NUMBER",
    "RULES",
    "Level",
    "Rule",
    "admits_people",
    "allows",
    "narrow_help",
    "narrow_people",
    "narrow_site",
    "narrow_whole",
]

RULES: tuple[Rule, ...] = (
    at_most_once.RULE,
    must.RULE,
    representatives.RULE,
    pinned.RULE,
    start_slots.RULE,
    neighbours.RULE,
    available.RULE,
    limits.RULE,
    one_place.RULE,
    longest_run.RULE,
    order.RULE,
    tied.RULE,
    owners.RULE,
    suitable.RULE,
    closed.RULE,
    capacity.RULE,
    walking.RULE,
    languages.RULE,
    max_breaks.RULE,
)
NUMBER = {rule.name: number for number, rule in enumerate(RULES)}

REPRESENTATIVES = NUMBER["representatives"]
PINNED = NUMBER["pinned"]
START_SLOTS = NUMBER["start_slots"]
NEIGHBOURS = NUMBER["neighbours"]
AVAILABLE = NUMBER["available"]
LIMITS = NUMBER["limits"]
ONE_PLACE = NUMBER["one_place"]
LONGEST_RUN = NUMBER["longest_run"]
ORDER = NUMBER["order"]
TIED = NUMBER["tied"]
OWNERS = NUMBER["owners"]
SUITABLE = NUMBER["suitable"]
CLOSED = NUMBER["closed"]
CAPACITY = NUMBER["capacity"]
WALKING = NUMBER["walking"]
LANGUAGES = NUMBER["languages"]
ANY_START = 0  # for rules that do not look at it


@machine
def admits_people(f: Any, o: int, t: int) -> bool:
    """Tell whether the people of an option (attendees, or with its interpreter) may meet from a start at all."""
    if facts.option(f)[o].interpreter == NONE:
        if facts.on(f)[REPRESENTATIVES] and not representatives.one_side_each(f, o, t):
            return False
        if facts.on(f)[START_SLOTS] and not start_slots.starts_where_asked(f, o, t):
            return False
        if facts.on(f)[NEIGHBOURS] and not neighbours.takes_neighbours(f, o, t):
            return False
    if facts.on(f)[AVAILABLE] and not available.everybody_is_available(f, o, t):
        return False
    if facts.on(f)[LIMITS] and not limits.limits_allow_one(f, o, t):
        return False
    return not facts.on(f)[LONGEST_RUN] or longest_run.fits_the_longest_run(f, o, t)


@machine
def narrow_people(f: Any, o: int, row: int) -> bool:
    """Leave of a row of starts those that ``admits_people`` says yes to; tell whether there may be any."""
    if facts.option(f)[o].interpreter == NONE:
        if facts.on(f)[REPRESENTATIVES] and not representatives.one_side_each(f, o, ANY_START):
            return False
        if facts.on(f)[START_SLOTS]:
            start_slots.keep_asked(f, o, row)
        if facts.on(f)[NEIGHBOURS]:
            neighbours.keep_neighbours(f, o, row)
    if facts.on(f)[LIMITS] and not limits.limits_allow_one(f, o, ANY_START):
        return False
    if facts.on(f)[LONGEST_RUN] and not longest_run.fits_the_longest_run(f, o, ANY_START):
        return False
    if facts.on(f)[AVAILABLE]:
        available.keep_available(f, o, row)
    return True


@machine
def narrow_site(f: Any, o: int, row: int) -> bool:
    """Leave of a row of starts those at which the site and the table suit, whoever interprets, as above."""
    if facts.on(f)[SUITABLE] and not suitable.as_asked(f, o, ANY_START):
        return False
    if facts.on(f)[TIED] and not tied.at_their_own_location(f, o, ANY_START):
        return False
    if facts.on(f)[OWNERS] and not owners.an_owner_attends(f, o, ANY_START):
        return False
    if facts.on(f)[CAPACITY] and not capacity.has_the_table(f, o, ANY_START):
        return False
    if facts.on(f)[CLOSED]:
        closed.keep_open(f, o, row)
    if facts.on(f)[WALKING]:
        walking.keep_near(f, o, row)
    return True


@machine
def narrow_help(f: Any, o: int, row: int) -> bool:
    """Leave of a row of starts those at which the interpreter can help, or nobody has to, wherever it is."""
    if facts.on(f)[LANGUAGES] and not languages.everybody_understands(f, o, ANY_START):
        return False
    return facts.option(f)[o].interpreter == NONE or narrow_people(f, o, row)


@machine
def narrow_whole(f: Any, o: int, row: int) -> None:
    """Leave of a row of starts those that suit an option of which all the rest suits by itself."""
    if facts.on(f)[PINNED]:
        pinned.keep_pinned(f, o, row)
    if facts.on(f)[WALKING] and facts.option(f)[o].interpreter != NONE:
        walking.keep_near(f, o, row)


@machine
def allows(f: Any, b: Any, o: int, t: int) -> bool:
    """Tell whether an option that is legal by itself is so beside the meetings of a book."""
    if facts.on(f)[ONE_PLACE] and not one_place.nobody_is_elsewhere(f, b, o, t):
        return False
    if facts.on(f)[CAPACITY] and not capacity.a_table_is_free(f, b, o, t):
        return False
    if facts.on(f)[LIMITS] and not limits.nobody_is_full(f, b, o, t):
        return False
    if facts.on(f)[LONGEST_RUN] and not longest_run.no_run_grows_too_long(f, b, o, t):
        return False
    if facts.on(f)[ORDER] and not order.keeps_the_order(f, b, o, t):
        return False
    return not facts.on(f)[WALKING] or walking.everybody_has_time_to_walk(f, b, o, t)
