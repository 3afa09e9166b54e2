"""Annealing alone, without the exact model behind it: legal at every step, better than the first schedule."""

from random import Random

import numpy as np
import pytest

from solver import SearchLimits, violations
from solver.best import Best
from solver.book import empty_book, filled
from solver.compiled import Compiled
from solver.facts import NONE
from solver.search.anneal import anneal
from solver.search.guide import unguided
from solver.search.improve import first_schedule
from solver.search.moves import new_walk
from solver.tables import rows_of
from tests.solver.days import answer
from tests.solver.random_days import random_problem

LIMITS = SearchLimits(seconds=60, workers=1)


def annealed(problem, moves=3000):
    """Return the compiled problem, the book as it was first, and as it was after annealing."""
    compiled = Compiled(problem)
    best = Best(compiled, LIMITS, None, None)
    first = first_schedule(best)
    last = first.copy()
    guided = unguided(compiled.facts)
    walk = new_walk(guided.pool, 1)
    anneal(guided.facts.refs, last.refs, walk.refs, moves, 5.0, 0.1)
    return compiled, first, last


def placed(compiled, book):
    held = np.flatnonzero((book.held != NONE) & (compiled.facts.request["frozen"] == 0))
    return [(int(book.held[request]), int(book.at[request])) for request in held]


def again(compiled, book):
    """Return a book filled anew with the same meetings."""
    return filled(compiled.facts, empty_book(compiled.facts), placed(compiled, book))


@pytest.mark.parametrize("seed", range(8))
def test_annealing_keeps_every_rule_and_its_own_books(seed):
    compiled, first, last = annealed(random_problem(Random(seed), requests=16))

    for book in (first, last):
        told = answer(compiled.problem, rows_of(compiled, placed(compiled, book)))
        assert [broken for broken in violations(compiled.problem, told) if "optimal" not in str(broken)] == []
        assert told.value == book.score[0] == again(compiled, book).score[0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "field", ["busy", "full", "load", "where", "count", "day_count", "site_load", "site_full", "agenda"]
)
def test_a_book_that_was_much_changed_says_what_a_new_one_says(seed, field):
    compiled, _, last = annealed(random_problem(Random(seed), requests=16))

    assert np.array_equal(getattr(last, field), getattr(again(compiled, last), field))


def test_annealing_beats_the_first_schedule():
    worth = []
    for seed in range(8):
        _, first, last = annealed(random_problem(Random(seed), requests=16))
        worth.append([int(first.score[0]), int(last.score[0])])

    assert all(first <= last for first, last in worth)
    assert any(first < last for first, last in worth)


def test_equal_seeds_take_equal_steps():
    problem = random_problem(Random(3), requests=16)
    compiled, _, last = annealed(problem)
    other, _, same = annealed(problem)

    assert placed(compiled, last) == placed(other, same)
