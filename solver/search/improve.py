"""The search in cycles: anneal, look at the clock, take better prices into account, and again."""

from __future__ import annotations

import math
from threading import Event, Thread
from typing import TYPE_CHECKING

from solver.prices import Prices
from solver.relaxation import relax, relax_without_time
from solver.search.anneal import anneal
from solver.search.greedy import fill
from solver.search.guide import Guide, guide, unguided, usual_worth
from solver.search.moves import new_walk

if TYPE_CHECKING:
    from solver.best import Best
    from solver.book import Book

WARM = 0.03  # of what a request is usually worth, for the first cycle; a longer one may begin as much hotter
HOT = 0.6  # for a long one: hot enough to melt, or people with few free hours stay as they are
COLD = 0.003
COLD_WALKS = 0.02  # where people have to walk most moves make others impossible: below this nothing happens
LARGE = 100_000  # placements from which prices without time come first
ROUGH = 0.001  # of the bound: while prices are further from the optimum they are no guide
CHUNK = 50_000  # moves between two looks at the clock
SHARE_OF_PRICES = 0.4  # of the time, at most, where there is one thread
FIRST = 20  # moves of the first cycle, for each request
LONGER = 4  # times the moves of the cycle before: one long fall is worth more than many short ones


def first_schedule(best: Best) -> Book:
    """Fill an empty book in turn; offer what comes of it."""
    start = unguided(best.compiled.facts)
    filled = best.compiled.start_book()
    fill(best.compiled.facts.refs, filled.refs, new_walk(start.pool, best.limits.seed).refs, start.order)
    best.offer(filled)
    return filled


class Pricing:
    """Prices that get better in the background, or between cycles where there is one thread only."""

    def __init__(self, best: Best) -> None:
        self.best = best
        self.prices: Prices | None = None
        self.done = Event()

    def work(self, until: float = math.inf) -> None:
        """Go on until prices are settled, the search is over, or so many seconds of it have passed."""
        compiled, start = self.best.compiled, self.best.compiled.start_book()
        rough = None
        if compiled.placement_count() >= LARGE:
            rough = Prices(relax_without_time(compiled, start))
            self._go_on(rough, until)
        if not (self.best.over() or self.best.seconds() >= until):
            prices = Prices(relax(compiled, start))
            if rough:
                prices.begin_at(rough)
            self._go_on(prices, until)
        self.done.set()

    def _go_on(self, prices: Prices, until: float) -> None:
        """Take steps; these prices become the guide once they are nearly right."""

        def over() -> bool:
            return self.best.over() or self.best.seconds() >= until

        while not (prices.settled() or over()):
            prices.go_on(over)
            self.best.limit(prices.bound)
            if prices.distance_now() < ROUGH * abs(prices.bound):
                self.prices = prices

    def guide(self) -> Guide | None:
        """Return what the prices tell by now; None while there are none that are nearly right."""
        prices, score = self.prices, self.best.score
        if prices is None or score is None:
            return None
        held = max(1, int((self.best.held >= 0).sum()))
        return guide(self.best.compiled.facts, prices, max(0.0, prices.bound - score) / held)


class Annealer:
    """One walk of the search, for one thread."""

    def __init__(self, best: Best, pricing: Pricing, seed: int) -> None:
        self.best = best
        self.pricing = pricing
        self.seed = seed
        self.usual = usual_worth(best.compiled.facts)
        self.cold = COLD_WALKS if best.compiled.facts.longest_walk else COLD
        self.first = self.moves = FIRST * max(1, len(best.compiled.facts.request))
        self.rate = math.inf  # moves a second
        self.seconds = math.inf  # that a cycle may take
        self.guided_by: Prices | None = None

    def go_on(self, start: Book, until: float = math.inf) -> None:
        """Improve in cycles, each longer than the one before, until it is over or so many seconds have passed."""
        guided = unguided(self.best.compiled.facts)
        b = start
        while not self.best.over() and self.best.seconds() < until and len(guided.pool):
            if self._has_news():
                self.guided_by, self.moves = self.pricing.prices, self.first
            guided = self.pricing.guide() or guided
            self.seed += 2
            self._plan(min(until, self.best.limits.seconds) - self.best.seconds())
            self._cycle(guided, b, until)
            self.moves *= LONGER
            if self.best.score is not None:
                b = self.best.as_book()

    def _plan(self, left: float) -> None:
        """Where no longer cycle would fit behind the next one, let that take all that is left."""
        affordable, self.seconds = 0.95 * self.rate * max(1e-3, left), math.inf
        if self.moves * (1 + LONGER / 2) > affordable:
            self.moves, self.seconds = max(CHUNK, int(affordable)), max(1e-3, 0.97 * left)

    def _cycle(self, guided: Guide, b: Book, until: float) -> None:
        """Cool down by the share of moves made, or of time gone where that is more: other threads may slow this one."""
        walk = new_walk(guided.pool, self.seed)
        hot = min(HOT, WARM * self.moves / self.first)
        fall, began = self.cold / hot, self.best.seconds()
        chunks = max(1, self.moves // CHUNK)
        for chunk in range(chunks):
            share = max(chunk / chunks, (self.best.seconds() - began) / self.seconds)
            then = min(1.0, share + 1.0 / chunks)
            warm, cool = (hot * self.usual * fall**point for point in (share, then))
            anneal(guided.facts.refs, b.refs, walk.refs, self.moves // chunks, warm, cool)
            self.rate = (chunk + 1) * (self.moves // chunks) / max(1e-3, self.best.seconds() - began)
            self.best.offer(b)
            if share >= 1.0 or self.best.over() or self.best.seconds() >= until or self._has_news():
                break

    def _has_news(self) -> bool:
        """Tell whether there are prices nearly right that this walk has not asked yet."""
        return self.pricing.prices is not self.guided_by


def improve_without_prices(best: Best, start: Book, until: float) -> None:
    """Improve by one walk, where prices would tell nothing: under ``breaks``."""
    Annealer(best, Pricing(best), best.limits.seed).go_on(start, until)


def improve(best: Best, start: Book, until: float = math.inf) -> None:
    """Improve until the limit, a stop, a proof by prices, or so many seconds have passed."""
    pricing = Pricing(best)
    if best.limits.workers == 1:
        pricing.work(best.seconds() + SHARE_OF_PRICES * (min(until, best.limits.seconds) - best.seconds()))
        Annealer(best, pricing, best.limits.seed).go_on(start, until)
        return
    others = [Thread(target=pricing.work, args=(until,), daemon=True)]
    others.append(Thread(target=_after, args=(pricing, best, until), daemon=True))
    for thread in others:
        thread.start()
    Annealer(best, pricing, best.limits.seed).go_on(start, until)
    for thread in others:
        thread.join()


def _after(pricing: Pricing, best: Best, until: float) -> None:
    """Walk too, once the prices are settled."""
    while not pricing.done.wait(0.02):
        if best.over() or best.seconds() >= until:
            return
    if best.score is not None:
        Annealer(best, pricing, best.limits.seed + 1).go_on(best.as_book(), until)
