"""What the published model needs to know of a B2BSOP instance, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from solver.problem import Problem, Request


@dataclass(frozen=True, slots=True)
class Instance:
    """Meetings by id with the slots (numbered from 0) in which each may be held, and who takes part in which.

    ``most_breaks`` bounds the breaks of each person; None does not.
    """

    slots: int
    tables: int
    may: Mapping[str, frozenset[int]]
    meetings_of: Mapping[str, Sequence[str]]
    before: Sequence[tuple[str, str]]
    most_breaks: int | None


def instance_of(problem: Problem, most_breaks: int | None) -> Instance:
    """Translate a problem that came from a ``.dzn``: pairs, one location, no pin but of a slot."""
    number = {id_: index for index, id_ in enumerate(problem.slots)}
    pinned = {row.request: number[row.slot] for row in problem.pinned}
    may = {id_: _slots(request, problem, number, pinned.get(id_)) for id_, request in problem.requests.items()}
    before = [(earlier, later.id) for later in problem.requests.values() for earlier in later.after]
    meetings_of: dict[str, list[str]] = {}
    for request in problem.requests.values():
        for (person,) in request.sides:
            meetings_of.setdefault(person, []).append(request.id)
    return Instance(
        slots=len(problem.slots),
        tables=sum(location.capacity for location in problem.locations.values()),
        may=_in_order(may, before),
        meetings_of=meetings_of,
        before=before,
        most_breaks=most_breaks,
    )


def _slots(request: Request, problem: Problem, number: Mapping[str, int], pinned: int | None) -> frozenset[int]:
    away = set().union(*(problem.participants[person].unavailable_slots for (person,) in request.sides))
    open_slots = set(problem.slots if request.slots is None else request.slots) - away
    slots = frozenset(number[slot] for slot in open_slots)
    return slots if pinned is None else slots & {pinned}


def _in_order(may: dict[str, frozenset[int]], before: Sequence[tuple[str, str]]) -> dict[str, frozenset[int]]:
    """Take away the slots in which no earlier or later meeting would find room any more."""
    changed = True
    while changed:
        changed = False
        for earlier, later in before:
            if not may[earlier] or not may[later]:
                continue
            first = frozenset(slot for slot in may[earlier] if slot < max(may[later]))
            last = frozenset(slot for slot in may[later] if slot > min(may[earlier]))
            changed = changed or (first, last) != (may[earlier], may[later])
            may[earlier], may[later] = first, last
    return may
