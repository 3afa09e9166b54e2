"""The commands ``what-if`` and ``frontier``: questions about a problem, answered as a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from solver.command import BAD_INPUT, NO_SCHEDULE, NOT_FOUND, say
from solver.errors import NoScheduleError
from solver.forecast import frontier, what_if
from solver.limits import SearchLimits
from solver.records import conflict_to, read_problem
from solver.solve_command import answer, missing_directory, stop_on_signals

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from threading import Event

    from solver.problem import Problem


def what_if_command(options: argparse.Namespace) -> int:
    def ask(problem: Problem, stop: Event) -> dict[str, Any]:
        changed = [_read(options, path) for path in options.changed]
        return {"effects": [asdict(effect) for effect in what_if(problem, changed, _limits(options), stop=stop)]}

    return _answered(options, ask)


def frontier_command(options: argparse.Namespace) -> int:
    def ask(problem: Problem, stop: Event) -> dict[str, Any]:
        return {"points": [asdict(point) for point in frontier(problem, _limits(options), stop=stop)]}

    return _answered(options, ask)


def _answered(options: argparse.Namespace, ask: Callable[[Problem, Event], dict[str, Any]]) -> int:
    stop = stop_on_signals()
    if (parent := missing_directory(options.output)) is not None:
        return say(f"{options.output}: no directory {parent}; expected a place to write to", BAD_INPUT)
    try:
        found = ask(_read(options, options.problem), stop)
    except NoScheduleError as error:
        if error.conflict is None:
            return say(f"{options.problem}: {error}; allow more seconds", NOT_FOUND)
        answer(conflict_to(error.conflict), options.output)
        return say(f"{options.problem}: {error}", NO_SCHEDULE)
    answer(found, options.output)
    return say(f"{sum(len(rows) for rows in found.values())} answers")


def _read(options: argparse.Namespace, path: Any) -> Problem:
    options.reading = path
    return read_problem(path)


def _limits(options: argparse.Namespace) -> SearchLimits:
    return SearchLimits(options.seconds, options.workers, options.seed)
