"""All options of a problem, in machine code: each request by choice of attendees, site, table and interpreter.

The rules about people are asked first, then those about sites, then those about interpreters, so that a choice
of people who can never meet is not tried in every location. Each rule judges all starts at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from solver import bits, facts
from solver.facts import NONE, OPTION, WORD, Array
from solver.machine import machine
from solver.refs import refs_of, view
from solver.rules import NUMBER, Level, allows, narrow_help, narrow_people, narrow_site, narrow_whole

if TYPE_CHECKING:
    from solver.book import Book
    from solver.facts import Facts

PEOPLE, SITE, INTERPRETER = int(Level.PEOPLE), int(Level.SITE), int(Level.INTERPRETER)

EACH = 64  # options of a request for which there is room
ROOM = 1_000_000  # options for which there is room at first: memory that is not written to costs nothing


class Tables(NamedTuple):
    """The tables that have a name, by site, and the interpreters: see ``Found``."""

    first: Array
    number: Array
    consumed: Array
    helpers: Array


@dataclass(frozen=True)
class Found:
    """Where options are written down, as far as there is room, and what is needed to find them.

    Tables that have a name: those of a site from ``table_first[site]`` to ``table_first[site + 1]``; where one
    is ``consumed``, a longer meeting without a pin must be tried at this very table.
    """

    option: Array
    people: Array
    starts: Array
    count: Array  # [3]: options and people found, written down or not; helpers of the choice
    table_first: Array
    table_number: Array
    table_consumed: Array
    helpers: Array  # the interpreters
    choice: Array  # of each side, who attends
    helper: Array  # who can help the choice, NONE if nobody has to
    helped: Array  # [helper, word]: at which starts

    @cached_property
    def refs(self) -> Any:
        return refs_of(self)


_PLACE = {field.name: place for place, field in enumerate(fields(Found))}
_option = view(_PLACE["option"], OPTION)
_people = view(_PLACE["people"], np.int32)
_starts = view(_PLACE["starts"], np.uint64, 2)
_count = view(_PLACE["count"], np.int64)
_table_first = view(_PLACE["table_first"], np.int32)
_table_number = view(_PLACE["table_number"], np.int32)
_table_consumed = view(_PLACE["table_consumed"], np.uint8)
_helpers = view(_PLACE["helpers"], np.int32)
_choice = view(_PLACE["choice"], np.int64)
_helper = view(_PLACE["helper"], np.int32)
_helped = view(_PLACE["helped"], np.uint64, 2)


def enumerate_options(f: Facts, tables: Tables) -> Facts:
    """Return the facts with all options that are legal by themselves."""
    widest = int((f.request["side_stop"] - f.request["side_from"]).max(initial=0)) + 1
    scratch = replace(
        f,
        option=np.zeros(1, OPTION),
        people=np.zeros(widest, np.int32),
        starts=np.zeros((3, f.free.shape[1]), np.uint64),
    )
    options = min(EACH * len(f.request) + 1, max(ROOM, len(f.request)))
    people = 3 * options + widest
    while True:  # twice, where that is not enough
        found = _room(tables, options, people, widest, f.free.shape[1])
        request = f.request.copy()
        _enumerate(replace(scratch, request=request).refs, found.refs)
        if found.count[0] <= options and found.count[1] <= people:
            break
        options, people = (int(number) for number in found.count[:2])
    options, people = (int(number) for number in found.count[:2])
    return replace(
        f,
        request=request,
        option=found.option[:options].copy(),
        people=found.people[:people].copy(),
        starts=found.starts[:options].copy(),
    )


def _room(tables: Tables, options: int, people: int, widest: int, width: int) -> Found:
    return Found(
        np.zeros(options, OPTION),
        np.zeros(people, np.int32),
        np.zeros((options, width), np.uint64),
        np.zeros(3, np.int64),
        *tables,
        np.zeros(widest, np.int64),
        np.zeros(len(tables.helpers) + 1, np.int32),
        np.zeros((len(tables.helpers) + 1, width), np.uint64),
    )


@machine
def _enumerate(f: Any, e: Any) -> None:
    """``f`` has room for one option, which is written over and judged again and again."""
    for r in range(len(facts.request(f))):
        facts.request(f)[r].option_from = _count(e)[0]
        if not facts.request(f)[r].frozen:
            _choice(e)[:] = 0
            _add_choice(f, e, r)
            while _next_choice(f, e, r):
                _add_choice(f, e, r)
        facts.request(f)[r].option_stop = _count(e)[0]


@machine
def _next_choice(f: Any, e: Any, r: int) -> bool:
    first = facts.request(f)[r].side_from
    for side in range(facts.request(f)[r].side_stop - 1, first - 1, -1):
        _choice(e)[side - first] += 1
        if facts.sides(f)[side, 0] + _choice(e)[side - first] < facts.sides(f)[side, 1]:
            return True
        _choice(e)[side - first] = 0
    return False


@machine
def _add_choice(f: Any, e: Any, r: int) -> None:
    draft = facts.option(f)[0]
    first = facts.request(f)[r].side_from
    sides = facts.request(f)[r].side_stop - first
    for side in range(sides):
        at = facts.sides(f)[first + side, 0] + _choice(e)[side]
        if at >= facts.sides(f)[first + side, 1]:  # a side without anybody
            return
        facts.people(f)[side] = facts.side_people(f)[at]
    draft.request = r
    draft.length = facts.request(f)[r].length
    draft.first = 0
    draft.attendees = sides
    _send(f, NONE, NONE, NONE)
    _every_start(f, PEOPLE)
    if narrow_people(f, 0, PEOPLE) and _some(f, PEOPLE):
        _find_helpers(f, e)
        for site in range(len(facts.site(f))):
            _add_site(f, e, site)


@machine
def _send(f: Any, site: int, named: int, table: int) -> None:
    """Put the draft to a place, without an interpreter."""
    draft = facts.option(f)[0]
    draft.site = site
    draft.named = named
    draft.table = table
    draft.interpreter = NONE
    draft.people = draft.attendees


@machine
def _let_help(f: Any, interpreter: int) -> None:
    draft = facts.option(f)[0]
    draft.interpreter = interpreter
    draft.people = draft.attendees + 1
    facts.people(f)[draft.attendees] = interpreter


@machine
def _every_start(f: Any, row: int) -> None:
    """Write down all slots from which the draft ends before the event does."""
    facts.starts(f)[row, :] = 0
    for t in range(len(facts.slot(f)) - facts.option(f)[0].length + 1):
        bits.add(facts.starts(f), row, t)


@machine
def _copy(f: Any, row: int, to: int) -> None:
    for word in range(facts.starts(f).shape[1]):
        facts.starts(f)[to, word] = facts.starts(f)[row, word]


@machine
def _some(f: Any, row: int) -> bool:
    for word in range(facts.starts(f).shape[1]):
        if facts.starts(f)[row, word]:
            return True
    return False


@machine
def _find_helpers(f: Any, e: Any) -> None:
    """Note who could interpret, NONE where nobody has to, and at which starts."""
    found = 0
    for index in range(len(_helpers(e)) + 1):
        if index:
            _let_help(f, _helpers(e)[index - 1])
        _copy(f, PEOPLE, INTERPRETER)
        if narrow_help(f, 0, INTERPRETER) and _some(f, INTERPRETER):
            _helper(e)[found] = facts.option(f)[0].interpreter
            for word in range(_helped(e).shape[1]):
                _helped(e)[found, word] = facts.starts(f)[INTERPRETER, word]
            found += 1
    _count(e)[2] = found


@machine
def _add_site(f: Any, e: Any, site: int) -> None:
    pin = facts.request(f)[facts.option(f)[0].request].pin
    wanted = NONE
    if pin != NONE:
        wanted = facts.pin(f)[pin].table
    if wanted == NONE:
        _send(f, site, NONE, NONE)
        _add_helped(f, e)
    for index in range(_table_first(e)[site], _table_first(e)[site + 1]):
        number = _table_number(e)[index]
        longer = wanted == NONE and facts.option(f)[0].length > 1
        if wanted == number or (longer and _table_consumed(e)[index]):
            _send(f, site, index, number)
            _add_helped(f, e)


@machine
def _add_helped(f: Any, e: Any) -> None:
    """Write down the draft at its place, as it is where nobody needs an interpreter, else with each who could."""
    _copy(f, PEOPLE, SITE)
    if not narrow_site(f, 0, SITE):
        return
    for index in range(_count(e)[2]):
        for word in range(_helped(e).shape[1]):
            facts.starts(f)[INTERPRETER, word] = facts.starts(f)[SITE, word] & _helped(e)[index, word]
        if _helper(e)[index] != NONE:
            _let_help(f, _helper(e)[index])
        narrow_whole(f, 0, INTERPRETER)
        if _some(f, INTERPRETER):
            _write(f, e)


@machine
def _write(f: Any, e: Any) -> None:
    draft = facts.option(f)[0]
    options, people = _count(e)[0], _count(e)[1]
    _count(e)[0] = options + 1
    _count(e)[1] = people + draft.people
    if options >= len(_option(e)) or people + draft.people > len(_people(e)):
        return
    _option(e)[options] = draft
    _option(e)[options].first = people
    for k in range(draft.people):
        _people(e)[people + k] = facts.people(f)[k]
    for word in range(_starts(e).shape[1]):
        _starts(e)[options, word] = facts.starts(f)[INTERPRETER, word]


def tighten(f: Facts, b: Book) -> None:
    """Leave out the starts at which an option is not legal beside the meetings of ``b``, walks aside."""
    on = f.on.copy()
    on[NUMBER["walking"]] = 0
    judged = replace(f, on=on)
    _tighten(judged.refs, b.refs, _slots_met(f, b), _slots_used(f, b))


def _slots_met(f: Facts, b: Book) -> Array:
    """Give, by person, the slots in which and next to which they meet, and those in which they can have no more."""
    met = np.zeros_like(f.free)
    slots = len(f.slot)
    for person, slot in np.argwhere(b.load):
        for near in range(max(0, slot - 1), min(slot + 2, slots)):
            bits.add(met, person, near)
    full = (b.day_count >= f.person["max_per_day"][:, None]) | (b.count >= f.person["max_meetings"])[:, None]
    for person, day in np.argwhere(full):
        for slot in range(f.day[day]["first"], f.day[day]["stop"]):
            bits.add(met, person, slot)
    return met


def _slots_used(f: Facts, b: Book) -> Array:
    """Give, by site, the slots in which somebody meets there."""
    used = np.zeros_like(f.closed)
    for site, slot in np.argwhere(b.site_load):
        bits.add(used, site, slot)
    return used


@machine
def _tighten(f: Any, b: Any, met: Any, used: Any) -> None:
    for o in range(len(facts.option(f))):
        option = facts.option(f)[o]
        request = facts.request(f)[option.request]
        ordered = request.order_stop > request.earlier_from
        everywhere = ordered or option.named != NONE or option.length > 1
        for word in range(facts.starts(f).shape[1]):
            left = facts.starts(f)[o, word]
            if not everywhere:
                near = bits.touched(used, option.site, word, option.length)
                for k in range(option.first, option.first + option.people):
                    near |= bits.touched(met, facts.people(f)[k], word, option.length)
                left &= near
            while left:
                t = WORD * word + bits.lowest(left)
                left &= left - np.uint64(1)
                if not allows(f, b, o, t):
                    bits.drop(facts.starts(f), o, t)
