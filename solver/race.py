"""CP-SAT let loose on the model: which searches run beside each other, and how they end.

Where breaks are counted, a search by unsatisfiable cores proves the fewest in seconds but has no schedule until
then, while the usual search has schedules and no proof. So the proof starts alone, and where it takes longer
than a moment a second search starts beside it for the schedules.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from ortools.sat.python.cp_model_helper import SatParameters

    from solver.best import Best
    from solver.held import Held

POLL = 0.05  # seconds between two looks at the caller's wish to stop
HEAD_START = 1.5  # seconds that the proof has for itself
DECIDED = {cp_model.OPTIMAL, cp_model.INFEASIBLE}


class Race:
    """One or two searches on one model. The first that decides it ends both."""

    def __init__(self, best: Best, held: Held) -> None:
        self.best = best
        self.held = held
        self.decided = Event()
        self.status = "UNKNOWN"

    def run(self) -> str:
        """Return CP-SAT's own word for how the race ended."""
        if not self.held.unary:
            self._solve(_solver(self.best, self.best.limits.workers))
        elif self.best.limits.workers == 1:
            self._solve(_taking_turns(self.best))
        else:
            self._prove_and_improve()
        return self.status

    def _prove_and_improve(self) -> None:
        beside = Thread(target=self._improve, daemon=True)
        beside.start()
        self._solve(_by_cores(self.best))
        beside.join()

    def _improve(self) -> None:
        if not self.decided.wait(min(HEAD_START, max(0.0, self.best.left()))) and not self.best.over():
            self._solve(_for_schedules(self.best))

    def _solve(self, solver: cp_model.CpSolver) -> None:
        with _Watch(solver, self._over):
            status = solver.solve(self.held.model, _Incumbents(self.held, self.best))
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.best.offer_placements(placements(self.held, solver))
            self.best.limit(solver.best_objective_bound)
        if status in DECIDED:
            self.status = str(solver.status_name(status))
            self.decided.set()

    def _over(self) -> bool:
        return self.decided.is_set() or self.best.over()


def _solver(best: Best, workers: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.05, best.left())
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = best.limits.seed
    solver.parameters.catch_sigint_signal = False
    solver.parameters.interleave_search = best.limits.workers == 1
    solver.best_bound_callback = best.limit
    return solver


def pure_logic(parameters: SatParameters) -> None:
    """Leave out what a model of clauses gains nothing from; its presolve takes longer than most proofs."""
    parameters.linearization_level = 0
    parameters.cp_model_presolve = False


def _by_cores(best: Best) -> cp_model.CpSolver:
    solver = _solver(best, 1)
    pure_logic(solver.parameters)
    solver.parameters.optimize_with_core = True
    return solver


def _for_schedules(best: Best) -> cp_model.CpSolver:
    solver = _solver(best, max(1, best.limits.workers - 1))
    pure_logic(solver.parameters)
    return solver


def _taking_turns(best: Best) -> cp_model.CpSolver:
    solver = _solver(best, 1)
    pure_logic(solver.parameters)
    solver.parameters.subsolvers.extend(["core", "quick_restart_no_lp"])
    return solver


def placements(held: Held, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> list[tuple[int, int]]:
    return [(row.option.number, row.start) for row in held.rows if values.boolean_value(row.variable)]


class _Incumbents(cp_model.CpSolverSolutionCallback):
    def __init__(self, held: Held, best: Best) -> None:
        super().__init__()
        self.held = held
        self.best = best

    def on_solution_callback(self) -> None:
        self.best.offer_placements(placements(self.held, self))


class _Watch:
    """Stops a solver when it is over, or when its time is although CP-SAT has not noticed."""

    def __init__(self, solver: cp_model.CpSolver, over: Callable[[], bool]) -> None:
        self.solver = solver
        self.over = over
        self.done = Event()
        self.thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.done.wait(POLL):
            if self.over():
                self.solver.stop_search()
