"""The best schedule and the best bound so far; any thread may read them at any moment."""

from __future__ import annotations

import math
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from solver import book, facts
from solver.book import BREAKS, MUST, day_breaks
from solver.facts import NONE
from solver.limits import Progress
from solver.machine import machine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.book import Book
    from solver.compiled import Compiled
    from solver.limits import OnProgress, SearchLimits, Stop

Placements = list[tuple[int, int]]  # options with their starts


class Best:
    """Scores are maximised inside, whatever the objective; ``value`` and ``bound`` outside are in its own words."""

    def __init__(
        self, compiled: Compiled, limits: SearchLimits, progress: OnProgress | None, stop: Stop | None
    ) -> None:
        self.compiled = compiled
        self.limits = limits
        self.started = monotonic()
        self.held: Any = None
        self.at: Any = None
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

    @property
    def placements(self) -> Placements | None:
        """Give the best schedule so far, frozen meetings left out; None if there is none."""
        with self._lock:
            held, at = self.held, self.at
        if held is None:
            return None
        requests = np.flatnonzero((held != NONE) & (self.compiled.facts.request["frozen"] == 0))
        return list(zip(held[requests].tolist(), at[requests].tolist(), strict=True))

    def offer(self, b: Book) -> bool:
        """Take the schedule of a book if it is whole and better than the best; say so."""
        f = self.compiled.facts
        score = self.score_of(b)
        if (self.score is not None and score <= self.score) or not is_whole(f.refs, b.refs):
            return False
        with self._lock:
            if self.score is not None and score <= self.score:
                return False
            self.held, self.at, self.score = b.held.copy(), b.at.copy(), score
        self.tell()
        return True

    def score_of(self, b: Book) -> int:
        """Return what a whole book is worth by the objective: what it must hold earns nothing for being held."""
        return int(b.score[0]) - int(self.compiled.facts.worth[MUST]) * self.musts

    def offer_placements(self, placements: Iterable[tuple[int, int]]) -> bool:
        return self.offer(self.book_of(placements))

    @cached_property
    def musts(self) -> int:
        request = self.compiled.facts.request
        return int(((request["must"] != 0) & (request["frozen"] == 0)).sum())

    def as_book(self) -> Book:
        """Return the best schedule so far as a book of its own."""
        return self.book_of(self.placements or ())

    def book_of(self, placements: Iterable[tuple[int, int]]) -> Book:
        return book.filled(self.compiled.facts, self.compiled.start_book(), placements)

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


@machine
def is_whole(f: Any, b: Any) -> bool:
    """Tell whether everything that must be held is, and nobody has more breaks than allowed."""
    for request in range(len(facts.request(f))):
        row = facts.request(f)[request]
        if row.must and not row.frozen and book.held(b)[request] == NONE:
            return False
    if facts.worth(f)[BREAKS] == 0:
        return True
    for p in range(len(facts.person(f))):
        breaks = 0
        for day in range(len(facts.day(f))):
            breaks += 0 if facts.person(f)[p].helps else day_breaks(f, b, p, day)
        if breaks > f[facts.MAX_BREAKS]:
            return False
    return True
