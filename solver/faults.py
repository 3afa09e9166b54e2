"""What stands in the way of a draft at its place, one thing at a time, as sets of which one meeting must go."""

from __future__ import annotations

from typing import Any

from solver import bits, book, facts
from solver.book import zone_at
from solver.facts import NO_LIMIT, NONE
from solver.machine import machine
from solver.rules.walking import is_settled, is_somewhere, too_far, too_near_after, too_near_before

NOTHING, BY_PERSON, BY_SITE, ONE, TWO = range(5)
KIND, WHO, FIRST, STOP, WEIGHT, REQUEST = range(6)  # of a fault; the last two: the meeting that was tried last


@machine
def find_fault(f: Any, b: Any, t: int, fault: Any) -> bool:
    """Write down a fault of the draft from a start; False if there is none.

    Of the meetings of a fault at least one must go, whatever else goes: ``BY_PERSON`` those of a person, and
    ``BY_SITE`` those of a site, that take a slot from ``FIRST`` up to ``STOP``; ``ONE`` or ``TWO`` requests.
    What must go in any case comes before what leaves a choice.
    """
    fault[WEIGHT] = fault[REQUEST] = NONE
    draft = facts.option(f)[0]
    for k in range(draft.people):
        if _is_elsewhere(f, b, facts.people(f)[k], t, fault):
            return True
    if _is_out_of_order(f, b, t, fault):
        return True
    zone = facts.site(f)[draft.site].zone
    if zone != NONE and f[facts.LONGEST_WALK]:
        for k in range(draft.people):
            if _is_far(f, b, facts.people(f)[k], zone, t, fault):
                return True
    for k in range(draft.people):
        if _is_full(f, b, facts.people(f)[k], t, fault) or _runs_on(f, b, facts.people(f)[k], t, fault):
            return True
    return _is_crowded(f, b, t, fault)


@machine
def _is_crowded(f: Any, b: Any, t: int, fault: Any) -> bool:
    draft = facts.option(f)[0]
    for slot in range(t, t + draft.length):
        if book.site_load(b)[draft.site, slot] >= facts.site(f)[draft.site].capacity:
            return _note(fault, BY_SITE, draft.site, slot, slot + 1)
    return False


@machine
def _note(fault: Any, kind: int, who: int, first: int, stop: int) -> bool:
    fault[KIND] = kind
    fault[WHO] = who
    fault[FIRST] = first
    fault[STOP] = stop
    return True


@machine
def _first_of(f: Any, b: Any, p: int, slot: int) -> int:
    first: int = book.who(b)[facts.person(f)[p].who_from + slot * facts.person(f)[p].seats]
    return first


@machine
def _is_elsewhere(f: Any, b: Any, p: int, t: int, fault: Any) -> bool:
    draft = facts.option(f)[0]
    parallel = facts.person(f)[p].parallel
    for slot in range(t, t + draft.length):
        load = book.load(b)[p, slot]
        if load and (parallel == 1 or book.where(b)[p, slot] != draft.site):
            return _note(fault, ONE, _first_of(f, b, p, slot), slot, slot)
        if load >= parallel:
            return _note(fault, BY_PERSON, p, slot, slot + 1)
    return False


@machine
def _is_out_of_order(f: Any, b: Any, t: int, fault: Any) -> bool:
    request = facts.request(f)[facts.option(f)[0].request]
    for index in range(request.earlier_from, request.order_stop):
        other = facts.order(f)[index]
        if book.held(b)[other] == NONE:
            continue
        start = book.at(b)[other]
        stop = min(start + facts.request(f)[other].length, facts.day(f)[facts.slot(f)[start].day].stop)
        if stop > t if index < request.later_from else t + request.length > start:
            return _note(fault, ONE, other, start, stop)
    return False


@machine
def _is_far(f: Any, b: Any, p: int, zone: int, t: int, fault: Any) -> bool:
    slot = too_near_before(f, b, p, zone, t)
    if slot == NONE:
        slot = too_near_after(f, b, p, zone, t + facts.option(f)[0].length)
    if slot == NONE:
        return False
    engaged = not bits.has(book.busy(b), p, slot)
    return _note(fault, ONE, NONE if engaged else _first_of(f, b, p, slot), slot, slot)


@machine
def _is_full(f: Any, b: Any, p: int, t: int, fault: Any) -> bool:
    day = facts.slot(f)[t].day
    if book.day_count(b)[p, day] >= facts.person(f)[p].max_per_day:
        return _note(fault, BY_PERSON, p, facts.day(f)[day].first, facts.day(f)[day].stop)
    if book.count(b)[p] >= facts.person(f)[p].max_meetings:
        return _note(fault, BY_PERSON, p, 0, len(facts.slot(f)))
    return False


@machine
def _runs_on(f: Any, b: Any, p: int, t: int, fault: Any) -> bool:
    most = facts.person(f)[p].max_consecutive
    if most == NO_LIMIT:
        return False
    first, stop = run_around(f, b, p, t, t + facts.option(f)[0].length)
    if stop - first <= most:
        return False
    return _note(fault, BY_PERSON, p, first, stop)


@machine
def run_around(f: Any, b: Any, p: int, first: int, stop: int) -> Any:
    """Give the run that a meeting in these slots would make; nothing if the person meets in all of them already."""
    news = False
    for slot in range(first, stop):
        news |= not bits.has(book.busy(b), p, slot)
    if not news:
        return first, first
    while first > 0 and facts.slot(f)[first - 1].link and bits.has(book.busy(b), p, first - 1):
        first -= 1
    while facts.slot(f)[stop - 1].link and bits.has(book.busy(b), p, stop):
        stop += 1
    return first, stop


@machine
def find_walk(f: Any, b: Any, p: int, day: int, fault: Any) -> bool:
    """Write down two meetings of a person between which there is no time to walk; False if there are none such."""
    last = NONE
    for slot in range(facts.day(f)[day].first, facts.day(f)[day].stop):
        if not is_somewhere(f, b, p, slot):
            continue
        if (
            last != NONE
            and too_far(f, last, slot, zone_at(f, b, p, last), zone_at(f, b, p, slot))
            and not (is_settled(f, b, p, last) and is_settled(f, b, p, slot))
        ):
            fault[WEIGHT] = fault[REQUEST] = NONE
            return _note(fault, TWO, _met(f, b, p, last), _met(f, b, p, slot), NONE)
        last = slot
    return False


@machine
def _met(f: Any, b: Any, p: int, slot: int) -> int:
    return _first_of(f, b, p, slot) if bits.has(book.busy(b), p, slot) else NONE


@machine
def next_victim(f: Any, b: Any, fault: Any) -> int:
    """Give the lightest meeting of a fault that may go and was not tried yet; NONE if there is none."""
    if fault[KIND] == ONE:
        return _lighter(f, b, fault, NONE, fault[WHO])
    if fault[KIND] == TWO:
        return _lighter(f, b, fault, _lighter(f, b, fault, NONE, fault[WHO]), fault[FIRST])
    best = NONE
    for slot in range(fault[FIRST], fault[STOP]):
        if fault[KIND] == BY_SITE:
            first = facts.site(f)[fault[WHO]].who_from + slot * facts.site(f)[fault[WHO]].seats
            for place in range(first, first + book.site_load(b)[fault[WHO], slot]):
                best = _lighter(f, b, fault, best, book.site_who(b)[place])
        else:
            first = facts.person(f)[fault[WHO]].who_from + slot * facts.person(f)[fault[WHO]].seats
            for place in range(first, first + book.load(b)[fault[WHO], slot]):
                best = _lighter(f, b, fault, best, book.who(b)[place])
    return best


@machine
def _lighter(f: Any, b: Any, fault: Any, best: int, request: int) -> int:
    """Give the lighter of ``best`` and a request, if the request may go and comes after the one tried last."""
    if request == NONE or not may_go(f, request) or book.held(b)[request] <= 0:
        return best
    weight = facts.request(f)[request].weight
    if weight < fault[WEIGHT] or (weight == fault[WEIGHT] and request <= fault[REQUEST]):
        return best
    if best == NONE or weight < facts.request(f)[best].weight:
        return request
    return request if weight == facts.request(f)[best].weight and request < best else best


@machine
def may_go(f: Any, request: int) -> bool:
    return not facts.request(f)[request].frozen and not facts.request(f)[request].must
