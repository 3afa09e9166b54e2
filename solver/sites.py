"""Which locations are one site, and which tables are consumed by name.

*Pools.* Locations that nobody can tell apart (same zone, closed slots, owners and features, named by no
request, row or tied person; by rows of the previous schedule only where longer meetings or too many of them might
not find their old tables again) become one site with their capacities added. Meetings are intervals, so whatever
fits in number fits on the tables, each meeting in one location. A pool cannot price a change of location nor
keep an audience together, so pools are made only where neither matters, or, as a relaxation whose bound stays
valid, where the problem would otherwise be too large.

*Named tables.* Where longer meetings share a location with rows that name their table, counting is not enough
(intervals around fixed ones may not fit). There longer meetings consume each named table by name, and the rest is
counted; what takes one slot finds a table wherever its location is not full.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from solver.masks import Mask
    from solver.problem import Location, Meeting, Problem
    from solver.timetable import Timetable

LARGE = 400_000  # placements; beyond it locations are pooled although changes between them are priced


class Site(NamedTuple):
    """``named`` tables are consumed by name; ``closed`` is a mask of slots."""

    locations: tuple[Location, ...]
    zone: str | None
    capacity: int
    closed: Mask
    named: tuple[int, ...]


def sites_of(problem: Problem, time: Timetable, *, pools: bool, names: bool) -> tuple[Site, ...]:
    named = _named_tables(problem) if names else {}
    groups: dict[Hashable, list[Location]] = {}
    apart = _told_apart(problem, named) if pools else set(problem.locations)
    for location in problem.locations.values():
        looks = replace(location, id="", capacity=1)  # whatever else is said of places tells them apart
        groups.setdefault(location.id if location.id in apart else looks, []).append(location)
    return tuple(
        Site(
            tuple(group),
            group[0].zone,
            sum(location.capacity for location in group),
            time.mask(group[0].closed_slots),
            tuple(sorted(named.get(group[0].id, ()))) if len(group) == 1 else (),
        )
        for group in groups.values()
    )


def _told_apart(problem: Problem, named: dict[str, set[int]]) -> set[str]:
    if not _poolable(problem):
        return set(problem.locations)
    apart = {person.location for person in problem.participants.values() if person.location}
    for request in problem.requests.values():
        apart |= request.locations or frozenset()
    rows = problem.pinned + problem.frozen + (() if _all_may_return(problem) else problem.previous)
    return apart | {row.location for row in rows if row.location} | set(named)


def _all_may_return(problem: Problem) -> bool:
    """Tell whether all previous meetings fit where they were, whatever else their locations hold."""
    if any(request.length > 1 for request in problem.requests.values()):
        return False
    held = Counter((row.location, row.slot) for row in problem.previous if row.location is not None)
    return all(count <= problem.locations[location].capacity for (location, _), count in held.items())


def _poolable(problem: Problem) -> bool:
    if any(person.parallel > 1 for person in problem.participants.values()):
        return False
    if any(row.table and not row.location for row in problem.pinned):
        return False
    priced = problem.objective == "balanced" and problem.weights.location_changes < 0
    return not priced or len(problem.requests) * len(problem.slots) * len(problem.locations) > LARGE


def _named_tables(problem: Problem) -> dict[str, set[int]]:
    """Give the tables that must be consumed by name, where longer meetings make counting too weak."""
    if all(request.length == 1 for request in problem.requests.values()):
        return {}
    named: dict[str, set[int]] = {}
    for location, row in _rows_with_tables(problem):
        if row.table is not None and row.table <= location.capacity:
            named.setdefault(location.id, set()).add(row.table)
    return named


def _rows_with_tables(problem: Problem) -> Iterator[tuple[Location, Meeting]]:
    first = _first_open_slot(problem)
    order = {id_: index for index, id_ in enumerate(problem.slots)}
    for row in problem.frozen:  # a table that is taken only up to some slot is no obstacle to counting
        if order[row.slot] > first:
            yield problem.locations[str(row.location)], row
    for row in problem.pinned:
        for location in problem.locations.values():
            if row.table is not None and row.location in {None, location.id}:
                yield location, row


def _first_open_slot(problem: Problem) -> int:
    frozen = {row.request for row in problem.frozen}
    waiting = [request for request in problem.requests.values() if request.id not in frozen]
    if any(request.slots is None for request in waiting):
        return 0
    order = {id_: index for index, id_ in enumerate(problem.slots)}
    return min((order[id_] for request in waiting for id_ in request.slots or ()), default=len(order))
