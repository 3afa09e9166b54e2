"""Single changes of a problem after which a request would fit beside a schedule, with nobody giving way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import bits, book, facts
from solver.drafts import next_choice, set_choice
from solver.facts import NO_LIMIT, NONE, NOT_ENGAGED, Array
from solver.faults import run_around
from solver.machine import machine
from solver.places import bring_helper, free_table
from solver.refs import refs_of, view
from solver.rules import languages, neighbours, order, owners, representatives, start_slots, suitable, tied, walking

if TYPE_CHECKING:
    from solver.scene import Scene

FREE_PERSON, OPEN_SITE, TABLE, LIMIT, REPRESENTATIVE, HELPER = range(6)
TOTAL, PER_DAY, IN_A_ROW = range(3)  # limits
COUNT, KIND, WHO, WHAT = range(4)  # of the changes that a draft needs: how many, and the first
KINDS = 6
FEW = 3  # changes of a kind that are worth naming
OPENING = np.dtype(
    [
        ("kind", "i4"),
        ("who", "i4"),  # a person or a site
        ("what", "i4"),  # a slot, a limit, a side
        ("start", "i4"),
        ("site", "i4"),
        ("helper", "i4"),
        ("table", "i4"),  # 0: none is free in all the slots without others being numbered anew
        ("attendees", "i4"),
    ],
    align=True,
)


@dataclass(frozen=True)
class Openings:
    """What was found, ``FEW`` of a kind for each request, and the change that the draft in hand needs."""

    found: Array  # [request x KINDS x FEW]
    people: Array  # [row of found, side]
    count: Array  # [request x KINDS]
    choice: Array  # [side]
    need: Array  # [4]
    spare: Array  # [4]: what was needed before an interpreter was looked at
    helpers: Array
    organisation: Array  # [person]: NONE without
    member_from: Array  # [organisation + 1]
    members: Array
    table: Array  # [request]: the number of its table
    seen: Array  # [number]: whether a table is taken

    @cached_property
    def refs(self) -> Any:
        return refs_of(self)


_PLACE = {name: place for place, name in enumerate(Openings.__dataclass_fields__)}
_found = view(_PLACE["found"], OPENING)
_people = view(_PLACE["people"], np.int32, 2)
_count = view(_PLACE["count"], np.int32)
_choice = view(_PLACE["choice"], np.int32)
_need = view(_PLACE["need"], np.int32)
_spare = view(_PLACE["spare"], np.int32)
_helpers = view(_PLACE["helpers"], np.int32)
_organisation = view(_PLACE["organisation"], np.int32)
_member_from = view(_PLACE["member_from"], np.int32)
_members = view(_PLACE["members"], np.int32)
_table = view(_PLACE["table"], np.int32)
_seen = view(_PLACE["seen"], np.uint8)


def openings(scene: Scene, requests: Array) -> Openings:
    """Find for each request, which must not be held, a few changes of each kind."""
    choice = scene.room_for_choice()
    found = Openings(
        np.zeros(len(requests) * KINDS * FEW, OPENING),
        np.zeros((len(requests) * KINDS * FEW, len(choice)), np.int32),
        np.zeros(len(requests) * KINDS, np.int32),
        choice,
        np.zeros(4, np.int32),
        np.zeros(4, np.int32),
        scene.helpers,
        *scene.organisations,
        scene.table,
        scene.room_for_tables(),
    )
    _open_all(scene.f.refs, scene.b.refs, found.refs, requests)
    return found


@machine
def _open_all(f: Any, b: Any, s: Any, requests: Any) -> None:
    for row in range(len(requests)):
        if _has_everybody(f, requests[row]):
            _open(f, b, s, requests[row], row)


@machine
def _has_everybody(f: Any, request: int) -> bool:
    for side in range(facts.request(f)[request].side_from, facts.request(f)[request].side_stop):
        if facts.sides(f)[side, 0] == facts.sides(f)[side, 1]:
            return False
    return True


@machine
def _open(f: Any, b: Any, s: Any, request: int, row: int) -> None:
    _choice(s)[:] = 0
    while True:
        set_choice(f, request, _choice(s))
        if representatives.one_side_each(f, 0, 0):
            _try_starts(f, b, s, row, NONE, NONE)
        _add_representatives(f, b, s, request, row)
        if not next_choice(f, request, _choice(s)):
            return


@machine
def _add_representatives(f: Any, b: Any, s: Any, request: int, row: int) -> None:
    """Try, for each side, colleagues of its people in their place, beside this choice of the other sides."""
    first = facts.request(f)[request].side_from
    for side in range(facts.request(f)[request].side_stop - first):
        if _choice(s)[side]:  # what the others are beside the first of the side was tried with it
            continue
        for index in range(facts.sides(f)[first + side, 0], facts.sides(f)[first + side, 1]):
            organisation = _organisation(s)[facts.side_people(f)[index]]
            if organisation == NONE:
                continue
            for place in range(_member_from(s)[organisation], _member_from(s)[organisation + 1]):
                _try_colleague(f, b, s, row, side, _members(s)[place])


@machine
def _try_colleague(f: Any, b: Any, s: Any, row: int, side: int, colleague: int) -> None:
    request = facts.request(f)[facts.option(f)[0].request]
    if _count(s)[row * KINDS + REPRESENTATIVE] == FEW or _is_on(f, request.side_from + side, colleague):
        return
    before = facts.people(f)[side]
    facts.people(f)[side] = colleague
    if representatives.one_side_each(f, 0, 0):
        _try_starts(f, b, s, row, side, colleague)
    facts.people(f)[side] = before


@machine
def _is_on(f: Any, side: int, person: int) -> bool:
    for index in range(facts.sides(f)[side, 0], facts.sides(f)[side, 1]):
        if facts.side_people(f)[index] == person:
            return True
    return False


@machine
def _try_starts(f: Any, b: Any, s: Any, row: int, side: int, colleague: int) -> None:
    draft = facts.option(f)[0]
    for t in range(len(facts.slot(f)) - draft.length + 1):
        _need(s)[COUNT] = 0
        if colleague != NONE:
            _needs(s, REPRESENTATIVE, colleague, side)
        if _people_can(f, b, s, t) and order.keeps_the_order(f, b, 0, t):
            _try_sites(f, b, s, row, t)
    draft.site = NONE


@machine
def _needs(s: Any, kind: int, who: int, what: int) -> bool:
    """Note a change that is needed; False if another one is needed already."""
    need = _need(s)
    if need[COUNT] and need[KIND] == kind and need[WHO] == who and need[WHAT] == what:
        return True
    need[COUNT] += 1
    need[KIND] = kind
    need[WHO] = who
    need[WHAT] = what
    return bool(need[COUNT] == 1)


@machine
def _people_can(f: Any, b: Any, s: Any, t: int) -> bool:
    """Tell whether the attendees could meet from a start, with at most one change."""
    draft = facts.option(f)[0]
    for k in range(draft.attendees):
        if bits.has(book.full(b), facts.people(f)[k], t):
            return False
    if not start_slots.starts_where_asked(f, 0, t) or not neighbours.takes_neighbours(f, 0, t):
        return False
    for k in range(draft.attendees):
        if not _is_there(f, b, s, facts.people(f)[k], t) or not _is_below(f, b, s, facts.people(f)[k], t):
            return False
    return True


@machine
def _is_there(f: Any, b: Any, s: Any, p: int, t: int) -> bool:
    for slot in range(t, t + facts.option(f)[0].length):
        if bits.has(book.full(b), p, slot):
            return False
        if bits.has(facts.free(f), p, slot):
            continue
        if facts.engaged(f)[p, slot] != NOT_ENGAGED or not _needs(s, FREE_PERSON, p, slot):
            return False
    return True


@machine
def _is_below(f: Any, b: Any, s: Any, p: int, t: int) -> bool:
    """Tell whether a person is below their limits, or would be if one of them were one more."""
    person = facts.person(f)[p]
    above = book.count(b)[p] - person.max_meetings
    if above > 0 or (above == 0 and not _needs(s, LIMIT, p, TOTAL)):
        return False
    above = book.day_count(b)[p, facts.slot(f)[t].day] - person.max_per_day
    if above > 0 or (above == 0 and not _needs(s, LIMIT, p, PER_DAY)):
        return False
    if person.max_consecutive == NO_LIMIT:
        return True
    first, stop = run_around(f, b, p, t, t + facts.option(f)[0].length)
    above = stop - first - person.max_consecutive
    return above <= 0 or (above == 1 and _needs(s, LIMIT, p, IN_A_ROW))


@machine
def _try_sites(f: Any, b: Any, s: Any, row: int, t: int) -> None:
    need = _need(s)
    count, kind, who, what = need[COUNT], need[KIND], need[WHO], need[WHAT]
    for site in range(len(facts.site(f))):
        need[COUNT] = count
        need[KIND] = kind
        need[WHO] = who
        need[WHAT] = what
        facts.option(f)[0].site = site
        if _site_can(f, b, s, t):
            _try_helpers(f, b, s, row, t)


@machine
def _site_can(f: Any, b: Any, s: Any, t: int) -> bool:
    if (
        not tied.at_their_own_location(f, 0, t)
        or not owners.an_owner_attends(f, 0, t)
        or not suitable.as_asked(f, 0, t)
    ):
        return False
    draft = facts.option(f)[0]
    capacity = facts.site(f)[draft.site].capacity
    for slot in range(t, t + draft.length):
        if bits.has(facts.closed(f), draft.site, slot) and not _needs(s, OPEN_SITE, draft.site, slot):
            return False
        above = book.site_load(b)[draft.site, slot] - capacity
        if above > 0 or (above == 0 and not _needs(s, TABLE, draft.site, 0)):
            return False
        for k in range(draft.people):
            p = facts.people(f)[k]
            if bits.has(book.busy(b), p, slot) and book.where(b)[p, slot] != draft.site:
                return False
    return walking.everybody_has_time_to_walk(f, b, 0, t)


@machine
def _try_helpers(f: Any, b: Any, s: Any, row: int, t: int) -> None:
    """Write the draft down where everybody understands; else try each interpreter, and one more."""
    if languages.everybody_understands(f, 0, t):
        _write(f, b, s, row, t)
        return
    draft = facts.option(f)[0]
    _spare(s)[:] = _need(s)
    for index in range(len(_helpers(s))):
        _need(s)[:] = _spare(s)
        bring_helper(f, _helpers(s)[index])
        if languages.everybody_understands(f, 0, t) and _helper_can(f, b, s, _helpers(s)[index], t):
            _write(f, b, s, row, t)
    draft.interpreter = NONE
    draft.people = draft.attendees
    _need(s)[:] = _spare(s)
    if _needs(s, HELPER, NONE, NONE):
        _write(f, b, s, row, t)


@machine
def _helper_can(f: Any, b: Any, s: Any, p: int, t: int) -> bool:
    """Tell whether an interpreter could be there, with at most one change, which is no limit of theirs."""
    count = _need(s)[COUNT]
    if not _is_below(f, b, s, p, t) or _need(s)[COUNT] > count or not _is_there(f, b, s, p, t):
        return False
    return walking.everybody_has_time_to_walk(f, b, 0, t)


@machine
def _write(f: Any, b: Any, s: Any, row: int, t: int) -> None:
    """Note the draft and the change it needs, unless there are enough of the kind or the same was noted before."""
    need, draft = _need(s), facts.option(f)[0]
    if need[COUNT] == 0:
        return
    cell = row * KINDS + need[KIND]
    first, count = cell * FEW, _count(s)[cell]
    for place in range(first, first + count):
        if _found(s)[place].who == need[WHO] and _found(s)[place].what == need[WHAT]:
            return
    if count == FEW:
        return
    _count(s)[cell] = count + 1
    found = _found(s)[first + count]
    found.kind = need[KIND]
    found.who = need[WHO]
    found.what = need[WHAT]
    found.start = t
    found.site = draft.site
    found.helper = draft.interpreter
    found.attendees = draft.attendees
    found.table = (
        facts.site(f)[draft.site].capacity + 1 if need[KIND] == TABLE else free_table(f, b, _table(s), _seen(s), t)
    )
    for k in range(draft.attendees):
        _people(s)[first + count, k] = facts.people(f)[k]
