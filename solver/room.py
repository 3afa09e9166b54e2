"""The cheapest meetings that would have to give way to a request, over all the places where it could stand.

Exact: for each start the meetings that must go in any case are added up first, and starts are tried from the
least such sum; at a place, a depth-first search over what may go, the lightest first, ends wherever it cannot
become cheaper than the best so far. Cost is weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import bits, book, facts
from solver.book import put, take
from solver.drafts import next_choice, set_choice
from solver.facts import NONE, Array
from solver.faults import BY_SITE, FIRST, KIND, REQUEST, WEIGHT, WHO, find_fault, find_walk, may_go, next_victim
from solver.machine import machine
from solver.places import bring_helper, free_table, may_stand, may_start
from solver.refs import refs_of, view
from solver.rules import admits_people, languages, representatives

if TYPE_CHECKING:
    from solver.scene import Scene

DEEP = 12  # meetings that may have to give way
FAR = 1 << 60  # more than any schedule is worth
FOUND = np.dtype(
    [
        ("cost", "i8"),  # FAR: no place at all
        ("start", "i4"),
        ("site", "i4"),
        ("helper", "i4"),
        ("table", "i4"),  # 0: none is free in all the slots without others being numbered anew
        ("count", "i4"),  # of the meetings that give way
        ("attendees", "i4"),
    ],
    align=True,
)


@dataclass(frozen=True)
class Room:
    """What a search notes: places found, by row, and the state of the search under way."""

    found: Array
    people: Array  # [row, side]: who would attend
    gone: Array  # [row, DEEP]: requests that give way
    choice: Array  # [side]: who attends, by number within the side
    out: Array  # [DEEP + 1, 3]: request, option and start of the meetings taken out
    fault: Array  # [DEEP + 1, 6]
    least: Array  # [slot]: what must give way in any case
    lightest: Array  # [site, slot]: what a table costs, 0 where one is free; the last row at the cheapest site
    helpers: Array
    table: Array  # [request]: the number of its table
    seen: Array  # [number]: whether a table is taken

    @cached_property
    def refs(self) -> Any:
        return refs_of(self)


_PLACE = {name: place for place, name in enumerate(Room.__dataclass_fields__)}
found_of = view(_PLACE["found"], FOUND)
people_of = view(_PLACE["people"], np.int32, 2)
gone_of = view(_PLACE["gone"], np.int32, 2)
choice_of = view(_PLACE["choice"], np.int32)
out_of = view(_PLACE["out"], np.int32, 2)
fault_of = view(_PLACE["fault"], np.int64, 2)
least_of = view(_PLACE["least"], np.int64)
lightest_of = view(_PLACE["lightest"], np.int64, 2)
helpers_of = view(_PLACE["helpers"], np.int32)
table_of = view(_PLACE["table"], np.int32)
seen_of = view(_PLACE["seen"], np.uint8)


def lightest(scene: Scene) -> Array:
    """Give what a table costs by site and slot, the weight of the lightest that may go; last, at the cheapest site."""
    prices = np.zeros((len(scene.f.site), len(scene.f.slot)), np.int64)
    _price_tables(scene.f.refs, scene.b.refs, prices)
    return np.vstack((prices, prices.min(axis=0, initial=FAR)))


def cheapest_rooms(scene: Scene, requests: Array, prices: Array) -> Room:
    """Find for each request, which must not be held, the cheapest room; ``prices`` as ``lightest`` gives them."""
    slots, width = len(scene.f.slot), len(scene.room_for_choice())
    room = Room(
        found=np.zeros(len(requests), FOUND),
        people=np.zeros((len(requests), width), np.int32),
        gone=np.zeros((len(requests), DEEP), np.int32),
        choice=scene.room_for_choice(),
        out=np.zeros((DEEP + 1, 3), np.int32),
        fault=np.zeros((DEEP + 1, 6), np.int64),
        least=np.zeros(slots, np.int64),
        lightest=prices,
        helpers=scene.helpers,
        table=scene.table,
        seen=scene.room_for_tables(),
    )
    _find_all(scene.f.refs, scene.b.refs, room.refs, requests)
    return room


@machine
def _price_tables(f: Any, b: Any, prices: Any) -> None:
    for site in range(len(facts.site(f))):
        for slot in range(len(facts.slot(f))):
            prices[site, slot] = _table_price(f, b, site, slot)


@machine
def _find_all(f: Any, b: Any, s: Any, requests: Any) -> None:
    for row in range(len(requests)):
        found_of(s)[row].cost = FAR
        _find(f, b, s, requests[row], row)
        if found_of(s)[row].cost < FAR:
            _find_table(f, b, s, row)


@machine
def _table_price(f: Any, b: Any, site: int, slot: int) -> int:
    load = book.site_load(b)[site, slot]
    if load < facts.site(f)[site].capacity:
        return 0
    price = FAR
    first = facts.site(f)[site].who_from + slot * facts.site(f)[site].seats
    for place in range(first, first + load):
        price = min(price, _price(f, book.site_who(b)[place]))
    return price


@machine
def _price(f: Any, request: int) -> int:
    return facts.request(f)[request].weight if may_go(f, request) else FAR


@machine
def _find(f: Any, b: Any, s: Any, request: int, row: int) -> None:
    asked = facts.request(f)[request]
    for side in range(asked.side_from, asked.side_stop):
        if facts.sides(f)[side, 0] == facts.sides(f)[side, 1]:
            return
    choice_of(s)[:] = 0
    while True:
        set_choice(f, request, choice_of(s))
        if representatives.one_side_each(f, 0, 0):
            _find_start(f, b, s, row)
        if not next_choice(f, request, choice_of(s)):
            return


@machine
def _find_start(f: Any, b: Any, s: Any, row: int) -> None:
    """Try the starts at which the attendees of the draft may meet at all, from the least that must give way."""
    slots = len(facts.slot(f)) - facts.option(f)[0].length + 1
    for t in range(slots):
        least_of(s)[t] = FAR
        if may_start(f, t):
            least_of(s)[t] = max(_must_give_way(f, b, t), lightest_of(s)[len(facts.site(f)), t])
    while True:
        best = 0
        for t in range(1, slots):
            if least_of(s)[t] < least_of(s)[best]:
                best = t
        if slots <= 0 or least_of(s)[best] >= found_of(s)[row].cost:
            return
        _find_site(f, b, s, row, best)
        least_of(s)[best] = FAR


@machine
def _must_give_way(f: Any, b: Any, t: int) -> int:
    """Add up the meetings of attendees who can be in one meeting only."""
    draft, price = facts.option(f)[0], 0
    for slot in range(t, t + draft.length):
        for k in range(draft.people):
            person = facts.person(f)[facts.people(f)[k]]
            if person.parallel > 1 or not bits.has(book.busy(b), facts.people(f)[k], slot):
                continue
            other = book.who(b)[person.who_from + slot * person.seats]
            if not may_go(f, other):
                return FAR
            if not _was_counted(f, b, t, slot, k, other):
                price += facts.request(f)[other].weight
    return price


@machine
def _was_counted(f: Any, b: Any, t: int, slot: int, k: int, request: int) -> bool:
    """Tell whether a meeting was met in an earlier slot of the draft, or with an earlier attendee."""
    if slot > t and book.at(b)[request] < slot:
        return True
    for other in range(k):
        person = facts.person(f)[facts.people(f)[other]]
        there = person.parallel == 1 and book.load(b)[facts.people(f)[other], slot]
        if there and book.who(b)[person.who_from + slot * person.seats] == request:
            return True
    return False


@machine
def _find_site(f: Any, b: Any, s: Any, row: int, t: int) -> None:
    draft = facts.option(f)[0]
    for site in range(len(facts.site(f))):
        price = least_of(s)[t]
        for slot in range(t, t + draft.length):
            price = max(price, lightest_of(s)[site, slot])
        draft.site = site
        if price < found_of(s)[row].cost and may_stand(f, t):
            _find_helper(f, b, s, row, t)
    draft.site = NONE


@machine
def _find_helper(f: Any, b: Any, s: Any, row: int, t: int) -> None:
    draft = facts.option(f)[0]
    if languages.everybody_understands(f, 0, t):
        _make_room(f, b, s, row, t)
        return
    for index in range(len(helpers_of(s))):
        bring_helper(f, helpers_of(s)[index])
        if languages.everybody_understands(f, 0, t) and admits_people(f, 0, t):
            _make_room(f, b, s, row, t)
    draft.interpreter = NONE
    draft.people = draft.attendees


@machine
def _make_room(f: Any, b: Any, s: Any, row: int, t: int) -> None:
    """Search what to take out so that the draft can stand at its place, cheaper than the best found."""
    depth, cost, down = 0, 0, True
    while True:
        if down and not _next_fault(f, b, s, depth, t):
            _write(f, s, row, t, depth, cost)
            down = False
        elif down:
            down = depth < DEEP and _take_next(f, b, s, row, depth, cost)
            depth += down
        if down:
            cost += facts.request(f)[out_of(s)[depth - 1, 0]].weight
        elif depth == 0:
            return
        else:
            depth -= 1
            cost -= facts.request(f)[out_of(s)[depth, 0]].weight
            put(f, b, out_of(s)[depth, 1], out_of(s)[depth, 2])
            down = _take_next(f, b, s, row, depth, cost)
            if down:
                cost += facts.request(f)[out_of(s)[depth, 0]].weight
                depth += 1


@machine
def _next_fault(f: Any, b: Any, s: Any, depth: int, t: int) -> bool:
    """Write down the next fault; where nothing stands in the way, look at the walks of those set free."""
    if find_fault(f, b, t, fault_of(s)[depth]):
        return True
    if depth == 0 or f[facts.WALKS_OVER] == 0:
        return False
    put(f, b, 0, t)
    broken = _breaks_a_walk(f, b, s, depth)
    take(f, b, facts.option(f)[0].request)
    return broken


@machine
def _breaks_a_walk(f: Any, b: Any, s: Any, depth: int) -> bool:
    for number in range(depth):
        option = facts.option(f)[out_of(s)[number, 1]]
        day = facts.slot(f)[out_of(s)[number, 2]].day
        for k in range(option.first, option.first + option.people):
            if find_walk(f, b, facts.people(f)[k], day, fault_of(s)[depth]):
                return True
    return False


@machine
def _take_next(f: Any, b: Any, s: Any, row: int, depth: int, cost: int) -> bool:
    """Take out the next meeting of the fault at this depth, if what goes stays cheaper than the best found."""
    fault = fault_of(s)[depth]
    least = fault[WEIGHT]  # what was tried last: the rest is no lighter
    if fault[KIND] == BY_SITE:
        least = max(least, lightest_of(s)[fault[WHO], fault[FIRST]])
    if cost + least >= found_of(s)[row].cost:
        return False
    victim = next_victim(f, b, fault)
    if victim == NONE or cost + facts.request(f)[victim].weight >= found_of(s)[row].cost:
        return False
    fault[WEIGHT] = facts.request(f)[victim].weight
    fault[REQUEST] = victim
    out_of(s)[depth, 0] = victim
    out_of(s)[depth, 1] = book.held(b)[victim]
    out_of(s)[depth, 2] = book.at(b)[victim]
    take(f, b, victim)
    return True


@machine
def _write(f: Any, s: Any, row: int, t: int, depth: int, cost: int) -> None:
    """Note the draft with what was taken out as the best of its row."""
    draft, found = facts.option(f)[0], found_of(s)[row]
    if cost >= found.cost:
        return
    found.cost = cost
    found.start = t
    found.site = draft.site
    found.helper = draft.interpreter
    found.attendees = draft.attendees
    found.count = depth
    for number in range(depth):
        gone_of(s)[row, number] = out_of(s)[number, 0]
    for k in range(draft.attendees):
        people_of(s)[row, k] = facts.people(f)[k]


@machine
def _find_table(f: Any, b: Any, s: Any, row: int) -> None:
    """Note the table that is free for what was found, once the others have given way."""
    found = found_of(s)[row]
    for number in range(found.count):
        other = gone_of(s)[row, number]
        out_of(s)[number, 1] = book.held(b)[other]
        out_of(s)[number, 2] = book.at(b)[other]
        take(f, b, other)
    facts.option(f)[0].site = found.site
    found.table = free_table(f, b, table_of(s), seen_of(s), found.start)
    for number in range(found.count - 1, -1, -1):
        put(f, b, out_of(s)[number, 1], out_of(s)[number, 2])
