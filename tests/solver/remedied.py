"""Making the change that a remedy names, and holding what its witness says."""

from dataclasses import replace
from itertools import chain, combinations

from solver.check import breaches
from solver.problem import Interpreter, Meeting, Problem
from solver.schedule import Remedy
from tests.solver.random_days import rows_of, with_interpreter, with_location, with_person, with_request


def changed(problem: Problem, request: str, remedy: Remedy) -> Problem:
    """Return the problem after the change, with the request mandatory."""
    problem = with_request(problem, replace(problem.requests[request], mandatory=True))
    return CHANGES[remedy.kind](problem, request, *remedy.ids)


def _free_slot(problem: Problem, _: str, id_: str, slot: str) -> Problem:
    if id_ in problem.participants:
        person = problem.participants[id_]
        return with_person(problem, replace(person, unavailable_slots=person.unavailable_slots - {slot}))
    if id_ in problem.locations:
        location = problem.locations[id_]
        return with_location(problem, replace(location, closed_slots=location.closed_slots - {slot}))
    helper = problem.interpreters[id_]
    return with_interpreter(problem, replace(helper, unavailable_slots=helper.unavailable_slots - {slot}))


def _add_table(problem: Problem, _: str, id_: str) -> Problem:
    location = problem.locations[id_]
    return with_location(problem, replace(location, capacity=location.capacity + 1))


def _raise_limit(problem: Problem, _: str, id_: str, limit: str) -> Problem:
    person = problem.participants[id_]
    return with_person(problem, replace(person, **{limit: getattr(person, limit) + 1}))


def _add_representative(problem: Problem, request: str, id_: str, side: str) -> Problem:
    asked = problem.requests[request]
    sides = tuple((*of, id_) if number == int(side) else of for number, of in enumerate(asked.sides))
    return with_request(problem, replace(asked, sides=sides))


def _add_interpreter(problem: Problem, _: str, id_: str, *languages: str) -> Problem:
    return with_interpreter(problem, Interpreter(id_, frozenset(languages)))


CHANGES = {
    "free_slot": _free_slot,
    "add_table": _add_table,
    "raise_limit": _raise_limit,
    "add_representative": _add_representative,
    "add_interpreter": _add_interpreter,
    "displace": lambda problem, *_: problem,
}


def remedied(rows: tuple[Meeting, ...], remedy: Remedy) -> tuple[Meeting, ...]:
    """Return the rows with those of the witness in their place, and without those that give way."""
    gone = remedy.ids if remedy.kind == "displace" else ()
    kept = {row.request: row for row in rows if row.request not in gone}
    return tuple((kept | {row.request: row for row in remedy.witness}).values())


def cheapest_by_trying(problem: Problem, rows: tuple[Meeting, ...], request: str) -> float:
    """Return the least weight that must go so that some row of the request breaks nothing."""
    frozen = {row.request for row in problem.frozen}
    free = [row for row in rows if row.request not in frozen]
    sets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))

    def weight(gone: tuple[Meeting, ...]) -> int:
        return sum(problem.requests[row.request].weight for row in gone)

    for gone in sorted(sets, key=weight):
        left = [row for row in rows if row not in gone]
        if any(breaches(problem, left, problem.objective)):
            continue  # who must be held may not go
        for new in rows_of(problem, problem.requests[request]):
            if not any(breaches(problem, (*left, new), problem.objective)):
                return weight(gone)
    return float("inf")
