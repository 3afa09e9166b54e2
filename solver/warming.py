"""Making the machine code ahead, once after installation, so that nobody's first run has to wait for it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from solver.bounding import bound
from solver.generate import generate
from solver.generate.writing import write_event
from solver.limits import SearchLimits
from solver.records import read_problem
from solver.solving import solve

POLITE = 10  # nicer than whoever works meanwhile
MOMENT = SearchLimits(seconds=3.0, workers=1)


def warm() -> None:
    """Solve a small event with every rule in play, under two objectives: whatever a run needs is kept on disk."""
    os.nice(POLITE)
    with TemporaryDirectory(prefix="matchmaker-warm-") as folder:
        file = Path(folder, "event.json")
        write_event(generate("S", features=True), file)
        problem = read_problem(file)
    for objective in ("balanced", "total"):
        asked = replace(problem, objective=objective)
        solve(asked, MOMENT)
        bound(asked, MOMENT)
