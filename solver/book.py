"""Adding a meeting to the book, taking it out again, and what that does to the score; for machine code."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import bits, facts
from solver.facts import NONE, NOT_ENGAGED, Array, words
from solver.machine import machine
from solver.refs import refs_of, view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.facts import Facts

WEIGHT, BONUS, SHORTFALL, IDLE, CHANGES, LATE, KEPT, BREAKS, MUST, TOO_MANY = range(10)  # of ``Facts.worth``
FIRM = 1 << 40  # heavier than any request may be


@dataclass(frozen=True)
class Book:
    """A schedule in the making, changed by one meeting at a time."""

    held: Array  # [request]: its option, NONE
    at: Array  # [request]: its start
    busy: Array  # [person, word]
    full: Array  # [person, word]: can take no more
    load: Array  # [person, slot]
    where: Array  # [person, slot]: the site
    who: Array  # requests by person, slot and seat
    count: Array  # [person]
    day_count: Array  # [person, day]
    site_load: Array  # [site, slot]
    site_full: Array  # [site, word]
    unnamed_load: Array  # [site, slot]: at tables without a name; what takes one slot only if its table is given
    named_load: Array  # [named table, slot]
    site_who: Array  # requests by site, slot and seat, no seat's lighter than that of the seat half as far
    seat: Array  # by request and slot of its length: its seat in ``site_who``
    agenda: Array  # [person, day]: what idle slots, changes and breaks cost
    score: Array  # [1]

    @cached_property
    def refs(self) -> Any:
        """Give the addresses that machine code needs."""
        return refs_of(self)

    def copy(self) -> Book:
        return Book(*(getattr(self, field.name).copy() for field in fields(self)))


_PLACE = {field.name: place for place, field in enumerate(fields(Book))}
held = view(_PLACE["held"], np.int32)
at = view(_PLACE["at"], np.int32)
busy = view(_PLACE["busy"], np.uint64, 2)
full = view(_PLACE["full"], np.uint64, 2)
load = view(_PLACE["load"], np.int32, 2)
where = view(_PLACE["where"], np.int32, 2)
who = view(_PLACE["who"], np.int32)
count = view(_PLACE["count"], np.int32)
day_count = view(_PLACE["day_count"], np.int32, 2)
site_load = view(_PLACE["site_load"], np.int32, 2)
site_full = view(_PLACE["site_full"], np.uint64, 2)
unnamed_load = view(_PLACE["unnamed_load"], np.int32, 2)
named_load = view(_PLACE["named_load"], np.int32, 2)
site_who = view(_PLACE["site_who"], np.int32)
seat = view(_PLACE["seat"], np.int32)
agenda = view(_PLACE["agenda"], np.int64, 2)
score = view(_PLACE["score"], np.int64)


def empty_book(f: Facts) -> Book:
    """Return a book without any meeting."""
    people, sites, requests, slots = len(f.person), len(f.site), len(f.request), len(f.slot)
    days = len(f.day)
    score = int(sum(count_worth(f.refs, person, 0) for person in range(people)))
    return Book(
        held=np.full(requests, NONE, np.int32),
        at=np.full(requests, NONE, np.int32),
        busy=np.zeros((people, words(slots)), np.uint64),
        full=np.zeros((people, words(slots)), np.uint64),
        load=np.zeros((people, slots), np.int32),
        where=np.full((people, slots), NONE, np.int32),
        who=np.full(_seats(f.person, slots), NONE, np.int32),
        count=np.zeros(people, np.int32),
        day_count=np.zeros((people, days), np.int32),
        site_load=np.zeros((sites, slots), np.int32),
        site_full=_without_tables(f),
        unnamed_load=np.zeros((sites, slots), np.int32),
        named_load=np.zeros((max(1, f.named_count), slots), np.int32),
        site_who=np.full(_seats(f.site, slots), NONE, np.int32),
        seat=np.zeros(int(f.request["length"].sum()) + 1, np.int32),
        agenda=np.zeros((people, days), np.int64),
        score=np.array([score], np.int64),
    )


def _seats(rows: Any, slots: int) -> int:
    return 1 + int((rows["seats"].astype(np.int64) * slots).sum())


def _without_tables(f: Facts) -> Any:
    full = np.zeros((len(f.site), f.free.shape[1]), np.uint64)
    for site in np.nonzero(f.site["capacity"] == 0)[0]:
        for slot in range(len(f.slot)):
            bits.add(full, site, slot)
    return full


def filled(f: Facts, book: Book, placements: Iterable[tuple[int, int]]) -> Book:
    """Add meetings, options with their starts, without judging them; return the same book."""
    rows = np.array(list(placements), np.int64).reshape(-1, 2)
    put_all(f.refs, book.refs, rows[:, 0].copy(), rows[:, 1].copy())
    return book


@machine
def put_all(f: Any, b: Any, options: Any, starts: Any) -> None:
    for index in range(len(options)):
        put(f, b, options[index], starts[index])


@machine
def put(f: Any, b: Any, o: int, t: int) -> None:
    """Hold option ``o`` from slot ``t``, whether that is legal or not."""
    option = facts.option(f)[o]
    request = option.request
    length = min(option.length, facts.day(f)[facts.slot(f)[t].day].stop - t)
    held(b)[request] = o
    at(b)[request] = t
    score(b)[0] += meeting_worth(f, o, t)
    for k in range(option.first, option.first + option.people):
        _sit(f, b, facts.people(f)[k], request, option.site, t, length)
    for step in range(length):
        _take_table(f, b, o, t + step)


@machine
def take(f: Any, b: Any, request: int) -> None:
    """Remove the meeting of a request that is held."""
    o = held(b)[request]
    t = at(b)[request]
    option = facts.option(f)[o]
    length = min(option.length, facts.day(f)[facts.slot(f)[t].day].stop - t)
    held(b)[request] = NONE
    at(b)[request] = NONE
    score(b)[0] -= meeting_worth(f, o, t)
    for k in range(option.first, option.first + option.people):
        _rise(f, b, facts.people(f)[k], request, t, length)
    for step in range(length):
        _leave_table(f, b, o, t + step, facts.request(f)[request].seat_from + step)


@machine
def _sit(f: Any, b: Any, p: int, request: int, site: int, t: int, length: int) -> None:
    person = facts.person(f)[p]
    day = facts.slot(f)[t].day
    for slot in range(t, t + length):
        seated = load(b)[p, slot]
        who(b)[person.who_from + slot * person.seats + seated] = request
        load(b)[p, slot] = seated + 1
        where(b)[p, slot] = site
        bits.add(busy(b), p, slot)
        if seated + 1 >= person.parallel:
            bits.add(full(b), p, slot)
    _count(f, b, p, day, 1)


@machine
def _rise(f: Any, b: Any, p: int, request: int, t: int, length: int) -> None:
    person = facts.person(f)[p]
    day = facts.slot(f)[t].day
    for slot in range(t, t + length):
        first = person.who_from + slot * person.seats
        last = load(b)[p, slot] - 1
        for other in range(first, first + last):
            if who(b)[other] == request:
                who(b)[other] = who(b)[first + last]
                break
        who(b)[first + last] = NONE
        load(b)[p, slot] = last
        if last < person.parallel:
            bits.drop(full(b), p, slot)
        if last == 0:
            bits.drop(busy(b), p, slot)
            where(b)[p, slot] = NONE
    _count(f, b, p, day, -1)


@machine
def _count(f: Any, b: Any, p: int, day: int, more: int) -> None:
    """Note that a person has a meeting more, or less, on a day, and what that does to the score."""
    before = count(b)[p]
    count(b)[p] = before + more
    day_count(b)[p, day] += more
    if facts.worth(f)[BONUS] or facts.worth(f)[SHORTFALL]:
        score(b)[0] += count_worth(f, p, before + more) - count_worth(f, p, before)
    if facts.worth(f)[IDLE] or facts.worth(f)[CHANGES] or facts.worth(f)[BREAKS]:
        score(b)[0] -= agenda(b)[p, day]
        agenda(b)[p, day] = day_worth(f, b, p, day)
        score(b)[0] += agenda(b)[p, day]


@machine
def _take_table(f: Any, b: Any, o: int, slot: int) -> None:
    option = facts.option(f)[o]
    site = facts.site(f)[option.site]
    seated = site_load(b)[option.site, slot]
    _sit_lighter_first(f, b, site.who_from + slot * site.seats, slot, option.request, seated)
    site_load(b)[option.site, slot] = seated + 1
    if seated + 1 >= site.capacity:
        bits.add(site_full(b), option.site, slot)
    _count_table(f, b, o, slot, 1)


@machine
def _count_table(f: Any, b: Any, o: int, slot: int, more: int) -> None:
    """Note the use of a table with a name, or of any other for longer: what takes one slot finds one in any case."""
    option = facts.option(f)[o]
    if option.named != NONE:
        named_load(b)[option.named, slot] += more
    elif option.length > 1 or option.table != NONE:
        unnamed_load(b)[option.site, slot] += more


@machine
def _leave_table(f: Any, b: Any, o: int, slot: int, place: int) -> None:
    option = facts.option(f)[o]
    site = facts.site(f)[option.site]
    first = site.who_from + slot * site.seats
    last = site_load(b)[option.site, slot] - 1
    gap = seat(b)[place]
    other = site_who(b)[first + last]
    site_who(b)[first + last] = NONE
    if gap != last:
        _sit_lighter_first(f, b, first, slot, other, _heavier_below(f, b, first, slot, other, gap, last))
    site_load(b)[option.site, slot] = last
    if last < site.capacity:
        bits.drop(site_full(b), option.site, slot)
    _count_table(f, b, o, slot, -1)


@machine
def _sit_lighter_first(f: Any, b: Any, first: int, slot: int, request: int, seated: int) -> None:
    """Let a request sit down at a free seat, or nearer to the first for as long as it is lighter than who sits there.

    So the lightest of those who are in the way sits at the first seat, and its followers near it: a binary heap.
    """
    while seated > 0:
        nearer = (seated - 1) // 2
        other = site_who(b)[first + nearer]
        if _heft(f, other) <= _heft(f, request):
            break
        _seat(f, b, first, slot, other, seated)
        seated = nearer
    _seat(f, b, first, slot, request, seated)


@machine
def _heavier_below(f: Any, b: Any, first: int, slot: int, request: int, gap: int, load: int) -> int:
    """Give the free seat for a request after who is lighter has moved up to a gap; ``load`` sit there besides."""
    while True:
        below = 2 * gap + 1
        if below >= load:
            return gap
        other = site_who(b)[first + below]
        if below + 1 < load and _heft(f, site_who(b)[first + below + 1]) < _heft(f, other):
            below += 1
            other = site_who(b)[first + below]
        if _heft(f, other) >= _heft(f, request):
            return gap
        _seat(f, b, first, slot, other, gap)
        gap = below


@machine
def _seat(f: Any, b: Any, first: int, slot: int, request: int, seated: int) -> None:
    site_who(b)[first + seated] = request
    seat(b)[facts.request(f)[request].seat_from + slot - at(b)[request]] = seated


@machine
def _heft(f: Any, request: int) -> int:
    row = facts.request(f)[request]
    return FIRM if row.frozen else row.weight


@machine
def meeting_worth(f: Any, o: int, t: int) -> int:
    """What a meeting adds to the score by itself, whatever else its people do."""
    request = facts.request(f)[facts.option(f)[o].request]
    worth = facts.worth(f)[WEIGHT] * request.weight + facts.worth(f)[LATE] * facts.slot(f)[t].within_day
    if request.must and not request.frozen:
        worth += facts.worth(f)[MUST]
    if facts.worth(f)[KEPT] and facts.option(f)[o].stays and request.kept_slot == t:
        worth += facts.worth(f)[KEPT]
    return worth


@machine
def count_worth(f: Any, p: int, meetings: int) -> int:
    """What the number of a person's meetings adds to the score: bonuses, and what is missing from a minimum."""
    person = facts.person(f)[p]
    if person.helps:
        return 0
    worth = facts.worth(f)[BONUS] * facts.bonus_sums(f)[person.bonus_from + min(meetings, person.bonus_count)]
    return worth + facts.worth(f)[SHORTFALL] * max(0, person.target - meetings)


@machine
def day_worth(f: Any, b: Any, p: int, day: int) -> int:
    """What idle slots, changes of location and breaks of a person's day add to the score."""
    if facts.person(f)[p].helps:
        return 0
    last = NONE
    idle = changes = breaks = 0
    for slot in range(facts.day(f)[day].first, facts.day(f)[day].stop):
        if not bits.has(busy(b), p, slot):
            continue
        if last != NONE:
            changes += where(b)[p, slot] != where(b)[p, last]
            breaks += slot > last + 1
            for between in range(last + 1, slot):
                idle += bits.has(facts.free(f), p, between)
        last = slot
    worth = facts.worth(f)[IDLE] * idle + facts.worth(f)[CHANGES] * changes + facts.worth(f)[BREAKS] * breaks
    return worth + facts.worth(f)[TOO_MANY] * max(0, breaks - f[facts.MAX_BREAKS])


@machine
def day_breaks(f: Any, b: Any, p: int, day: int) -> int:
    """Count the runs of slots without a meeting between two meetings of a person's day."""
    breaks, last = 0, NONE
    for slot in range(facts.day(f)[day].first, facts.day(f)[day].stop):
        if bits.has(busy(b), p, slot):
            breaks += last != NONE and slot > last + 1
            last = slot
    return breaks


@machine
def zone_at(f: Any, b: Any, p: int, slot: int) -> int:
    """Give the zone of a person who meets or is engaged in a slot."""
    if bits.has(busy(b), p, slot):
        return facts.site(f)[where(b)[p, slot]].zone
    zone = facts.engaged(f)[p, slot]
    return NONE if zone == NOT_ENGAGED else zone
