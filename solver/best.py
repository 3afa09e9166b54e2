"""The best schedule and the best bound so far; any thread may read them at any moment."""

from __future__ import annotations

import math
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from solver.limits import Progress
from solver.state import State
from solver.terms import coefficients, meeting_score, person_score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.compiled import Compiled
    from solver.limits import OnProgress, SearchLimits, Stop
    from solver.options import Placement

Placements = tuple["Placement", ...]


def score_of_state(state: State) -> int:
    worth = coefficients(state.compiled.problem)
    people = range(state.compiled.participant_count)
    return meetings_score(state) + sum(person_score(state, worth, person) for person in people)


def meetings_score(state: State) -> int:
    """What the meetings add to the score, without what their people's agendas add."""
    worth = coefficients(state.compiled.problem)
    return sum(meeting_score(state.compiled, worth, placement) for placement in state.held.values())


class Best:
    """Scores are maximised inside, whatever the objective; ``value`` and ``bound`` outside are in its own words."""

    def __init__(
        self, compiled: Compiled, limits: SearchLimits, progress: OnProgress | None, stop: Stop | None
    ) -> None:
        self.compiled = compiled
        self.limits = limits
        self.started = monotonic()
        self.placements: Placements | None = None
        self.score: int | None = None
        self.bound = math.inf
        self.phase = "reading"
        self._progress = progress
        self._stop = stop
        self._lock = Lock()
        self._sign = -1 if compiled.problem.objective == "breaks" else 1

    def seconds(self) -> float:
        return monotonic() - self.started

    def left(self) -> float:
        return self.limits.seconds - self.seconds()

    def stopped(self) -> bool:
        if self._stop is None:
            return False
        return self._stop.is_set() if hasattr(self._stop, "is_set") else bool(self._stop())

    def over(self) -> bool:
        return self.left() <= 0 or self.stopped() or self.proven()

    def proven(self) -> bool:
        return self.score is not None and self.bound - self.score < 1

    def offer(self, placements: Iterable[Placement]) -> bool:
        """Take a legal schedule if it is better than the best; say so."""
        placements = tuple(placements)
        score = score_of_state(State(self.compiled, placements))
        with self._lock:
            if self.score is not None and score <= self.score:
                return False
            self.placements, self.score = placements, score
        self.tell()
        return True

    def limit(self, bound: float) -> None:
        """Take a proven bound of the score, which is whole, if it is better than the best; say so."""
        bound = math.floor(bound + 1e-6) if math.isfinite(bound) else bound
        with self._lock:
            if bound >= self.bound:
                return
            self.bound = bound
        self.tell()

    def enter(self, phase: str) -> None:
        self.phase = phase
        self.tell()

    def tell(self) -> None:
        if self._progress is not None:
            value = None if self.score is None else self._sign * self.score
            bound = self._sign * self.bound if math.isfinite(self.bound) else None
            self._progress(Progress(round(self.seconds(), 3), self.phase, value, bound))
