"""Why a request is not held: the first reason, in a fixed order, that holds for every choice of attendees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.drafts import (
    BUSY,
    DISPLACED,
    FULL,
    FULL_THEN,
    NO_TIME,
    NOBODY,
    REASONS,
    TWICE,
    common_starts,
    draft_facts,
    judged,
)
from solver.facts import NO_LIMIT, NONE, mask_of_row
from solver.masks import bits
from solver.schedule import Unscheduled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.book import Book
    from solver.compiled import Compiled
    from solver.facts import Facts

Reason = tuple[str, dict[str, Any]]


def unscheduled(compiled: Compiled, b: Book) -> Iterator[Unscheduled]:
    """Explain every request that the book does not hold."""
    draft = draft_facts(compiled.facts)
    for request in np.flatnonzero(b.held == NONE).tolist():
        reason, detail = _reason(compiled, draft, b, request)
        yield Unscheduled(compiled.request_ids[request], reason, detail)


def reason_of(compiled: Compiled, b: Book, request: int) -> Reason:
    """Give the code of the reason and its facts."""
    return _reason(compiled, draft_facts(compiled.facts), b, request)


def _reason(compiled: Compiled, draft: Facts, b: Book, request: int) -> Reason:
    depth = judged(compiled, draft, b, request)
    return REASONS[depth], _detail(compiled, draft, b, request, depth)


def _detail(compiled: Compiled, draft: Facts, b: Book, request: int, depth: int) -> dict[str, Any]:
    if depth == NOBODY:
        return {"side": _empty_side(draft, request)}
    if depth == TWICE:
        return {"side": 1}
    if depth in {FULL, FULL_THEN}:
        return {"people": _full_people(compiled, draft, b, request)}
    if depth in {NO_TIME, BUSY}:
        return {"free": _free_slots(compiled, draft, b, request)}
    if depth == DISPLACED:
        return {"requests": []}
    return {"slots": _common(compiled, draft, b, request, depth)}


def _empty_side(f: Facts, request: int) -> int:
    first, stop = f.request[request]["side_from"], f.request[request]["side_stop"]
    empty = [side for side in range(first, stop) if not f.free[_side(f, side)].any()]
    return int(empty[0] - first)


def _side(f: Facts, side: int) -> Any:
    return f.side_people[f.sides[side, 0] : f.sides[side, 1]]


def _people(f: Facts, request: int) -> list[int]:
    sides = range(f.request[request]["side_from"], f.request[request]["side_stop"])
    return list(dict.fromkeys(int(person) for side in sides for person in _side(f, side)))


def _full_people(compiled: Compiled, f: Facts, b: Book, request: int) -> dict[str, str]:
    full = {}
    for person in _people(f, request):
        row = f.person[person]
        if b.count[person] >= row["max_meetings"]:
            full[compiled.people[person].id] = "max_meetings"
        elif row["max_per_day"] != NO_LIMIT and b.day_count[person].max() >= row["max_per_day"]:
            full[compiled.people[person].id] = "max_per_day"
    return full


def _free_slots(compiled: Compiled, f: Facts, b: Book, request: int) -> dict[str, list[str]]:
    return {
        compiled.people[person].id: _ids(compiled, mask_of_row(f.free[person] & ~b.full[person]))
        for person in _people(f, request)
    }


def _common(compiled: Compiled, draft: Facts, b: Book, request: int, depth: int) -> list[str]:
    """Give the starts at which nothing but the reason stands in the way."""
    starts = np.zeros(len(draft.slot), np.uint8)
    helpers = np.array(list(compiled.interpreters), np.int32)
    choice = np.zeros(len(draft.people), np.int32)
    common_starts(draft.refs, b.refs, request, choice, depth, helpers, starts)
    return [compiled.time.ids[t] for t in np.flatnonzero(starts)]


def _ids(compiled: Compiled, slots: int) -> list[str]:
    return [compiled.time.ids[slot] for slot in bits(slots)]
