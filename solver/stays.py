"""Which options are where and with whom a request was before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver import facts
from solver.facts import NO_LIMIT, NONE
from solver.machine import machine

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.facts import Array, Facts


ANY = -2  # interpreter or table


def as_before(compiled: Compiled) -> tuple[Array, Array]:
    """Give by request the interpreter and the table that the schedule before had."""
    helper, table = np.full((2, len(compiled.request_ids)), NONE, np.int32)
    for request, row in compiled.previous.items():
        if row.interpreter is not None:
            helper[request] = compiled.interpreter_index[row.interpreter]
        if row.table is not None:
            table[request] = min(row.table, NO_LIMIT)
    return helper, table


def mark_stays(compiled: Compiled, f: Facts, fixed: int) -> None:
    """Mark the options as they were before; the last ``fixed`` ones are those of frozen meetings."""
    if not compiled.previous:
        return
    index = compiled.person_index
    who: list[int] = []
    table: list[tuple[int, int, bool, int, int]] = []
    for request, row in compiled.previous.items():
        site = NONE if row.location is None else compiled.site_of[row.location]
        first = len(who)
        who.extend(index[id_] for id_ in row.attendees or ())
        table.append((request, site, row.attendees is None, first, len(who)))
    _mark(f.refs, np.array(table, np.int64), np.array([*who, NONE], np.int32), len(f.option) - fixed)


@machine
def _mark(f: Any, rows: Any, who: Any, fixed: int) -> None:
    for row in range(len(rows)):
        number, site, anybody, first, stop = rows[row]
        request = facts.request(f)[number]
        options = range(request.option_from, request.option_stop)
        if request.frozen:
            options = range(fixed, len(facts.option(f)))
        for o in options:
            option = facts.option(f)[o]
            there = site == NONE or site == option.site
            if option.request == number and there:
                option.stays = anybody or _same_people(f, o, who, first, stop)


@machine
def _same_people(f: Any, o: int, who: Any, first: int, stop: int) -> bool:
    option = facts.option(f)[o]
    if option.attendees != stop - first:
        return False
    for k in range(option.attendees):
        if facts.people(f)[option.first + k] != who[first + k]:
            return False
    return True
