"""Simulated annealing over meetings: insert, move, and insert by ejecting whoever is in the way.

Every step asks the same rules as everything else whether it is legal. Moves are counted, not timed, so that
equal seeds take equal steps.
"""

from __future__ import annotations

import math
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from solver.masks import bits, cover
from solver.options import Placement
from solver.search.greedy import is_whole
from solver.state import State
from solver.terms import coefficients, meeting_score, person_score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.best import Best
    from solver.options import Option

LOOK = 64  # moves between two looks at the clock
HOT = 0.3  # of what a meeting is worth by itself: where every other cycle begins, to exchange meetings
WARM = 1.5  # units of score: where the others begin, to tidy up the agendas
COLD = 0.4  # units of score: the temperature at which each ends
FEWEST = 2_000  # moves of the first cycle at least
MOVES = 4  # of the first cycle, for each request


def anneal(best: Best, seconds: float = math.inf) -> None:
    """Improve ``best`` in cycles, each twice as long as the one before, until it is over or time is up."""
    annealer = Annealer(best)
    until = best.seconds() + min(seconds, best.left())
    moves = max(FEWEST, MOVES * len(annealer.movable))
    hot = WARM
    while annealer.movable and not best.over() and best.seconds() < until:
        began = best.seconds()
        annealer.cycle(moves, hot, until)
        left, took = until - best.seconds(), best.seconds() - began
        hot = WARM if hot > WARM else max(WARM, HOT * annealer.usual_worth)
        moves = min(2 * moves, max(FEWEST, int(moves * left / max(took, 1e-3))))


class Annealer:
    """Walks from the best schedule so far and offers whatever is better."""

    def __init__(self, best: Best) -> None:
        compiled = best.compiled
        self.best = best
        self.compiled = compiled
        self.worth = coefficients(compiled.problem)
        self.about_people = any(self.worth._replace(weight=0, late_slots=0, kept=0))
        self.random = Random(best.limits.seed)
        self.movable = [request for request, options in enumerate(compiled.options) if options]
        self._start_from_best()

    def cycle(self, moves: int, hot: float, until: float) -> None:
        """Cool down from ``hot`` over a number of moves."""
        self._start_from_best()
        cooling = math.log(COLD / hot)
        for move in range(moves):
            if move % LOOK == 0:
                self._offer()
                if self.best.over() or self.best.seconds() > until:
                    break
            self._move(hot * math.exp(cooling * move / moves))
        self._offer()

    def _start_from_best(self) -> None:
        self.state = State(self.compiled, self.best.placements or ())
        self.score = self.best.score or 0
        self.top = self.score
        people = range(self.compiled.participant_count)
        self.agendas = {person: person_score(self.state, self.worth, person) for person in people}

    @cached_property
    def usual_worth(self) -> float:
        """What a request in the middle of all is worth by itself."""
        worths = sorted(self.worth.weight * self.compiled.requests[request].weight for request in self.movable)
        return float(worths[len(worths) // 2])

    def _offer(self) -> None:
        if self.score > self.top and is_whole(self.state):
            self.top = self.score
            self.best.offer(self._placements())

    def _placements(self) -> Iterable[Placement]:
        frozen = self.compiled.requests
        return (placement for request, placement in self.state.held.items() if not frozen[request].frozen)

    def _move(self, temperature: float) -> None:
        request = self.random.choice(self.movable)
        option = self.random.choice(self.compiled.options[request])
        removed = [self.state.take(request)] if request in self.state.held else []
        placement = self._place(option, removed)
        if placement is None:
            self._restore(removed)
            return
        agendas = self._agendas(placement, removed)
        gained = self._gain(placement, removed, agendas)
        if gained >= 0 or self.random.random() < math.exp(gained / temperature):
            self.score += gained
            self.agendas.update(agendas)
            return
        self.state.take(request)
        self._restore(removed)

    def _place(self, option: Option, removed: list[Placement]) -> Placement | None:
        """Put a meeting into the state where it is legal, or where it becomes so by ejecting others."""
        starts = self.state.starts(option)
        if removed:
            starts &= ~(1 << removed[0].start) if removed[0].option == option else starts
        if not starts and not removed:
            starts = self._by_force(option, removed)
        if not starts or not self.state.walks({person for gone in removed for person in gone.option.people}):
            return None
        placement = Placement(option, self._pick(starts))
        self.state.put(placement)
        return placement

    def _pick(self, starts: int) -> int:
        return self.random.choice(list(bits(starts)))

    def _by_force(self, option: Option, removed: list[Placement]) -> int:
        """Eject what stands in the way at one start; give that start if it is legal then."""
        start = self._pick(option.starts)
        here = option._replace(starts=1 << start)
        for request in self._in_the_way(option, start):
            if request in self.state.held:
                if self.compiled.requests[request].must or self.compiled.requests[request].frozen:
                    return 0
                removed.append(self.state.take(request))
                if self.state.starts(here):
                    break
        return self.state.starts(here)

    def _in_the_way(self, option: Option, start: int) -> Iterable[int]:
        slots = range(start, start + option.length)
        for person in option.people:
            for slot in slots:
                yield from tuple(self.state.who[person][slot])
        for slot in slots:
            if self.state.site_full[option.site] >> slot & 1:
                yield self.random.choice(self.state.site_who[option.site][slot])
        for person in option.people:
            yield from self._cheapest_of_day(person, start)

    def _cheapest_of_day(self, person: int, start: int) -> Iterable[int]:
        """Give the meeting that a full person would rather miss, and those beside the slot."""
        who, state = self.compiled.people[person], self.state
        day = self.compiled.time.days[self.compiled.time.day_of[start]]
        slots = state.busy[person] if who.max_meetings is not None else state.busy[person] & day
        if slots and (who.max_meetings is not None or who.max_per_day is not None):
            slot = min(bits(slots), key=lambda slot: self._worth_at(person, slot))
            yield state.who[person][slot][0]
        if who.max_consecutive is not None:
            for slot in bits(state.busy[person] & cover(max(0, start - 1), 3)):
                yield from tuple(state.who[person][slot])

    def _worth_at(self, person: int, slot: int) -> float:
        return self.compiled.requests[self.state.who[person][slot][0]].weight * self.random.uniform(0.5, 1.5)

    def _agendas(self, placement: Placement, removed: list[Placement]) -> dict[int, int]:
        """What the agendas of everybody concerned add to the score now."""
        if not self.about_people:
            return {}
        people = {person for changed in (placement, *removed) for person in changed.option.attendees}
        return {person: person_score(self.state, self.worth, person) for person in people}

    def _gain(self, placement: Placement, removed: list[Placement], agendas: dict[int, int]) -> int:
        gained = meeting_score(self.compiled, self.worth, placement)
        gained -= sum(meeting_score(self.compiled, self.worth, gone) for gone in removed)
        return gained + sum(score - self.agendas[person] for person, score in agendas.items())

    def _restore(self, removed: list[Placement]) -> None:
        for gone in removed:
            self.state.put(gone)
