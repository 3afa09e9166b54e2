"""Annealing alone, without the exact model behind it: legal at every step, better than the first schedule."""

from random import Random

import pytest

from solver import SearchLimits, violations
from solver.best import Best, score_of_state
from solver.compiled import Compiled
from solver.rules import RULES
from solver.search.anneal import Annealer
from solver.search.greedy import first_schedule
from solver.state import State
from solver.tables import rows_of
from tests.solver.days import answer
from tests.solver.random_days import random_problem

LIMITS = SearchLimits(seconds=60, workers=1)


def annealed(problem, moves=1500):
    """Return every schedule that was offered, as placements, the greedy one first."""
    compiled = Compiled(problem, RULES)
    best = Best(compiled, LIMITS, None, None)
    best.offer(first_schedule(compiled, best.over).held.values())
    offered = [best.placements]
    walk = Annealer(best)
    walk.cycle(moves, hot=5.0, until=60)
    return compiled, [*offered, best.placements], walk


@pytest.mark.parametrize("seed", range(8))
def test_annealing_keeps_every_rule_and_its_own_books(seed):
    problem = random_problem(Random(seed), requests=16)
    compiled, offered, walk = annealed(problem)

    for placements in (*offered, walk.state.held.values()):
        told = answer(problem, rows_of(compiled, placements))
        assert [broken for broken in violations(problem, told) if "optimal" not in str(broken)] == []
    assert walk.score == score_of_state(walk.state) == score_of_state(State(compiled, walk.state.held.values()))


def test_annealing_beats_the_first_schedule():
    worth = []
    for seed in range(8):
        compiled, offered, _ = annealed(random_problem(Random(seed), requests=16))
        worth.append([score_of_state(State(compiled, placements)) for placements in offered])

    assert all(first <= last for first, last in worth)
    assert any(first < last for first, last in worth)


def test_equal_seeds_take_equal_steps():
    problem = random_problem(Random(3), requests=16)

    assert annealed(problem)[1] == annealed(problem)[1]
