"""Prices by a first-order method: the linear relaxation solved by primal and dual steps in turn, with restarts.

After Chambolle and Pock, "A first-order primal-dual algorithm for convex problems" (2011), with the restarts and
the primal weight of Applegate et al., "Practical large-scale linear programming using primal-dual hybrid
gradient" (2021). Any prices prove a bound, whatever the tolerance; see ``bound``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.machine import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.facts import Array
    from solver.relaxation import Relaxation

LOOK = 32  # steps between two looks at how far it is
PORTION = 4  # of them between two looks at the clock: a step takes 0.1 s where there are millions of columns
ENOUGH = 0.3  # of the distance at the last restart: then restart
BETTER = 0.8  # of it: restart as soon as the distance grows again
CLOSE = 0.05  # of one unit of value: values are whole
WEIGHT = 5.0  # times the usual gain: how prices compare to fractions at first


class Prices:
    """A method that goes on for as long as it is asked to. ``bound`` is the best proven so far, by ``best``."""

    def __init__(self, relaxation: Relaxation) -> None:
        r = relaxation
        self.relaxation = r
        columns, rows = len(r.gain), len(r.most)
        uses = np.bincount(r.row, weights=np.abs(r.amount), minlength=rows)
        sums = np.add.reduceat(np.abs(r.amount).astype(np.int64), r.entry[:-1]) if columns else np.zeros(0)
        self.tau = (1.0 / np.maximum(1, sums)).astype(np.float32)
        self.sigma = 1.0 / np.maximum(1.0, uses)
        self.free = np.zeros(rows, np.uint8)
        self.free[: len(r.must)] = r.must
        self.x = np.zeros(columns)
        self.y = np.zeros(rows)
        self.used = np.zeros(rows)
        self.sums = (np.zeros(columns), np.zeros(rows), np.zeros(rows))
        self.last = (self.x.copy(), self.y.copy())
        usual = float(np.median(r.gain[: len(r.start)])) if len(r.start) else 1.0
        self.omega = WEIGHT * max(1.0, usual)
        self.bound = np.inf
        self.best = self.y.copy()
        self.distance = self.restarted_at = np.inf
        self.length = self.steps = 0

    def begin_at(self, other: Prices) -> None:
        """Begin where the prices of a relaxation without time have come to: each slot has the price of all.

        Meetings are spread evenly over their columns.
        """
        r, rough = self.relaxation, other.relaxation
        groups = int(r.group_of.max()) + 1
        stop = r.timeless + r.grouped
        parts = (other.best[: r.timeless], np.repeat(other.best[r.timeless : stop], groups), other.best[stop:])
        self.y[:] = np.concatenate(parts)
        bundle = np.searchsorted(rough.option, r.option)
        meetings, whole = len(r.start), len(rough.start)
        self.x[:meetings] = other.x[bundle] / np.bincount(bundle, minlength=whole)[bundle]
        levels = min(len(self.x) - meetings, len(other.x) - whole)
        self.x[meetings : meetings + levels] = other.x[whole : whole + levels]
        fractions = np.repeat(self.x, np.diff(r.entry)) * r.amount
        self.used[:] = np.bincount(r.row, weights=fractions, minlength=len(self.used))
        self.last, self.best = (self.x.copy(), self.y.copy()), self.y.copy()
        self.omega = other.omega

    def go_on(self, over: Callable[[], bool] = lambda: False) -> None:
        """Take some steps, fewer once it is over; keep the better of the last point and the average."""
        for _ in range(LOOK // PORTION):
            self._step(PORTION)
            if over():
                break
        average = tuple(total / self.length for total in self.sums)
        now, mean = self._distance(self.x, self.y, self.used), self._distance(*average)
        if mean < now:
            self._judge(mean, average)
        else:
            self._judge(now, (self.x, self.y, self.used))

    def _step(self, steps: int) -> None:
        point = (self.x, self.y, self.used, *self.sums)
        _steps(*self._matrix(), self.tau, self.sigma, self.omega, self.free, *point, steps)
        self.length += steps
        self.steps += steps

    def _matrix(self) -> tuple[Array, ...]:
        r = self.relaxation
        return r.entry, r.row, r.amount, r.gain, r.upper, r.most

    def _distance(self, x: Array, y: Array, used: Array) -> float:
        """Give how far a point is from an optimum: the gap, and what is used beyond the limits at their prices."""
        bound, value = self.bound_of(y), float(self.relaxation.gain @ x) + self.relaxation.constant
        beyond = used - self.relaxation.most
        beyond = np.where(self.free != 0, np.abs(beyond), np.maximum(0.0, beyond))
        if bound < self.bound:
            self.bound, self.best = bound, y.copy()
        return abs(bound - value) + float(beyond @ np.maximum(1.0, np.abs(y)))

    def bound_of(self, y: Array) -> float:
        r = self.relaxation
        return r.constant + float(_bound(*self._matrix(), r.first, r.must, y))

    def _judge(self, distance: float, point: tuple[Array, ...]) -> None:
        grew, self.distance = distance > self.distance, distance
        far = self.length > 0.36 * self.steps and self.length > 200
        if distance < ENOUGH * self.restarted_at or (distance < BETTER * self.restarted_at and grew) or far:
            self._restart(distance, point)

    def _restart(self, distance: float, point: tuple[Array, ...]) -> None:
        for kept, new in zip((self.x, self.y, self.used), point, strict=True):
            kept[:] = new
        moved = float(np.sqrt((((self.x - self.last[0]) ** 2) / self.tau).sum()))
        paid = float(np.sqrt((((self.y - self.last[1]) ** 2) / self.sigma).sum()))
        if moved > 1e-9 and paid > 1e-9:
            self.omega = float(np.sqrt(paid / moved * self.omega))
        self.last = (self.x.copy(), self.y.copy())
        for total in self.sums:
            total[:] = 0
        self.length, self.restarted_at, self.distance = 0, distance, np.inf

    def distance_now(self) -> float:
        """Give how far the last point was from an optimum."""
        return min(self.distance, self.restarted_at)

    def settled(self) -> bool:
        """Tell whether more steps would hardly lower the bound."""
        return self.restarted_at <= max(CLOSE, 1e-6 * abs(self.bound)) < np.inf

    def reduced(self) -> Array:
        """Give what each column would earn beyond its prices, requests' own left out."""
        r = self.relaxation
        y = self.best.copy()
        y[: len(r.must)] = 0.0
        return _reduced(r.entry, r.row, r.amount, r.gain, y)


@machine
def _steps(
    entry: Any, row: Any, amount: Any, gain: Any, upper: Any, most: Any, tau: Any, sigma: Any, omega: float,
    free: Any, x: Any, y: Any, used: Any, xs: Any, ys: Any, useds: Any, steps: int,
) -> None:  # fmt: skip
    """Take steps, and add up the points on the way. Columns gain, rows cost; ``used`` is what x takes of each row."""
    now = np.zeros(len(most))
    for _ in range(steps):
        now[:] = 0.0
        for j in range(len(gain)):
            worth = gain[j]
            for k in range(entry[j], entry[j + 1]):
                worth -= amount[k] * y[row[k]]
            z = min(upper[j], max(0.0, x[j] + tau[j] / omega * worth))
            x[j] = z
            xs[j] += z
            if z != 0.0:
                for k in range(entry[j], entry[j + 1]):
                    now[row[k]] += amount[k] * z
        for i in range(len(most)):
            z = y[i] + sigma[i] * omega * (2.0 * now[i] - used[i] - most[i])
            if z < 0.0 and not free[i]:
                z = 0.0
            y[i] = z
            ys[i] += z
            used[i] = now[i]
            useds[i] += now[i]


@machine
def _bound(entry: Any, row: Any, amount: Any, gain: Any, upper: Any, most: Any, first: Any, must: Any, y: Any) -> float:
    """What any prices of 0 or more prove: pay for all that there is, and let each request take its best column."""
    requests = len(must)
    bound = 0.0
    for i in range(requests, len(most)):
        bound += most[i] * y[i]
    for r in range(requests):
        best = -np.inf if must[r] and first[r] < first[r + 1] else 0.0
        for j in range(first[r], first[r + 1]):
            best = max(best, _worth(entry, row, amount, gain, y, j, requests))
        bound += best
    for j in range(first[requests], len(gain)):
        bound += upper[j] * max(0.0, _worth(entry, row, amount, gain, y, j, requests))
    return bound


@machine
def _worth(entry: Any, row: Any, amount: Any, gain: Any, y: Any, j: int, requests: int) -> float:
    worth = gain[j]
    for k in range(entry[j], entry[j + 1]):
        if row[k] >= requests:
            worth -= amount[k] * y[row[k]]
    return worth


@machine
def _reduced(entry: Any, row: Any, amount: Any, gain: Any, y: Any) -> Any:
    reduced = np.zeros(len(gain))
    for j in range(len(gain)):
        reduced[j] = _worth(entry, row, amount, gain, y, j, 0)
    return reduced
