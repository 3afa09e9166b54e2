"""Repairing a schedule after changes: several ways, from few changes to little loss."""

from __future__ import annotations

import math
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.best import Best, is_whole
from solver.book import WEIGHT, empty_book, put_all
from solver.changed import changed_problem, meetings_of
from solver.conflict import broken_pins
from solver.errors import Conflict, InvalidProblemError, NoScheduleError
from solver.facts import NONE
from solver.limits import SearchLimits
from solver.schedule import Alternative, Repair
from solver.search.anneal import anneal
from solver.search.guide import guide, usual_worth
from solver.search.improve import Pricing
from solver.search.mend import FINER, fixed, mended, priced
from solver.search.moves import new_walk
from solver.solving import Run, schedule_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.book import Book
    from solver.changes import Changes
    from solver.compiled import Compiled
    from solver.facts import Array, Facts
    from solver.limits import OnProgress, Stop
    from solver.problem import Meeting, Problem
    from solver.schedule import Schedule

SECONDS = 1.0  # for all alternatives, where nobody says how long
STAYING = (40.0, 4.0)  # what a meeting that stays is worth in the second and in the last alternative
HOLDING = 50.0  # what a meeting that was held before is worth beside its own, wherever it is now
USUAL = 50.0  # what a usual meeting is worth in these units
HOT = 0.03  # of what a request is usually worth: little, or people would move for nothing
COLD = 0.004
SURELY = 1000.0  # what it is worth where nobody who can stay should move
CHUNK = 10_000  # moves between two looks at the clock
FIRST = 0.2  # of the time, for the alternative that moves nobody
MOVES = 20  # of the search for one alternative, for each request


def repair(
    problem: Problem,
    schedule: Schedule | Iterable[Meeting],
    changes: Changes,
    limits: SearchLimits | None = None,
    *,
    alternatives: int = 3,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Repair:
    """Repair a schedule with little change, in several ways.

    Parameters
    ----------
    problem
        The question that ``schedule`` answers.
    schedule
        What was held; its rows that start before ``changes.now`` stand as they are.
    changes
        What is different now.
    limits
        Wall time after compiling for all alternatives together, one second by default; threads and seed.
    alternatives
        How many to look for, at least 1. One that another beats in both change and value is left out.
    progress
        Called with a ``Progress`` whenever an alternative gets better, or the bound.
    stop
        An event, or a function that returns whether to stop: the alternatives so far are then the answer.

    Returns
    -------
    Repair
        From least to most change. The first moves nobody: no meeting that can stay is moved or dropped, unless a
        mandatory request fits nowhere else.

    Raises
    ------
    InvalidProblemError
        If changes or schedule do not fit the problem, or fewer than one alternative is asked for.
    NoScheduleError
        If no schedule exists after the changes, with the requests that contradict each other.
    """
    if alternatives < 1:
        raise InvalidProblemError("alternatives", str(alternatives), "at least 1")
    changed = changed_problem(problem, schedule, changes)
    run = Run(changed, limits or SearchLimits(SECONDS), progress=progress, stop=stop)
    ways = _Repairing(run, progress, stop).ways(alternatives)
    return Repair(
        tuple(alternative_of(meetings_of(schedule), schedule_of(way.best), changed.participants) for way in ways)
    )


class Way(NamedTuple):
    """One way to repair: its schedule, and how many meetings that could stay do not."""

    best: Best
    uprooted: int


class _Repairing:
    """From a changed problem to alternatives: a first one at once, the others by searching on from it."""

    def __init__(self, run: Run, progress: OnProgress | None, stop: Stop | None) -> None:
        self.run = run
        self.progress = progress
        self.stop = stop
        self.compiled = run.compiled
        self.facts = run.compiled.facts
        run.best.started = monotonic()  # compiling does not count
        self.limits = run.best.limits
        self.ended = Event()
        self.pricing = Pricing(self._best(None, lambda: self.ended.is_set() or run.best.stopped()))

    def _best(self, progress: OnProgress | None, stop: Stop | None) -> Best:
        best = Best(self.compiled, self.limits, progress, stop)
        best.started = self.run.best.started
        return best

    def ways(self, count: int) -> list[Way]:
        """Return what no other way beats, from few changes to little loss, with the bound of prices found meanwhile."""
        start, stays = self._first()
        pricer = Thread(target=self.pricing.work, daemon=True)
        if self.limits.workers > 1:
            pricer.start()
        ways = [self._way(number, count, start, stays) for number in range(count)]
        if self.limits.workers > 1:
            self.ended.set()
            pricer.join()
        else:
            self.pricing.work()
        for way in ways:
            way.best.limit(self.pricing.best.bound)
        return _unbeaten(ways)

    def _first(self) -> tuple[Book, Array]:
        """Move nobody; where that leaves out what must be held, solve again.

        Raises
        ------
        NoScheduleError
            If a mandatory or pinned request has become impossible.
        """
        if hopeless := _hopeless(self.compiled):
            raise NoScheduleError("INFEASIBLE", self.run.best.seconds(), _conflict(self.compiled.problem, hopeless))
        start, stays = mended(self.compiled, self.limits.seed)
        if is_whole(self.facts.refs, start.refs):
            return start, stays
        self.run.search()
        if self.run.best.score is None:
            raise NoScheduleError("UNKNOWN", self.run.best.seconds())
        return self.run.best.as_book(), stays

    def _way(self, number: int, count: int, start: Book, stays: Array) -> Way:
        """Search on from the first schedule with a price on staying, lower for later ways; the first moves nobody."""
        best = self._best(self.progress, self.stop)
        best.enter(f"alternative {number + 1}")
        kept = stays & _in_place(self.facts, start.held, start.at)
        f = self._priced(number, count, start)
        if number == 0 and (kept == stays).all():
            f = fixed(f, stays)
        pool = np.flatnonzero((self.facts.request["frozen"] == 0) & ~kept & self._worth_trying(start))
        until = self.limits.seconds * (FIRST + (1.0 - FIRST) * number / max(1, count - 1))
        searched = Cooling(best, f, pool, self.limits.seed + number, until).improved(start)
        best.offer(rebuilt(self.facts, searched))
        return Way(best, int((stays & ~_in_place(self.facts, searched.held, searched.at)).sum()))

    def _worth_trying(self, start: Book) -> Array:
        """Tell by request whether prices, once there are any, leave it a chance in a good schedule."""
        tried = np.ones(len(self.facts.request), bool)
        if self.pricing.prices is not None:
            held = max(1, int((start.held != NONE).sum()))
            gap = max(0.0, self.pricing.prices.bound - self.run.best.score_of(start)) / held
            tried[:] = False
            tried[guide(self.facts, self.pricing.prices, gap).pool] = True
        return tried

    def _priced(self, number: int, count: int, start: Book) -> Facts:
        """Let staying be worth less from way to way, in fiftieths of what a meeting of the first one weighs."""
        weights = self.facts.request["weight"][start.held != NONE]
        unit = max(1.0, float(self.facts.worth[WEIGHT]) * float(weights.mean() if len(weights) else 1)) / USUAL
        share = (number - 1) / (count - 2) if count > 2 and number else 1.0
        staying = SURELY if number == 0 else STAYING[0] * (STAYING[1] / STAYING[0]) ** share
        return priced(self.facts, staying=staying * unit, holding=HOLDING * unit)


class Cooling:
    """One walk of the search at falling temperature, as many moves as planned or as time allows."""

    def __init__(self, best: Best, f: Facts, pool: Array, seed: int, until: float) -> None:
        self.best = best
        self.facts = f
        self.walk = new_walk(pool, seed)
        self.began = best.seconds()
        self.until = until
        self.moves = MOVES * len(f.request) if len(pool) else 0
        self.usual = FINER * usual_worth(best.compiled.facts)

    def improved(self, start: Book) -> Book:
        """Return the best book on the way by the facts' own worth; ``start`` if nothing is better."""
        b = rebuilt(self.facts, start)
        top = b.copy()
        done = 0
        while done < self.moves and not self._over():
            hot, done = self._temperature(done), done + CHUNK
            anneal(self.facts.refs, b.refs, self.walk.refs, CHUNK, hot, self._temperature(done))
            if b.score[0] > top.score[0]:
                top = b.copy()
        return top

    def _over(self) -> bool:
        return self.best.seconds() >= self.until or self.best.stopped()

    def _temperature(self, done: int) -> float:
        spent = (self.best.seconds() - self.began) / max(1e-3, self.until - self.began)
        return HOT * self.usual * math.pow(COLD / HOT, min(1.0, max(done / self.moves, spent)))


def rebuilt(f: Facts, b: Book) -> Book:
    """Return a book that holds the same meetings and reckons its score by other facts."""
    held = np.flatnonzero(b.held != NONE)
    other = empty_book(f)
    put_all(f.refs, other.refs, b.held[held].astype(np.int64), b.at[held].astype(np.int64))
    return other


def _in_place(f: Facts, held: Array, at: Array) -> Array:
    """Tell by request whether it is held where, when and with whom it was before."""
    there = np.append(f.option["stays"] != 0, False)  # what is not held, NONE, reads the last
    in_place: Array = there[held] & (at == f.request["kept_slot"])
    return in_place


def _unbeaten(ways: list[Way]) -> list[Way]:
    """Leave out each way that another beats, or equals, in both change and value; sort by change."""
    left: list[Way] = []
    for way in sorted(ways, key=lambda way: (way.uprooted, -(way.best.score or 0))):
        if not left or (way.best.score or 0) > (left[-1].best.score or 0):
            left.append(way)
    return left


def _hopeless(compiled: Compiled) -> list[str]:
    """Give a request that must be held and cannot be, whatever else is held; none if there is none."""
    if broken := broken_pins(compiled.problem):
        return broken[:1]
    f = compiled.facts
    possible = f.request["frozen"] != 0
    possible[f.option["request"][f.starts.any(axis=1)]] = True
    return [compiled.request_ids[request] for request in np.flatnonzero((f.request["must"] != 0) & ~possible)[:1]]


def _conflict(problem: Problem, requests: list[str]) -> Conflict:
    people = {person for id_ in requests for side in problem.requests[id_].sides for person in side}
    return Conflict(tuple(requests), tuple(id_ for id_ in problem.participants if id_ in people))


def alternative_of(before: Iterable[Meeting], schedule: Schedule, participants: Iterable[str]) -> Alternative:
    """Count what changes from the rows before to a schedule."""
    old, new = ({row.request: row for row in rows} for rows in (before, schedule.meetings))
    moved = tuple(id_ for id_ in old if id_ in new and not _same(old[id_], new[id_]))
    lost = tuple(id_ for id_ in old if id_ not in new)
    added = tuple(id_ for id_ in new if id_ not in old)
    rows = [rows[id_] for id_ in (*moved, *lost, *added) for rows in (old, new) if id_ in rows]
    told = {person for row in rows for person in row.attendees or ()}
    return Alternative(moved, lost, added, tuple(id_ for id_ in participants if id_ in told), schedule)


def _same(row: Meeting, other: Meeting) -> bool:
    """Tell whether nobody need be told; another table or interpreter is no move."""
    return (row.slot, row.location, row.attendees) == (other.slot, other.location, other.attendees)
