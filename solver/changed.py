"""The problem that is left after changes: what is past stands, what is gone is closed, the rest was before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from solver.changes import check_changes
from solver.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from solver.changes import Changes
    from solver.problem import Location, Meeting, Participant, Problem, Request, SlotId


def changed_problem(problem: Problem, schedule: Schedule | Iterable[Meeting], changes: Changes) -> Problem:
    """Return the problem that a repair solves: what started before ``now`` is frozen, the rest is ``previous``.

    Slots that are past or removed stay in the list, with all locations closed. A cancelled request is no request
    any more, unless its meeting has started. The objective is the schedule's own, where it says one.

    Raises
    ------
    InvalidProblemError
        If changes or schedule name what the problem does not know, or a row that has started is not complete.
    """
    check_changes(changes, problem)
    frozen, previous = _past_and_rest(problem, meetings_of(schedule), changes)
    cancelled = changes.cancelled - {row.request for row in frozen}
    return replace(
        problem,
        locations=_locations(problem, changes),
        participants=_participants(problem, changes),
        requests=_requests(problem, cancelled) | dict(changes.added_requests),
        pinned=tuple(row for row in problem.pinned if row.request not in cancelled),
        frozen=frozen,
        previous=tuple(row for row in previous if row.request not in cancelled),
        objective=schedule.objective if isinstance(schedule, Schedule) else problem.objective,
    )


def meetings_of(schedule: Schedule | Iterable[Meeting]) -> tuple[Meeting, ...]:
    return schedule.meetings if isinstance(schedule, Schedule) else tuple(schedule)


def _past_and_rest(
    problem: Problem, meetings: tuple[Meeting, ...], changes: Changes
) -> tuple[tuple[Meeting, ...], tuple[Meeting, ...]]:
    past = problem.slots.keys() - _from_now_on(problem, changes)
    stood = {row.request for row in problem.frozen}
    left = [row for row in meetings if row.request not in stood]
    frozen = (*problem.frozen, *(row for row in left if row.slot in past))
    return frozen, tuple(row for row in left if row.slot not in past)


def _from_now_on(problem: Problem, changes: Changes) -> frozenset[SlotId]:
    slots = list(problem.slots)
    return frozenset(slots if changes.now is None else slots[slots.index(changes.now) :])


def _locations(problem: Problem, changes: Changes) -> Mapping[str, Location]:
    later = _from_now_on(problem, changes)
    gone = changes.removed_slots | (problem.slots.keys() - later)
    closed = {id_: location.closed_slots | gone for id_, location in problem.locations.items()}
    for closure in changes.closed:
        closed[closure.location] |= closure.slots or later
    return {id_: replace(location, closed_slots=closed[id_]) for id_, location in problem.locations.items()}


def _participants(problem: Problem, changes: Changes) -> Mapping[str, Participant]:
    later = _from_now_on(problem, changes)
    people = dict(problem.participants)
    for absence in changes.unavailable:
        person = people[absence.participant]
        away = person.unavailable_slots | (absence.slots or later)
        people[person.id] = replace(person, unavailable_slots=away)
    return people


def _requests(problem: Problem, cancelled: frozenset[str]) -> dict[str, Request]:
    """Give the requests that are left; what was to come after a cancelled one need not wait for it."""
    return {
        id_: request if cancelled.isdisjoint(request.after) else _without(request, cancelled)
        for id_, request in problem.requests.items()
        if id_ not in cancelled
    }


def _without(request: Request, cancelled: frozenset[str]) -> Request:
    return replace(request, after=tuple(id_ for id_ in request.after if id_ not in cancelled))
