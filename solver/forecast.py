"""What a change would do to the optimum, and what fairness costs: questions about a problem, answered with bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from solver.limits import SearchLimits
from solver.problem import Slot
from solver.solving import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from solver.limits import OnProgress, Stop
    from solver.problem import Problem
    from solver.schedule import Schedule

TIMES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)  # the bonuses of a frontier


@dataclass(frozen=True, slots=True)
class Effect:
    """A change moves the optimum by between ``at_least`` and ``at_most``, in units of the objective.

    ``estimate`` is what it moves the bound by, which is near where both searches have settled prices; ``meetings``
    is how many more the schedule found holds than the one before: an example of the change, and no bound.
    """

    value: int
    bound: float
    at_least: float
    at_most: float
    estimate: float
    meetings: int


@dataclass(frozen=True, slots=True)
class Point:
    """What is reached with bonuses ``times`` what they are: ``bound`` is of the whole value, bonuses included.

    ``people`` counts those who are named in a request, by their meetings: none, one, two, more.
    """

    times: float
    weight: int
    value: int
    bound: float
    people: tuple[int, int, int, int]


def what_if(
    problem: Problem,
    changed: Sequence[Problem],
    limits: SearchLimits | None = None,
    *,
    stop: Stop | None = None,
) -> tuple[Effect, ...]:
    """Tell what each changed problem would be worth beside ``problem``; ``limits.seconds`` are shared by all.

    The optimum of a problem lies between its best schedule and its bound, so that its gain lies between the
    differences of the outer ends.
    """
    limits = limits or SearchLimits()
    each = replace(limits, seconds=limits.seconds / (1 + len(changed)))
    before = _solved(problem, each, stop)
    return tuple(_effect(before, _solved(other, each, stop)) for other in changed)


def _solved(problem: Problem, limits: SearchLimits, stop: Stop | None) -> Schedule:
    run = Run(problem, limits, stop=stop)
    run.search()
    return run.schedule()


def _effect(before: Schedule, after: Schedule) -> Effect:
    ends = after.value - before.bound, after.bound - before.value
    low, high = min(ends), max(ends)
    estimate = min(high, max(low, after.bound - before.bound))
    return Effect(after.value, after.bound, low, high, estimate, len(after.meetings) - len(before.meetings))


def one_more_table(problem: Problem, location: str) -> Problem:
    """Return the problem with a table more in a location, all the time."""
    larger = replace(problem.locations[location], capacity=problem.locations[location].capacity + 1)
    return replace(problem, locations={**problem.locations, location: larger})


def one_more_hour(problem: Problem, participant: str, slots: Iterable[str]) -> Problem:
    """Return the problem with a participant available in these slots too."""
    person = problem.participants[participant]
    freed = replace(person, unavailable_slots=person.unavailable_slots - frozenset(slots))
    return replace(problem, participants={**problem.participants, participant: freed})


def one_more_representative(problem: Problem, participant: str, id_: str) -> Problem:
    """Return the problem with a colleague of a participant, ``id_``: there as long, asked by the same, no bonus."""
    colleague = replace(problem.participants[participant], id=id_, min_meetings=0, bonuses=())
    requests = {
        request.id: replace(request, sides=tuple(_beside(side, participant, id_) for side in request.sides))
        for request in problem.requests.values()
    }
    locations = {
        place.id: place
        if participant not in (place.owners or ())
        else replace(place, owners=(place.owners or frozenset()) | {id_})
        for place in problem.locations.values()
    }
    people = {**problem.participants, id_: colleague}
    return replace(problem, participants=people, requests=requests, locations=locations)


def _beside(side: tuple[str, ...], participant: str, id_: str) -> tuple[str, ...]:
    return (*side, id_) if participant in side else side


def one_more_slot(problem: Problem, slot: Slot) -> Problem:
    """Return the problem with a slot more, in its place in time; everybody is available in it."""
    slots = sorted([*problem.slots.values(), slot], key=lambda one: (one.day, one.start))
    return replace(problem, slots={one.id: one for one in slots})


def frontier(
    problem: Problem,
    limits: SearchLimits | None = None,
    *,
    times: Sequence[float] = TIMES,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> tuple[Point, ...]:
    """Trade fairness for total weight: one point for each multiple of the bonuses; the seconds are shared by all."""
    limits = limits or SearchLimits()
    each = replace(limits, seconds=limits.seconds / max(1, len(times)))
    points = []
    for factor in times:
        run = Run(_with_bonuses(problem, factor), each, progress=progress, stop=stop)
        run.search()
        points.append(_point(problem, factor, run.schedule()))
    return tuple(points)


def _with_bonuses(problem: Problem, factor: float) -> Problem:
    """Return the problem under ``balanced`` with its bonuses times ``factor``, rounded to whole numbers."""
    people = {
        id_: person if person.bonuses is None else replace(person, bonuses=_times(person.bonuses, factor))
        for id_, person in problem.participants.items()
    }
    bonuses = _times(problem.bonuses, factor)
    return replace(problem, objective="balanced", bonuses=bonuses, participants=people)


def _times(bonuses: Sequence[int], factor: float) -> tuple[int, ...]:
    return tuple(round(bonus * factor) for bonus in bonuses)


def _point(problem: Problem, factor: float, schedule: Schedule) -> Point:
    meetings = dict.fromkeys(
        (id_ for request in problem.requests.values() for side in request.sides for id_ in side), 0
    )
    for row in schedule.meetings:
        for id_ in row.attendees or ():
            meetings[id_] = meetings.get(id_, 0) + 1
    counts = [0, 0, 0, 0]
    for number in meetings.values():
        counts[min(3, number)] += 1
    none, one, two, more = counts
    return Point(factor, schedule.terms["weight"], schedule.value, schedule.bound, (none, one, two, more))
