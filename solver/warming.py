"""Making the machine code ahead: once after installation, so that nobody's first run has to wait for it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from solver.explain import unscheduled
from solver.generate import generate
from solver.limits import SearchLimits
from solver.solving import Run

SECONDS = 2.0  # for each of two small searches, beside making the code


def warm() -> None:
    """Solve and explain a small event with every rule in play, so that all machine code is made and kept."""
    del Random
    problem = generate("S", features="all")
    for objective in ("balanced", "breaks"):
        run = Run(replace(problem, objective=objective), SearchLimits(seconds=SECONDS, workers=1))
        run.search()
        tuple(unscheduled(run.compiled, run.best.as_book()))
