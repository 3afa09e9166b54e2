"""A compiled problem as arrays. Machine code reads nothing else.

Sets of slots are rows of 64-bit words; ids are indices; what is missing is ``NONE``. Interpreters stand behind
the participants and are people too (``helps``). Machine code is given one record of addresses (``refs``) and not
forty arrays, which would take a compiler half a minute to hand on; ``facts.free(f)`` is the array again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from solver.refs import PARTS, refs_of, view

NONE = -1
NOT_ENGAGED = -2
NO_LIMIT = 1 << 30
WORD = 64
Array = np.ndarray[Any, Any]

SLOT = np.dtype(
    [
        ("day", "i4"),
        ("within_day", "i4"),
        ("begins", "i4"),
        ("ends", "i4"),
        ("link", "i4"),
    ],  # link: the next is a neighbour
    align=True,
)
DAY = np.dtype([("first", "i4"), ("stop", "i4")], align=True)
PERSON = np.dtype(
    [
        ("max_meetings", "i4"),
        ("max_per_day", "i4"),
        ("max_consecutive", "i4"),
        ("parallel", "i4"),
        ("target", "i4"),
        ("site", "i4"),  # tied to it
        ("bonus_from", "i4"),  # in ``bonus_sums``: what 0, 1, 2 … meetings earn
        ("bonus_count", "i4"),
        ("helps", "i4"),
        ("engaged", "i4"),
        ("seats", "i4"),  # meetings at once that the book has room for
        ("who_from", "i8"),
    ],
    align=True,
)
SITE = np.dtype(
    [
        ("capacity", "i4"),
        ("unnamed", "i4"),  # tables without a name of their own
        ("zone", "i4"),
        ("owned", "i4"),
        ("owner_from", "i4"),
        ("owner_stop", "i4"),
        ("seats", "i4"),
        ("who_from", "i8"),
    ],
    align=True,
)
REQUEST = np.dtype(
    [
        ("weight", "i8"),
        ("must", "i4"),
        ("frozen", "i4"),
        ("length", "i4"),
        ("asked", "i4"),  # row of ``asked``
        ("suits", "i4"),  # row of ``suits``
        ("pin", "i4"),
        ("kept_slot", "i4"),
        ("option_from", "i4"),
        ("option_stop", "i4"),
        ("side_from", "i4"),  # in ``sides``
        ("side_stop", "i4"),
        ("earlier_from", "i4"),  # in ``order``
        ("later_from", "i4"),
        ("order_stop", "i4"),
        ("seat_from", "i8"),
    ],
    align=True,
)
PIN = np.dtype(
    [("slot", "i4"), ("site", "i4"), ("table", "i4"), ("interpreter", "i4"), ("people_from", "i4")], align=True
)
OPTION = np.dtype(
    [
        ("request", "i4"),
        ("site", "i4"),
        ("table", "i4"),
        ("named", "i4"),  # the row of a table that has a name
        ("interpreter", "i4"),
        ("length", "i4"),
        ("first", "i4"),  # in ``people``
        ("attendees", "i4"),
        ("people", "i4"),  # with the interpreter
        ("stays", "i4"),  # where and with whom it was before
    ],
    align=True,
)


@dataclass(frozen=True)
class Facts:
    """What never changes while searching."""

    on: Array  # [rule]: whether it is kept; tests leave rules out
    worth: Array  # by term, in the order of ``Coefficients``; then a mandatory request, and a break too many
    slot: Array
    day: Array
    person: Array
    site: Array
    request: Array
    pin: Array
    option: Array
    sides: Array  # [side, 2]: first and stop in ``side_people``
    side_people: Array
    people: Array  # attendees of options, each followed by the interpreter
    starts: Array  # [option, word]
    free: Array  # [person, word]: available, not engaged
    engaged: Array  # [person, slot]: the zone of an engagement, NONE without zone, NOT_ENGAGED
    speaks: Array  # [person, word]: languages; all where none is named
    closed: Array  # [site, word]
    owners: Array
    suits: Array  # [kind of request, site]: 1 where listed and with all features
    asked: Array  # [kind, word]: start slots
    order: Array  # requests that must end before, then those that must start after
    minutes: Array  # [zone, zone] to walk
    bonus_sums: Array
    max_breaks: int  # NO_LIMIT without
    named_count: int
    longest_walk: int  # minutes; 0 where nobody has to walk
    walks_over: int  # 1 where two slots may be too near for a walk although another lies between them

    @cached_property
    def refs(self) -> Any:
        """Give the addresses, lengths and numbers that machine code needs."""
        return refs_of(self)


_PLACE = {field.name: place for place, field in enumerate(fields(Facts))}
on = view(_PLACE["on"], np.uint8)
worth = view(_PLACE["worth"], np.int64)
slot = view(_PLACE["slot"], SLOT)
day = view(_PLACE["day"], DAY)
person = view(_PLACE["person"], PERSON)
site = view(_PLACE["site"], SITE)
request = view(_PLACE["request"], REQUEST)
pin = view(_PLACE["pin"], PIN)
option = view(_PLACE["option"], OPTION)
sides = view(_PLACE["sides"], np.int32, 2)
side_people = view(_PLACE["side_people"], np.int32)
people = view(_PLACE["people"], np.int32)
starts = view(_PLACE["starts"], np.uint64, 2)
free = view(_PLACE["free"], np.uint64, 2)
engaged = view(_PLACE["engaged"], np.int16, 2)
speaks = view(_PLACE["speaks"], np.uint64, 2)
closed = view(_PLACE["closed"], np.uint64, 2)
owners = view(_PLACE["owners"], np.int32)
suits = view(_PLACE["suits"], np.uint8, 2)
asked = view(_PLACE["asked"], np.uint64, 2)
order = view(_PLACE["order"], np.int32)
minutes = view(_PLACE["minutes"], np.int32, 2)
bonus_sums = view(_PLACE["bonus_sums"], np.int64)
MAX_BREAKS, NAMED_COUNT, LONGEST_WALK, WALKS_OVER = (
    PARTS * _PLACE[name] for name in ("max_breaks", "named_count", "longest_walk", "walks_over")
)  # where these numbers stand in the list itself


def words(slots: int) -> int:
    return (slots + WORD - 1) // WORD


def mask_row(mask: int, count: int) -> Array:
    """Give a mask as a row of ``count`` words."""
    return np.array([mask >> (WORD * word) & (1 << WORD) - 1 for word in range(count)], dtype=np.uint64)


def mask_of_row(row: Array) -> int:
    return sum(int(word) << (WORD * index) for index, word in enumerate(row))
