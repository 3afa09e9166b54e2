"""Builders of small problems and honest answers, with harmless defaults."""

from collections.abc import Iterable, Mapping
from typing import Any

from solver.check import terms, value
from solver.problem import Interpreter, Location, Meeting, ObjectiveName, Participant, Problem, Request, Slot
from solver.schedule import Schedule, Unscheduled

NINE = 9 * 60
MINUTES = 20
HALL = Location("hall", capacity=4)


def slots(count: int, *, day: str = "1", after_break: Iterable[int] = ()) -> list[Slot]:
    """Return 20-minute slots that touch, 1-1, 1-2, …; those numbered in ``after_break`` follow a break."""
    return [
        Slot(
            f"{day}-{n}",
            f"2026-03-0{day}",
            NINE + (n - 1) * MINUTES,
            NINE + n * MINUTES,
            break_before=n in set(after_break),
        )
        for n in range(1, count + 1)
    ]


def ask(id_: str, *sides: str, weight: int = 10, **rest: Any) -> Request:
    """Return a request whose sides are given as ``"ann"``, or ``"ann ada"`` for one of two."""
    return Request(id_, tuple(tuple(side.split()) for side in sides), weight=weight, **rest)


def a_day(
    times: Iterable[Slot],
    *requests: Request,
    people: Iterable[Participant] = (),
    locations: Iterable[Location] = (HALL,),
    interpreters: Iterable[Interpreter] = (),
    walking: Mapping[tuple[str, str], int] | None = None,
    **rest: Any,
) -> Problem:
    """Return a problem; who is named in a request and not among ``people`` is free and without limits."""
    named = [id_ for request in requests for side in request.sides for id_ in side]
    known = {person.id: person for person in people}
    return Problem(
        slots={slot.id: slot for slot in times},
        locations={location.id: location for location in locations},
        participants=known | {id_: Participant(id_) for id_ in named if id_ not in known},
        requests={request.id: request for request in requests},
        interpreters={interpreter.id: interpreter for interpreter in interpreters},
        walking={frozenset(zones): minutes for zones, minutes in (walking or {}).items()},
        **rest,
    )


def meet(
    request: str, slot: str, attendees: str, table: int = 1, *, at: str = "hall", interpreter: str | None = None
) -> Meeting:
    return Meeting(request, slot, at, table, tuple(attendees.split()), interpreter)


def answer(problem: Problem, meetings: Iterable[Meeting], objective: ObjectiveName | None = None) -> Schedule:
    """Return a schedule that says the truth about its meetings, and claims that they are the best."""
    objective = objective or problem.objective
    meetings = tuple(meetings)
    worth = value(problem, meetings, objective)
    held = {meeting.request for meeting in meetings}
    return Schedule(
        status="optimal",
        objective=objective,
        value=worth,
        bound=float(worth),
        gap=0.0,
        seconds=0.0,
        terms=terms(problem, meetings),
        meetings=meetings,
        unscheduled=tuple(Unscheduled(id_, "displaced") for id_ in problem.requests if id_ not in held),
    )
