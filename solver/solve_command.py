"""The command ``solve``: a search in a thread, and a main thread that hears signals and keeps the time."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict, replace
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from solver.command import BAD_INPUT, NO_SCHEDULE, NOT_FOUND, say
from solver.errors import NoScheduleError
from solver.limits import Progress, SearchLimits
from solver.records import conflict_to, read_problem, write, write_schedule
from solver.rows import schedule_parts
from solver.solving import Run
from solver.writing import lines_of

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from solver.problem import Problem
    from solver.schedule import Schedule

START_UP = 0.1  # seconds that Python needs before it reads this line
GRACE = 1.0  # seconds after the limit in which the search may still come back by itself
ANSWER = 40e-6  # seconds for each request that tables, reasons and the file take after the search
AT_MOST = 0.2  # of all the time, for that
STARTED = monotonic() - START_UP


def solve_command(options: argparse.Namespace) -> int:
    stop = stop_on_signals()
    if (parent := missing_directory(options.output)) is not None:
        return say(f"{options.output}: no directory {parent}; expected a place to write to", BAD_INPUT)
    options.reading = options.problem
    problem = _as_asked(read_problem(options.problem), options)
    try:
        schedule = _Search(problem, options, stop).schedule()
    except NoScheduleError as error:
        return _without_schedule(error, options)
    if options.output is None:
        sys.stdout.writelines(lines_of(schedule_parts(schedule)))
    else:
        write_schedule(schedule, options.output)
    return say(_summary(schedule))


def bound_command(options: argparse.Namespace) -> int:
    from solver.bounding import bound  # noqa: PLC0415 (solving has a bound of its own)

    stop = stop_on_signals()
    options.reading, options.seed = options.problem, 0
    problem = _as_asked(read_problem(options.problem), options)
    limits = SearchLimits(max(0.0, STARTED + options.seconds - monotonic()), options.workers)
    proven = bound(problem, limits, progress=tell, stop=stop)
    sys.stdout.write(f"{proven:.12g}\n")
    return say(f"bound: {problem.objective} {proven:.12g}, {monotonic() - STARTED:.1f} s")


def stop_on_signals() -> Event:
    """Let Ctrl-C and SIGTERM end the search with the best schedule so far."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def missing_directory(output: Path | None) -> Path | None:
    return output.parent if output is not None and not output.parent.is_dir() else None


def _as_asked(problem: Problem, options: argparse.Namespace) -> Problem:
    """Let the command line win over the file."""
    objective = options.objective or problem.objective
    max_breaks = problem.max_breaks if options.max_breaks is None else options.max_breaks
    if (objective, max_breaks) == (problem.objective, problem.max_breaks):
        return problem
    return replace(problem, objective=objective, max_breaks=max_breaks)


class _Search:
    """Runs in its own thread, so that neither a deaf library nor a long presolve can delay the answer."""

    def __init__(self, problem: Problem, options: argparse.Namespace, stop: Event) -> None:
        self.stop = stop
        self.deadline = STARTED + options.seconds - min(ANSWER * len(problem.requests), AT_MOST * options.seconds)
        limits = SearchLimits(max(0.0, self.deadline - monotonic()), options.workers, options.seed)
        progress = tell_json if options.progress == "json" else tell
        self.run = Run(problem, limits, progress=progress, stop=stop)
        self.error: BaseException | None = None
        self.thread = Thread(target=self._search, daemon=True)

    def schedule(self) -> Schedule:
        self.thread.start()
        while self.thread.is_alive() and monotonic() < self.deadline and not self.stop.is_set():
            self.thread.join(0.05)
        self.thread.join(GRACE)
        if self.error is not None:
            raise self.error
        return self.run.schedule()

    def _search(self) -> None:
        try:
            self.run.search()
        except BaseException as error:  # noqa: BLE001 (the main thread raises it again)
            self.error = error


def tell_json(progress: Progress) -> None:
    _write_line(json.dumps(asdict(progress)))


def tell(progress: Progress) -> None:
    value = "-" if progress.value is None else progress.value
    bound = "-" if progress.bound is None else f"{progress.bound:g}"
    _write_line(f"{progress.seconds:8.1f} s  {progress.phase}: value {value}, bound {bound}")


def _write_line(line: str) -> None:
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:  # nobody reads any more; the answer still matters
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it stays open)


def _without_schedule(error: NoScheduleError, options: argparse.Namespace) -> int:
    if error.conflict is None:
        return say(f"{options.problem}: {error}; allow more seconds", NOT_FOUND)
    answer(conflict_to(error.conflict), options.output)
    few = ", ".join(error.conflict.requests[:5])
    return say(f"{options.problem}: {error}; {len(error.conflict.requests)} requests: {few}", NO_SCHEDULE)


def answer(data: dict[str, Any], output: Path | None) -> None:
    if output is None:
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    else:
        write(data, output)


def _summary(schedule: Schedule) -> str:
    return (
        f"{schedule.status}: {schedule.objective} {schedule.value}, bound {schedule.bound:g}, gap {schedule.gap:.4f}; "
        f"{len(schedule.meetings)} meetings, {len(schedule.unscheduled)} requests not held, {schedule.seconds:.1f} s"
    )
