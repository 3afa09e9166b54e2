"""Proven upper bounds, apart from any search."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from solver.best import Best
from solver.compiled import Compiled
from solver.limits import SearchLimits
from solver.prices import Prices
from solver.relaxation import relax

if TYPE_CHECKING:
    from solver.limits import OnProgress, Stop
    from solver.problem import Problem


def bound(
    problem: Problem,
    limits: SearchLimits | None = None,
    *,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> float:
    """Return a number that no schedule's value is beyond, under the problem's own objective.

    It is the value of a linear relaxation, recomputed from the prices that a first-order method has found when
    it settles or its time is over: any prices prove a bound. Under ``breaks``, where fewer is better, the bound
    is what CP-SAT proves within ``limits``, and 0 at worst.
    """
    best = Best(Compiled(problem), limits or SearchLimits(), progress, stop)
    best.enter("bound")
    if problem.objective == "breaks":
        return _fewest_breaks(best)
    prices = Prices(relax(best.compiled, best.compiled.start_book()))
    while not prices.settled() and not best.over():
        prices.go_on(best.over)
        best.limit(prices.bound)
    return prices.bound if math.isfinite(prices.bound) else prices.bound_of(prices.y)


def _fewest_breaks(best: Best) -> float:
    from solver.exact import search  # noqa: PLC0415 (OR-Tools takes half a second to import)

    search(best)
    return max(0.0, -best.bound) if math.isfinite(best.bound) else 0.0
