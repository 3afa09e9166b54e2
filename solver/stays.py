"""Which options are where and with whom a request was before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver import facts
from solver.facts import NONE
from solver.machine import machine

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.facts import Facts


def mark_stays(compiled: Compiled, f: Facts, fixed: int) -> None:
    """Mark the options as they were before; the last ``fixed`` ones are those of frozen meetings."""
    rows = compiled.previous.values()
    if not rows:
        return
    index = compiled.person_index
    who = [[index[id_] for id_ in row.attendees or ()] for row in rows]
    first = np.cumsum([0, *(len(people) for people in who)], dtype=np.int64)
    _mark(
        f.refs,
        np.array(list(compiled.previous), np.int32),
        np.array([NONE if row.location is None else compiled.site_of[row.location] for row in rows], np.int32),
        np.array([row.attendees is None for row in rows], np.uint8),
        first,
        np.array([person for people in who for person in people] or [0], np.int32),
        len(f.option) - fixed,
    )


@machine
def _mark(f: Any, requests: Any, sites: Any, anybody: Any, first: Any, who: Any, fixed: int) -> None:
    for row in range(len(requests)):
        request = facts.request(f)[requests[row]]
        begin, stop = request.option_from, request.option_stop
        if request.frozen:
            begin, stop = fixed, len(facts.option(f))
        for o in range(begin, stop):
            option = facts.option(f)[o]
            if option.request == requests[row] and (sites[row] == NONE or sites[row] == option.site):
                option.stays = anybody[row] or _same_people(f, o, who, first[row], first[row + 1])


@machine
def _same_people(f: Any, o: int, who: Any, first: int, stop: int) -> bool:
    option = facts.option(f)[o]
    if option.attendees != stop - first:
        return False
    for k in range(option.attendees):
        if facts.people(f)[option.first + k] != who[first + k]:
            return False
    return True
