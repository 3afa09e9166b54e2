"""The whole problem as one CP-SAT model: right for what it can search through, and the measure for the rest."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from solver.held import Held
from solver.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.best import Best
    from solver.compiled import Compiled

POLL = 0.05  # seconds between two looks at the caller's wish to stop


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
    return held


def search(best: Best) -> str:
    """Improve ``best`` until its limit, a stop or a proof; return CP-SAT's own word for how it ended."""
    held, _ = build(best.compiled)
    if best.placements is not None:
        hint(held, best.placements)
    if best.over():
        return "UNKNOWN"
    solver = _solver(best)
    with _Watch(solver, best):
        status = solver.solve(held.model, _Incumbents(held, best))
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        best.offer_placements(_placements(held, solver))
        best.limit(solver.best_objective_bound)
    return str(solver.status_name(status))


def hint(held: Held, placements: Iterable[tuple[int, int]]) -> None:
    """Suggest a schedule to start from."""
    starts = set(placements)
    for row in held.rows:
        held.model.add_hint(row.variable, (row.option.number, row.start) in starts)


def _solver(best: Best) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.05, best.left())
    solver.parameters.num_workers = best.limits.workers
    solver.parameters.random_seed = best.limits.seed
    solver.parameters.catch_sigint_signal = False
    solver.parameters.interleave_search = best.limits.workers == 1
    solver.best_bound_callback = best.limit
    return solver


def _placements(held: Held, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> list[tuple[int, int]]:
    return [(row.option.number, row.start) for row in held.rows if values.boolean_value(row.variable)]


class _Incumbents(cp_model.CpSolverSolutionCallback):
    def __init__(self, held: Held, best: Best) -> None:
        super().__init__()
        self.held = held
        self.best = best

    def on_solution_callback(self) -> None:
        self.best.offer_placements(_placements(self.held, self))


class _Watch:
    """Stops a solver when its caller wants to, or when its time is over although CP-SAT has not noticed."""

    def __init__(self, solver: cp_model.CpSolver, best: Best) -> None:
        self.solver = solver
        self.best = best
        self.done = Event()
        self.thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.done.wait(POLL):
            if self.best.over():
                self.solver.stop_search()


def is_impossible(compiled: Compiled, seconds: float, workers: int) -> bool:
    """Tell whether it is proven, within ``seconds``, that the rules contradict each other."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.catch_sigint_signal = False
    return bool(solver.solve(_ruled(compiled).model) == cp_model.INFEASIBLE)
