"""The whole problem as one CP-SAT model: right for what it can search through, and the measure for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from solver.held import Held
from solver.implied import promised_too_often, say_what_follows
from solver.objective import Objective
from solver.race import Race, pure_logic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.best import Best
    from solver.compiled import Compiled


def build(compiled: Compiled) -> tuple[Held, Objective]:
    """Return the variables, with every rule of ``compiled`` said to their model, and the objective."""
    held = _ruled(compiled)
    objective = Objective(held)
    objective.maximize()
    return held, objective


def _ruled(compiled: Compiled) -> Held:
    held = Held(cp_model.CpModel(), compiled)
    for rule in compiled.rules:
        if rule.constrain is not None:
            rule.constrain(held)
    say_what_follows(held)
    return held


def search(best: Best) -> str:
    """Improve ``best`` until its limit, a stop or a proof; return CP-SAT's own word for how it ended."""
    if promised_too_often(best.compiled):
        return "INFEASIBLE"
    held, _ = build(best.compiled)
    if best.placements is not None:
        hint(held, best.placements)
    if best.over():
        return "UNKNOWN"
    return Race(best, held).run()


def hint(held: Held, placements: Iterable[tuple[int, int]]) -> None:
    """Suggest a schedule to start from."""
    starts = set(placements)
    for row in held.rows:
        held.model.add_hint(row.variable, (row.option.number, row.start) in starts)


def is_impossible(compiled: Compiled, seconds: float, workers: int) -> bool:
    """Tell whether it is proven, within ``seconds``, that the rules contradict each other."""
    if promised_too_often(compiled):
        return True
    held = _ruled(compiled)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.catch_sigint_signal = False
    if held.unary:
        pure_logic(solver.parameters)
    return bool(solver.solve(held.model) == cp_model.INFEASIBLE)
