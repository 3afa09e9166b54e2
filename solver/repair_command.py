"""The command ``repair``: a schedule and what changed, and ways to go on."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from solver.command import BAD_INPUT, NO_SCHEDULE, NOT_FOUND, say
from solver.errors import NoScheduleError
from solver.limits import SearchLimits
from solver.records import conflict_to, read_changes, read_problem, read_schedule, repair_to
from solver.repairing import repair
from solver.solve_command import answer, missing_directory, stop_on_signals, tell, tell_json

if TYPE_CHECKING:
    import argparse

    from solver.schedule import Repair


def repair_command(options: argparse.Namespace) -> int:
    stop = stop_on_signals()
    if (parent := missing_directory(options.output)) is not None:
        return say(f"{options.output}: no directory {parent}; expected a place to write to", BAD_INPUT)
    options.reading = options.problem
    problem = read_problem(options.problem)
    options.reading = options.schedule
    schedule = read_schedule(options.schedule)
    options.reading = options.changes
    changes = read_changes(options.changes, problem)
    loaded = monotonic()
    options.reading = options.schedule  # changes fit by now; what does not is a row of the schedule
    limits = SearchLimits(options.seconds, options.workers, options.seed)
    progress = tell_json if options.progress == "json" else tell
    try:
        repaired = repair(
            problem, schedule, changes, limits, alternatives=options.alternatives, progress=progress, stop=stop
        )
    except NoScheduleError as error:
        return _without_repair(error, options)
    took = monotonic() - loaded
    answer(repair_to(repaired), options.output)
    return say(_summary(repaired, took))


def _without_repair(error: NoScheduleError, options: argparse.Namespace) -> int:
    if error.conflict is None:
        return say(f"{options.problem}: {error}; allow more seconds", NOT_FOUND)
    answer(conflict_to(error.conflict), options.output)
    few = ", ".join(error.conflict.requests[:5])
    return say(f"{options.problem}: {error}; {len(error.conflict.requests)} requests: {few}", NO_SCHEDULE)


def _summary(repaired: Repair, took: float) -> str:
    ways = "; ".join(
        f"value {one.schedule.value}, {len(one.moved)} moved, {len(one.lost)} lost, {len(one.added)} added, "
        f"{len(one.told)} people to tell"
        for one in repaired.alternatives
    )
    return f"{len(repaired.alternatives)} alternatives in {took:.2f} s without loading: {ways}"
