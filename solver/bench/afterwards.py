"""What is asked of a schedule once it is there, measured: fairness, reasons, repairs, what-if, the frontier."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from solver.bounding import bound
from solver.cells import Grid
from solver.changed import changed_problem
from solver.changes import Absence, Changes, Closure
from solver.check import violations
from solver.explaining import Explainer
from solver.forecast import frontier, one_more_hour, one_more_slot, one_more_table, what_if
from solver.generate import generate
from solver.limits import SearchLimits
from solver.problem import Slot
from solver.records import problem_from
from solver.repairing import repair
from solver.scene import scene_of_rows
from solver.solving import solve
from solver.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from solver.forecast import Effect
    from solver.problem import Problem
    from solver.schedule import Alternative, Schedule

ABSENT = 20  # one in so many people does not come
CLOSED = 5  # one in so many tables is in the hall that closes
SAMPLED = 100  # requests that are asked about one by one
SECOND = SearchLimits(1.0, 2)
AT_ONCE = SearchLimits(0.0, 1)
FORECAST = 20.0  # seconds for all questions of one kind


class Row(NamedTuple):
    """One figure: of which size and question, and what it came to."""

    size: str
    what: str
    figure: str


def afterwards(size: str, limits: SearchLimits) -> Iterator[Row]:
    """Solve a generated event of two halls, then ask; every schedule on the way goes through the checker."""
    event = generate(size, seed=limits.seed)
    problem = _with_two_halls(problem_from(event | {"requests": list(event["requests"]), "objective": "balanced"}))
    total = _checked(replace(problem, objective="total"), solve(replace(problem, objective="total"), limits))
    schedule = _checked(problem, solve(problem, limits))
    rows = [*_fairness(problem, schedule, total), *_reasons(problem, schedule), *_cells(problem, schedule)]
    rows += [*_bad_day(replace(problem, objective="total"), total), *_forecast(problem), *_frontier(problem)]
    for what, figure in rows:
        yield Row(size, what, figure)


def _with_two_halls(problem: Problem) -> Problem:
    (hall,) = problem.locations.values()
    small = max(1, hall.capacity // CLOSED)
    halls = replace(hall, capacity=hall.capacity - small), replace(hall, id=f"{hall.id} 2", capacity=small)
    return replace(problem, locations={one.id: one for one in halls})


def _checked(problem: Problem, schedule: Schedule) -> Schedule:
    for violation in violations(problem, schedule):
        raise ValueError(violation)
    return schedule


def _fairness(problem: Problem, schedule: Schedule, total: Schedule) -> Iterator[tuple[str, str]]:
    meetings = dict.fromkeys((id_ for one in problem.requests.values() for side in one.sides for id_ in side), 0)
    for row in schedule.meetings:
        for id_ in row.attendees or ():
            meetings[id_] += 1
    counts = [sum(number == few for number in meetings.values()) for few in range(3)]
    yield "gap of `balanced`", _share(_gap(schedule.value, schedule.bound))
    yield "weight beside that of `total`", _share(schedule.terms["weight"] / total.terms["weight"] - 1)
    yield "idle slots a person", f"{-schedule.terms['idle_slots'] / len(meetings):.2f}".replace("-", "")
    yield "people with no, one, two meetings", ", ".join(map(str, counts))
    yield "of those with none: who has free slots", str(_could_meet(problem, schedule, meetings))


def _could_meet(problem: Problem, schedule: Schedule, meetings: dict[str, int]) -> int:
    """Count who has no meeting although some request of theirs has a slot in which everybody is free."""
    alone = {id_ for id_, number in meetings.items() if number == 0}
    busy: dict[str, set[str]] = {}
    for row in schedule.meetings:
        for id_ in row.attendees or ():
            busy.setdefault(id_, set()).add(row.slot)
    could = set()
    for request in problem.requests.values():
        names = {id_ for side in request.sides for id_ in side}
        if names & alone:
            taken = [busy.get(id_, set()) | problem.participants[id_].unavailable_slots for id_ in names]
            if problem.slots.keys() - set().union(*taken):
                could |= names & alone
    return len(could)


def _reasons(problem: Problem, schedule: Schedule) -> Iterator[tuple[str, str]]:
    scene = scene_of_rows(problem, schedule.meetings)
    explainer = Explainer(scene, schedule.meetings)
    unmet = scene.unmet()
    yield "requests not held", str(len(unmet))
    yield "their reasons, all", _milliseconds(_cpu(explainer.reasons.of, unmet)[0])
    yield (
        "their cheapest displacements, all",
        _milliseconds(_cpu(lambda: list(explainer.remedies.displacing(unmet)))[0]),
    )
    ids = [scene.compiled.request_ids[number] for number in unmet[:: max(1, len(unmet) // SAMPLED)].tolist()]
    each = [_cpu(explainer.explain, id_)[0] for id_ in ids]
    yield "one request with every remedy, median", _milliseconds(median(each))


def _cells(problem: Problem, schedule: Schedule) -> Iterator[tuple[str, str]]:
    grid = Grid(problem, schedule)
    ids = list(problem.requests)[:: max(1, len(problem.requests) // SAMPLED)]
    each = [_cpu(grid.placements, id_)[0] for id_ in ids]
    yield "all cells of one request, median and slowest", f"{_milliseconds(median(each))}, {_milliseconds(max(each))}"


def _bad_day(problem: Problem, schedule: Schedule) -> Iterator[tuple[str, str]]:
    """Let one in twenty be absent and the second hall be closed for the last half-day."""
    time_ = Timetable(problem.slots.values())
    *_, last = time_.runs()
    half_day = frozenset(time_.ids[last.start : last.stop])
    absent = tuple(Absence(id_) for id_ in list(problem.participants)[::ABSENT])
    changes = Changes(unavailable=absent, closed=(Closure(list(problem.locations)[1], half_day),))
    alone = [_cpu(repair, problem, schedule, changes, AT_ONCE)[0] for _ in range(3)]
    yield "repair that moves nobody, with compiling and reasons", _milliseconds(median(alone))
    began = time.monotonic()
    mended = repair(problem, schedule, changes, SECOND)
    yield "three repairs, with compiling and reasons", f"{time.monotonic() - began:.1f} s"
    changed = changed_problem(problem, schedule, changes)
    proven = bound(changed, SearchLimits(60.0, 2))
    first = mended.alternatives[0]  # keeps exactly what can stay
    could_stay = {row.request for row in schedule.meetings} - set(first.lost) - set(first.moved)
    for number, way in enumerate(mended.alternatives):
        _checked(changed, way.schedule)
        yield f"repair {number + 1}", _told(way, could_stay, proven)


def _told(way: Alternative, could_stay: set[str], proven: float) -> str:
    retimed, dropped = (len(could_stay.intersection(ids)) for ids in (way.moved, way.lost))
    share, gap = _share(retimed / len(could_stay)), _share(_gap(way.schedule.value, proven))
    return f"of {len(could_stay)} that could stay {retimed} ({share}) moved, {dropped} dropped; gap {gap}"


def _forecast(problem: Problem) -> Iterator[tuple[str, str]]:
    days = [slot.day for slot in problem.slots.values()]
    late = Slot("one more", days[-1], 23 * 60, 23 * 60 + 20)
    asked = {
        "one more table": one_more_table(problem, next(iter(problem.locations))),
        "one more slot": one_more_slot(problem, late),
        "all hours of the most wanted": one_more_hour(problem, _most_wanted(problem), problem.slots),
    }
    limits = SearchLimits(FORECAST, 2)
    began = time.monotonic()
    effects = what_if(problem, list(asked.values()), limits)
    yield "what-if: three questions", f"{time.monotonic() - began:.1f} s"
    for what, effect in zip(asked, effects, strict=True):
        yield f"what-if: {what}", _effect(effect)


def _effect(effect: Effect) -> str:
    return f"about {effect.estimate:+.0f}, surely between {effect.at_least:+.0f} and {effect.at_most:+.0f}"


def _most_wanted(problem: Problem) -> str:
    wanted: dict[str, int] = {}
    for request in problem.requests.values():
        for id_ in {id_ for side in request.sides for id_ in side}:
            wanted[id_] = wanted.get(id_, 0) + 1
    return max(wanted, key=lambda id_: wanted[id_])


def _frontier(problem: Problem) -> Iterator[tuple[str, str]]:
    for point in frontier(problem, SearchLimits(FORECAST, 2)):
        people = ", ".join(map(str, point.people[:3]))
        gap = _share(_gap(point.value, point.bound))
        yield (
            f"frontier: bonuses times {point.times:g}",
            f"weight {point.weight}, gap {gap}; {people} with no, one, two",
        )


def _cpu(work: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    began = time.process_time()
    result = work(*arguments)
    return time.process_time() - began, result


def _gap(value: float, proven: float) -> float:
    return abs(proven - value) / max(1.0, abs(proven))


def _share(share: float) -> str:
    return f"{100 * share:.3f} %"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms CPU"
