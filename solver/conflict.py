"""Requests that contradict each other: few of those that must be held and cannot all be."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from solver.compiled import Compiled
from solver.errors import Conflict
from solver.implied import promised_too_often

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.best import Best
    from solver.problem import Problem

GRACE = 1.0  # seconds to look for a small conflict although the limit is near


def find_conflict(problem: Problem, best: Best) -> Conflict:
    """Leave out requests for as long as the rest stays impossible; stop at the limit with what is left."""
    requests = _alone(best.compiled) or _fewer(
        _of_one_person(best.compiled) or _musts(problem, best), _Trial(problem, best)
    )
    people = {person for id_ in requests for side in problem.requests[id_].sides for person in side}
    return Conflict(tuple(requests), tuple(id_ for id_ in problem.participants if id_ in people))


def broken_pins(problem: Problem) -> list[str]:
    """Give the requests whose frozen meeting is not as their pin says."""
    frozen = {row.request: row for row in problem.frozen}
    return [pin.request for pin in problem.pinned if pin.request in frozen and not _agree(pin, frozen[pin.request])]


def _agree(pin: object, row: object) -> bool:
    names = ("slot", "location", "table", "attendees", "interpreter")
    return all(getattr(pin, name) in {None, getattr(row, name)} for name in names)


def _alone(compiled: Compiled) -> list[str]:
    """Give a request that is impossible by itself, if there is one."""
    if broken := broken_pins(compiled.problem):
        return broken[:1]
    request = compiled.facts.request
    none = request["option_stop"] == request["option_from"]
    alone = np.flatnonzero((request["must"] != 0) & (request["frozen"] == 0) & none)
    return [compiled.request_ids[index] for index in alone[:1]]


def _of_one_person(compiled: Compiled) -> list[str]:
    """Give the requests that need one person more often than there is room for, if there are such."""
    return [compiled.requests[request].id for request in promised_too_often(compiled)]


def _musts(problem: Problem, best: Best) -> list[str]:
    must = [wanted.id for wanted in best.compiled.requests if wanted.must and not wanted.frozen]
    return (
        must if _Trial(problem, best)(must) else [wanted.id for wanted in best.compiled.requests if not wanted.frozen]
    )


def _fewer(requests: list[str], impossible: Callable[[list[str]], bool]) -> list[str]:
    """Try to leave out halves, then quarters, down to single requests."""
    size = len(requests) // 2
    while size:
        for first in range(len(requests) - len(requests) % size, -1, -size):
            rest = requests[:first] + requests[first + size :]
            if len(rest) < len(requests) and impossible(rest):
                requests = rest
        size //= 2
    return requests


class _Trial:
    """Tells whether some requests with their pins are impossible beside the frozen meetings alone."""

    def __init__(self, problem: Problem, best: Best) -> None:
        self.problem = problem
        self.best = best
        self.deadline = monotonic() + max(GRACE, best.left())

    def __call__(self, requests: list[str]) -> bool:
        from solver.exact import is_impossible  # noqa: PLC0415 (OR-Tools takes half a second to import)

        left = self.deadline - monotonic()
        if left <= 0 or self.best.stopped():
            return False
        compiled = Compiled(_only(self.problem, requests), self.best.compiled.rules)
        return is_impossible(compiled, left, self.best.limits.workers)


def _only(problem: Problem, requests: list[str]) -> Problem:
    frozen = {row.request for row in problem.frozen}
    kept = set(requests) | frozen
    return replace(
        problem,
        requests={
            id_: replace(request, after=tuple(earlier for earlier in request.after if earlier in kept))
            for id_, request in problem.requests.items()
            if id_ in kept
        },
        pinned=tuple(row for row in problem.pinned if row.request in kept),
        previous=(),
    )
