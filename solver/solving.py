"""From a problem to a schedule: a first one at once, then the best that time allows, with its bound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from solver.best import Best
from solver.compiled import Compiled
from solver.conflict import broken_pins, find_conflict
from solver.errors import NoScheduleError
from solver.explaining import unscheduled
from solver.limits import SearchLimits
from solver.pins import check_pins
from solver.rules import RULES
from solver.schedule import Schedule
from solver.search.improve import first_schedule, improve, improve_without_prices
from solver.tables import rows_of
from solver.terms import coefficients, score_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.limits import OnProgress, Stop
    from solver.problem import Problem
    from solver.rules import Rule

SMALL = 5_000  # placements up to which the exact model is given nearly all the time
MOMENT = 1.0  # second for a better schedule to begin with, where breaks count
LARGE = 20_000  # placements beyond which it is given none
LONG = 600.0  # seconds of a run in which the exact model may try what is not small


def solve(
    problem: Problem,
    limits: SearchLimits | None = None,
    *,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
    rules: Iterable[Rule] = RULES,
) -> Schedule:
    """Find the schedule with the greatest value, or the fewest breaks under the objective ``breaks``.

    Parameters
    ----------
    problem
        The question. Its objective decides what is best.
    limits
        Wall time, threads and seed.
    progress
        Called from any thread with a ``Progress`` whenever the value or the bound gets better.
    stop
        An event, or a function that returns whether to stop: the best schedule so far is then the answer.
    rules
        Only tests pass fewer than all.

    Raises
    ------
    InvalidProblemError
        If a pin breaks a rule by itself.
    NoScheduleError
        If no schedule exists, or none was found within the limit.
    """
    check_pins(problem)
    run = Run(problem, limits or SearchLimits(), progress=progress, stop=stop, rules=rules)
    run.search()
    return run.schedule()


class Run:
    """One search. ``schedule`` may be asked at any moment, from any thread, for the best so far."""

    def __init__(
        self,
        problem: Problem,
        limits: SearchLimits,
        *,
        progress: OnProgress | None = None,
        stop: Stop | None = None,
        rules: Iterable[Rule] = RULES,
    ) -> None:
        self.problem = problem
        self.compiled = Compiled(problem, rules)
        self.best = Best(self.compiled, limits, progress, stop)

    def search(self) -> None:
        """Search until the limit, a stop or a proof.

        Raises
        ------
        NoScheduleError
            With status INFEASIBLE and a conflict, if no schedule exists.
        """
        if broken_pins(self.problem):
            raise self._impossible()
        self.best.enter("first schedule")
        start = first_schedule(self.best)
        self.best.enter("search")
        if self.problem.objective == "breaks":
            improve_without_prices(self.best, start, self.best.seconds() + min(MOMENT, self.best.left() * 0.1))
        else:
            improve(self.best, start, self.best.seconds() + self._time_for_search())
        if not self.best.over():
            self._search_exactly()

    def _time_for_search(self) -> float:
        """Give the seconds for prices and annealing: few where the exact model can do it all, all where it cannot."""
        placements, left = self.compiled.placement_count(), self.best.left()
        if placements <= SMALL:
            return min(MOMENT, left * 0.2)
        return left * 0.5 if placements <= LARGE and left >= LONG else left

    def _search_exactly(self) -> None:
        from solver.exact import search  # noqa: PLC0415 (as above)

        self.best.enter("proof")
        if search(self.best) == "INFEASIBLE":
            raise self._impossible()

    def _impossible(self) -> NoScheduleError:
        conflict = find_conflict(self.problem, self.best)
        return NoScheduleError("INFEASIBLE", self.best.seconds(), conflict)

    def schedule(self) -> Schedule:
        """Give the best schedule so far, its tables numbered and its unmet requests explained.

        Raises
        ------
        NoScheduleError
            With status UNKNOWN, if there is none yet.
        """
        return schedule_of(self.best)


def schedule_of(best: Best) -> Schedule:
    """Give the best schedule of a search as a value; raise ``NoScheduleError``, status UNKNOWN, if there is none.

    The search may be going on in another thread: what is told is all of one schedule.
    """
    placements = best.placements
    if placements is None:
        raise NoScheduleError("UNKNOWN", best.seconds())
    compiled, problem = best.compiled, best.compiled.problem
    rows = rows_of(compiled, placements)
    terms = terms_of(compiled, rows)
    score = score_of(terms, coefficients(problem))
    sign = -1 if problem.objective == "breaks" else 1
    bound = max(best.bound, score) if math.isfinite(best.bound) else _trivial_bound(compiled)
    return Schedule(
        status="optimal" if bound - score < 1 else "feasible",
        objective=problem.objective,
        value=sign * score,
        bound=float(sign * bound),
        gap=round((bound - score) / max(1.0, abs(bound)), 4),
        seconds=round(best.seconds(), 3),
        terms=terms,
        meetings=rows,
        unscheduled=unscheduled(compiled, best.book_of(placements)),
    )


def _trivial_bound(compiled: Compiled) -> float:
    """What would be earned if every request were held and nothing had a price."""
    worth = coefficients(compiled.problem)
    weight = worth.weight * int(compiled.facts.request["weight"].sum())
    bonus = worth.bonus * sum(sum(person.bonuses) for person in compiled.people)
    return weight + bonus + worth.kept * len(compiled.previous)
