"""Small random problems with every rule in play, and random schedules that keep them all."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import TypeVar

from solver.check import breaches
from solver.problem import (
    Engagement,
    Interpreter,
    Location,
    Meeting,
    ObjectiveName,
    Participant,
    Problem,
    Request,
    Slot,
    Weights,
)
from tests.solver.days import a_day, slots

T = TypeVar("T")
PEOPLE = ("ann", "bob", "cy", "dee", "eve", "fay")
LOCATIONS = ("hall", "salon", "stand")
LANGUAGES = ("ar", "fr", "en")


def random_problem(rng: Random, *, requests: int = 12) -> Problem:
    """Return a problem of two short days without pins, frozen meetings or mandatory requests."""
    times = [*slots(3, after_break=rng.sample([2, 3], rng.randint(0, 1))), *slots(2, day="2")]
    asked = [_request(rng, f"r{n}", [f"r{earlier}" for earlier in range(n)], times) for n in range(requests)]
    return a_day(
        times,
        *asked,
        people=[_person(rng, id_, times) for id_ in PEOPLE],
        locations=[_location(rng, id_, times) for id_ in LOCATIONS],
        interpreters=[_interpreter(rng, id_, times) for id_ in ("ina", "ivo")],
        walking={("E", "W"): rng.choice([0, 5, 20])},
        bonuses=rng.choice([(), (9, 4)]),
    )


def _some(rng: Random, of: Sequence[T], chance: float) -> frozenset[T]:
    return frozenset(thing for thing in of if rng.random() < chance)


def _ids(times: Sequence[Slot]) -> list[str]:
    return [slot.id for slot in times]


def _maybe(rng: Random, value: T, chance: float) -> T | None:
    return value if rng.random() < chance else None


def _person(rng: Random, id_: str, times: Sequence[Slot]) -> Participant:
    engaged = Engagement(frozenset({rng.choice(_ids(times))}), zone=rng.choice(["E", "W", None]))
    return Participant(
        id_,
        unavailable_slots=_some(rng, _ids(times), 0.1),
        engagements=(engaged,) if rng.random() < 0.2 else (),
        max_meetings=_maybe(rng, rng.randint(1, 4), 0.3),
        max_per_day=_maybe(rng, rng.randint(1, 3), 0.3),
        max_consecutive=_maybe(rng, rng.randint(1, 2), 0.3),
        languages=_some(rng, LANGUAGES, 0.5),
        location=_maybe(rng, "stand", 0.1),
        parallel=rng.choice([1, 1, 2]),
        min_meetings=rng.randint(0, 2),
        bonuses=rng.choice([None, (), (5, 5)]),
    )


def _location(rng: Random, id_: str, times: Sequence[Slot]) -> Location:
    return Location(
        id_,
        zone=rng.choice(["E", "W", "E", "W", None]),
        capacity=rng.randint(1, 3),
        closed_slots=_some(rng, _ids(times), 0.1),
        owners=frozenset(rng.sample(PEOPLE, 3)) if id_ == "stand" else None,
        features=_some(rng, ["screen"], 0.5),
    )


def _interpreter(rng: Random, id_: str, times: Sequence[Slot]) -> Interpreter:
    return Interpreter(
        id_,
        languages=_some(rng, LANGUAGES, 0.8),
        unavailable_slots=_some(rng, _ids(times), 0.1),
        max_per_day=_maybe(rng, 2, 0.3),
        max_consecutive=_maybe(rng, 1, 0.3),
    )


def _request(rng: Random, id_: str, earlier: Sequence[str], times: Sequence[Slot]) -> Request:
    shuffled = rng.sample(PEOPLE, len(PEOPLE))
    sides = [(shuffled[0],), tuple(shuffled[1 : rng.randint(2, 3)])]
    if rng.random() < 0.2:
        sides.append((shuffled[3],))
    return Request(
        id_,
        tuple(sides),
        weight=rng.randint(1, 20),
        slots=frozenset(rng.sample(_ids(times), 4)) if rng.random() < 0.2 else None,
        locations=frozenset(rng.sample(LOCATIONS, 2)) if rng.random() < 0.2 else None,
        features=_some(rng, ["screen"], 0.1),
        length=rng.choice([1, 1, 1, 2]),
        after=tuple(sorted(_some(rng, earlier, 0.1))),
    )


def rows_of(problem: Problem, request: Request) -> list[Meeting]:
    """Return every complete row that could be written for a request, legal or not."""
    return [
        Meeting(request.id, slot, location.id, table, attendees, interpreter)
        for slot, location in product(problem.slots, problem.locations.values())
        for table in range(1, location.capacity + 1)
        for attendees in product(*request.sides)
        for interpreter in (None, *problem.interpreters)
    ]


def random_rows(problem: Problem, rng: Random) -> tuple[Meeting, ...]:
    """Return one row for each request, drawn blindly: it breaks many rules."""
    return tuple(rng.choice(rows_of(problem, request)) for request in problem.requests.values())


def legal_rows(problem: Problem, rng: Random) -> tuple[Meeting, ...]:
    """Return rows added one by one at random wherever they break nothing."""
    held: tuple[Meeting, ...] = ()
    for request in rng.sample(list(problem.requests.values()), len(problem.requests)):
        rows = rows_of(problem, request)
        for row in rng.sample(rows, min(len(rows), 60)):
            if not any(breaches(problem, (*held, row), problem.objective)):
                held = (*held, row)
                break
    return held


def with_promises(problem: Problem, rng: Random) -> tuple[Problem, tuple[Meeting, ...]]:
    """Freeze one row of a legal schedule, pin one, oblige one, and make all the previous; return that schedule too."""
    rows = legal_rows(problem, rng)
    past, pin, must = (rng.sample(rows, 3) if len(rows) > 2 else [*rows, None, None, None])[:3]
    promised = replace(
        problem,
        frozen=(past,) if past else (),
        pinned=(_loosened(pin, rng),) if pin else (),
        previous=rows,
        weights=Weights(kept=3, late_slots=-1),
    )
    if must:
        promised = with_request(promised, replace(problem.requests[must.request], mandatory=True))
    return promised, rows


def with_past(problem: Problem, rng: Random) -> Problem:
    """Freeze one row that was drawn blindly: it may break any rule, and stands."""
    return replace(problem, frozen=(rng.choice(random_rows(problem, rng)),))


def tiny_problem(rng: Random) -> Problem:
    """Return a problem small enough for brute force, with promises or without, under any objective."""
    problem = random_problem(rng, requests=rng.choice([2, 3]))
    kind = rng.choice(["free", "promises", "past"])
    if kind == "promises":
        problem, _ = with_promises(problem, rng)
    if kind == "past":
        problem = with_past(problem, rng)
    objective: ObjectiveName = rng.choice(["balanced", "balanced", "total", "breaks"])
    return replace(problem, objective=objective, max_breaks=rng.choice([None, 0, 1]))


def _loosened(row: Meeting, rng: Random) -> Meeting:
    """Return the row as a pin that leaves some of its places open."""
    return replace(row, **dict.fromkeys(_some(rng, ["location", "table", "attendees", "interpreter"], 0.5)))


def with_person(problem: Problem, person: Participant) -> Problem:
    return replace(problem, participants={**problem.participants, person.id: person})


def with_location(problem: Problem, location: Location) -> Problem:
    return replace(problem, locations={**problem.locations, location.id: location})


def with_request(problem: Problem, request: Request) -> Problem:
    return replace(problem, requests={**problem.requests, request.id: request})


def with_interpreter(problem: Problem, interpreter: Interpreter) -> Problem:
    return replace(problem, interpreters={**problem.interpreters, interpreter.id: interpreter})
