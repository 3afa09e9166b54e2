"""The columns of the linear relaxation, written in machine code: what each meeting takes of which row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from solver import facts
from solver.bits import has
from solver.book import MUST, meeting_worth
from solver.facts import NONE, Array
from solver.machine import machine
from solver.refs import refs_of, view

DAILY, IN_ALL, COUNTED, RESTS, WANDERS = 1, 2, 4, 8, 16  # which rows a person has beside ``room``


class Rows(NamedTuple):
    """Where each kind of row begins; those of requests come first."""

    room: int  # by person and group
    tables: int  # by set of sites and group; the last set is all sites
    helpers: int  # by set of interpreters and group
    daily: int  # by person and day
    in_all: int  # by person
    met: int  # by person
    rests: int  # by person and run
    changes: int  # by person and day
    stop: int


@dataclass(frozen=True)
class Layout:
    """All that the columns are written from, and where they are written if there is room."""

    option: Array
    start: Array
    bundle: Array
    bundle_of: Array  # [option]
    sites: Array  # [bundle]: a set, numbered; NONE where ``all sites`` says as much
    helpers: Array  # [bundle]: a set, NONE where nobody must help
    group_of: Array
    run_of: Array
    has: Array  # [person]: DAILY and so on
    rows: Array
    counts: Array  # [3]: groups, runs, entries
    gain: Array
    entry: Array
    row: Array
    amount: Array

    @cached_property
    def refs(self) -> Any:
        return refs_of(self)


_PLACE = {field.name: place for place, field in enumerate(fields(Layout))}
_option = view(_PLACE["option"], np.int32)
_start = view(_PLACE["start"], np.int32)
_bundle = view(_PLACE["bundle"], np.int32)
_bundle_of = view(_PLACE["bundle_of"], np.int32)
_sites = view(_PLACE["sites"], np.int32)
_helpers = view(_PLACE["helpers"], np.int32)
_group_of = view(_PLACE["group_of"], np.int32)
_run_of = view(_PLACE["run_of"], np.int32)
_has = view(_PLACE["has"], np.uint8)
_rows = view(_PLACE["rows"], np.int64)
_counts = view(_PLACE["counts"], np.int64)
_gain = view(_PLACE["gain"], np.float64)
_entry = view(_PLACE["entry"], np.int64)
_row = view(_PLACE["row"], np.int32)
_amount = view(_PLACE["amount"], np.int8)


@machine
def bundles(f: Any, bundle: Any) -> Any:
    """Number the bundles: options of one request with the same attendees, which stand together."""
    number = -1
    for o in range(len(facts.option(f))):
        same = o > 0 and facts.option(f)[o].request == facts.option(f)[o - 1].request
        if same:
            one, other = facts.option(f)[o], facts.option(f)[o - 1]
            for k in range(one.attendees):
                same &= facts.people(f)[one.first + k] == facts.people(f)[other.first + k]
        number += not same
        bundle[o] = number
    return bundle


@machine
def visits(f: Any) -> Any:
    """Give who could be where: a row for each attendee of each option."""
    visits = np.zeros((len(facts.people(f)), 2), np.int32)
    at = 0
    for o in range(len(facts.option(f))):
        option = facts.option(f)[o]
        for k in range(option.first, option.first + option.attendees):
            visits[at, 0] = facts.people(f)[k]
            visits[at, 1] = option.site
            at += 1
    return visits[:at]


@machine
def columns(union: Any, group_of: Any, bundle: Any, start: Any) -> int:
    """Count the columns, and write them where there is room: each bundle in each group in which it could start."""
    count = 0
    for number in range(len(union)):
        last = NONE
        for t in range(len(group_of)):
            if group_of[t] != last and has(union, number, t):
                last = group_of[t]
                if count < len(bundle):
                    bundle[count] = number
                    start[count] = t
                count += 1
    return count


@machine
def write_entries(f: Any, e: Any, fine: bool) -> None:
    for column in range(len(_start(e))):
        option = facts.option(f)[_option(e)[column]]
        t = _start(e)[column]
        _gain(e)[column] = _best_gain(f, e, _option(e)[column], t)
        _note(e, option.request, 1)
        for k in range(option.first, option.first + option.attendees):
            _note_person(f, e, facts.people(f)[k], t, option.length, fine)
        bundle = _bundle(e)[column]
        _note_places(e, _rows(e)[1], _sites(e)[bundle], _rows(e)[2], t, option.length, fine)
        if option.interpreter != NONE:
            _note_places(e, _rows(e)[2], _helpers(e)[bundle], _rows(e)[3], t, option.length, fine)
        _entry(e)[column + 1] = _counts(e)[2]


@machine
def _best_gain(f: Any, e: Any, first: int, t: int) -> float:
    """Give the most that any option of a bundle earns from any start of the group of ``t``."""
    row = facts.request(f)[facts.option(f)[first].request]
    best = -np.inf
    o = first
    while o < row.option_stop and _bundle_of(e)[o] == _bundle_of(e)[first]:
        for start in range(t, len(_group_of(e))):
            if _group_of(e)[start] != _group_of(e)[t]:
                break
            if has(facts.starts(f), o, start):
                best = max(best, float(meeting_worth(f, o, start)))
        o += 1
    return best - (facts.worth(f)[MUST] if row.must else 0)


@machine
def _note(e: Any, row: int, amount: int) -> None:
    at = _counts(e)[2]
    if at < len(_row(e)):
        _row(e)[at] = row
        _amount(e)[at] = amount
    _counts(e)[2] = at + 1


@machine
def _note_person(f: Any, e: Any, p: int, t: int, length: int, fine: bool) -> None:
    day, days = facts.slot(f)[t].day, len(facts.day(f))
    kinds, rows = _has(e)[p], _rows(e)
    _note_slots(e, rows[0] + p * _counts(e)[0], t, length, fine)
    if kinds & DAILY:
        _note(e, rows[3] + p * days + day, 1)
    if kinds & IN_ALL:
        _note(e, rows[4] + p, 1)
    if kinds & COUNTED:
        _note(e, rows[5] + p, -1)
    if kinds & RESTS:
        _note(e, rows[6] + p * _counts(e)[1] + _run_of(e)[t], length)
    if kinds & WANDERS:
        _note(e, rows[7] + p * days + day, 1)


@machine
def _note_slots(e: Any, row: int, t: int, length: int, fine: bool) -> None:
    if fine:
        for slot in range(t, t + length):
            _note(e, row + slot, 1)
    else:
        _note(e, row + _group_of(e)[t], length)


@machine
def _note_places(e: Any, row: int, own: int, stop: int, t: int, length: int, fine: bool) -> None:
    """Take from the own set, if there is one, and from everything, which is the last set."""
    if own != NONE:
        _note_slots(e, row + own * _counts(e)[0], t, length, fine)
    _note_slots(e, stop - _counts(e)[0], t, length, fine)
