"""A first schedule at once: each request in turn, most precious first, where it costs least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import bits
from solver.options import Placement
from solver.state import State
from solver.terms import coefficients, meeting_score, person_score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from solver.compiled import Compiled
    from solver.options import Option
    from solver.terms import Coefficients

TRIES = 12  # starts looked at for one option: more cost time and gain little


def first_schedule(compiled: Compiled, over: Callable[[], bool]) -> State:
    """Place what must be held, hardest first, then the rest by weight; stop early when time is over."""
    state = State(compiled)
    worth = coefficients(compiled.problem)
    for request in _in_turn(compiled):
        if over():
            break
        if placement := best_placement(state, worth, compiled.options[request]):
            state.put(placement)
    return state


def is_whole(state: State) -> bool:
    """Tell whether everything that must be held is, and nobody has more breaks than allowed."""
    compiled = state.compiled
    must = (index for index, wanted in enumerate(compiled.requests) if wanted.must)
    return all(index in state.held for index in must) and _breaks_allowed(state)


def _breaks_allowed(state: State) -> bool:
    problem, worth = state.compiled.problem, coefficients(state.compiled.problem)
    if problem.objective != "breaks" or problem.max_breaks is None:
        return True
    people = range(state.compiled.participant_count)
    return all(-person_score(state, worth, person) <= problem.max_breaks for person in people)


def _in_turn(compiled: Compiled) -> list[int]:
    def rank(request: int) -> tuple[bool, int, int]:
        wanted = compiled.requests[request]
        choices = sum(option.starts.bit_count() for option in compiled.options[request])
        return (not wanted.must, choices if wanted.must else -wanted.weight, choices)

    waiting = [request for request, wanted in enumerate(compiled.requests) if not wanted.frozen]
    return sorted(waiting, key=rank)


def best_placement(state: State, worth: Coefficients, options: tuple[Option, ...]) -> Placement | None:
    """Give the legal placement that adds most to the score, whether that is a gain or a loss."""
    tried = ((gain(state, worth, placement), placement) for placement in legal_placements(state, options))
    best = max(tried, key=lambda pair: pair[0], default=None)
    return best and best[1]


def legal_placements(state: State, options: tuple[Option, ...]) -> Iterator[Placement]:
    for option in options:
        for _, start in zip(range(TRIES), bits(state.starts(option)), strict=False):
            yield Placement(option, start)


def gain(state: State, worth: Coefficients, placement: Placement) -> int:
    """What the score would gain by a placement; the state is left as it was."""
    attendees = placement.option.attendees
    before = sum(person_score(state, worth, person) for person in attendees)
    state.put(placement)
    after = sum(person_score(state, worth, person) for person in attendees)
    state.take(placement.option.request)
    return after - before + meeting_score(state.compiled, worth, placement)
