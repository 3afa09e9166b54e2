"""Making the machine code ahead, once after installation, so that nobody's first run has to wait for it."""

from __future__ import annotations

import gc
import os
from multiprocessing import get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from numba.core import config

from solver.best import Best
from solver.cells import placements
from solver.changes import Absence, Changes
from solver.compiled import Compiled
from solver.explaining import explain
from solver.generate import generate
from solver.generate.writing import write_event
from solver.limits import SearchLimits
from solver.records import read_problem
from solver.repairing import repair
from solver.search.improve import Annealer, Pricing, first_schedule
from solver.solving import schedule_of

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from solver.problem import Problem
    from solver.schedule import Schedule

POLITE = 10  # nicer than whoever works meanwhile
HOUR = 3600.0  # seconds: longer than any machine takes
PATIENCE = 20.0  # seconds for prices
SELDOM = 50_000  # objects between two searches for garbage, of which a compiler makes little
MOMENT = 0.5  # seconds of walking, once the code for it is made


def warm() -> None:
    """Search, repair, explain and judge the cells of a small event with every rule in play: what that needs is kept.

    Where it was done before, with the same sources, nothing is left to do.
    """
    done = Path(vars(config)["CACHE_DIR"], "ready")
    if done.exists():
        return
    os.nice(POLITE)
    gc.set_threshold(SELDOM)
    problem = _small_event()
    explaining = _start_explaining()
    schedule = _search(problem)
    somebody = next(iter(problem.participants))
    repair(problem, schedule, Changes(unavailable=(Absence(somebody),)), SearchLimits(seconds=MOMENT, workers=1))
    explaining.join()
    explain(problem, schedule)
    placements(problem, schedule, next(iter(problem.requests)))
    done.touch()


def _start_explaining() -> BaseProcess:
    explaining = get_context("spawn").Process(target=_explain_small_event)
    explaining.start()
    return explaining


def _explain_small_event() -> None:
    """Make the code of explanations in a second process, as long as the first lives: a compiler uses one core."""
    Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(SELDOM)
    explain(_small_event(), ())


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _search(problem: Problem) -> Schedule:
    best = Best(Compiled(problem), SearchLimits(seconds=HOUR, workers=1), None, None)
    start = first_schedule(best)
    pricing = Pricing(best)
    pricing.work(best.seconds() + PATIENCE)
    annealer = Annealer(best, pricing, seed=0)
    annealer.go_on(start, best.seconds() + MOMENT)
    annealer.go_on(best.as_book(), best.seconds() + MOMENT)
    return schedule_of(best)


def _small_event() -> Problem:
    with TemporaryDirectory(prefix="matchmaker-warm-") as folder:
        file = Path(folder, "event.json")
        write_event(generate("S", features=True), file)
        return read_problem(file)
