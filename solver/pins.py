"""Pins that break a rule by themselves, whatever else is held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from solver.compiled import Compiled
from solver.errors import InvalidProblemError
from solver.rules import RULES

if TYPE_CHECKING:
    from solver.problem import Problem


def check_pins(problem: Problem) -> None:
    """Raise ``InvalidProblemError`` at the first pin that no placement fits, even on an empty day."""
    frozen = {row.request for row in problem.frozen}
    pins = tuple(row for row in problem.pinned if row.request not in frozen)
    if not pins:
        return
    compiled = Compiled(_only(problem, {row.request for row in pins}), RULES)
    for row in pins:
        if not compiled.options[compiled.request_index[row.request]]:
            raise InvalidProblemError(
                f"pinned {row.request}",
                f"a meeting at {row.slot} that breaks a rule by itself",
                "a row that is legal alone",
            )


def _only(problem: Problem, requests: set[str]) -> Problem:
    """Give the problem with these requests alone, and without frozen or previous meetings."""
    return replace(
        problem,
        requests={id_: replace(problem.requests[id_], after=()) for id_ in problem.requests if id_ in requests},
        pinned=tuple(row for row in problem.pinned if row.request in requests),
        previous=(),
        frozen=(),
    )
