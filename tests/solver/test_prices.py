"""Prices by our own method, beside the simplex method of OR-Tools on the same relaxation."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from ortools.linear_solver import pywraplp

from solver import problem_from
from solver.compiled import Compiled
from solver.generate import generate
from solver.prices import Prices
from solver.relaxation import relax, relax_without_time
from tests.solver.random_days import random_problem, with_promises


def by_simplex(r):
    """Return the value of a relaxation as GLOP finds it; None where it has no solution."""
    solver = pywraplp.Solver("relaxation", pywraplp.Solver.GLOP_LINEAR_PROGRAMMING)
    least = [most if row < len(r.must) and r.must[row] else -solver.infinity() for row, most in enumerate(r.most)]
    rows = [solver.Constraint(float(low), float(most)) for low, most in zip(least, r.most, strict=True)]
    objective = solver.Objective()
    for column, gain in enumerate(r.gain):
        variable = solver.NumVar(0.0, float(r.upper[column]), "")
        objective.SetCoefficient(variable, float(gain))
        for entry in range(r.entry[column], r.entry[column + 1]):
            row = rows[r.row[entry]]
            row.SetCoefficient(variable, row.GetCoefficient(variable) + float(r.amount[entry]))
    objective.SetMaximization()
    return objective.Value() + r.constant if solver.Solve() == pywraplp.Solver.OPTIMAL else None


def settled(r, steps=20_000):
    prices = Prices(r)
    while not prices.settled() and prices.steps < steps:
        prices.go_on()
    return prices


@pytest.mark.parametrize("build", [relax, relax_without_time], ids=lambda build: build.__name__)
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("promised", [False, True], ids=["free", "promised"])
def test_settled_prices_prove_what_the_simplex_method_finds(build, seed, promised):
    problem = random_problem(Random(seed), requests=14)
    if promised:
        problem, _ = with_promises(problem, Random(seed))
    compiled = Compiled(problem)
    r = build(compiled, compiled.start_book())
    value = by_simplex(r)
    if value is None:
        pytest.skip("the promises of this day contradict each other")

    prices = settled(r)

    assert value - 1e-6 <= prices.bound <= value + 0.2


@pytest.mark.parametrize("seed", range(10))
def test_prices_that_begin_at_those_without_time_settle_at_the_same_bound(seed):
    compiled = Compiled(random_problem(Random(seed), requests=14))
    start = compiled.start_book()
    rough, prices = settled(relax_without_time(compiled, start)), Prices(relax(compiled, start))
    value = by_simplex(prices.relaxation)
    assert value is not None

    prices.begin_at(rough)

    assert np.isfinite(prices.bound_of(prices.y))
    assert np.allclose(prices.used, used(prices.relaxation, prices.x))
    while not prices.settled() and prices.steps < 20_000:
        prices.go_on()
    assert value - 1e-6 <= prices.bound <= value + 0.2


def test_a_day_that_is_the_same_in_every_slot_has_its_prices_at_once():
    """Everybody is free all day: the prices without time, put to each slot, prove as much from the first step."""
    event = generate("S", seed=1)
    problem = problem_from(event | {"requests": list(event["requests"])})
    free = {id_: replace(person, unavailable_slots=frozenset()) for id_, person in problem.participants.items()}
    compiled = Compiled(replace(problem, participants=free, objective="total"))
    start = compiled.start_book()
    rough, prices = settled(relax_without_time(compiled, start)), Prices(relax(compiled, start))

    prices.begin_at(rough)

    assert prices.bound_of(prices.y) <= rough.bound + 1e-6 < prices.bound_of(np.zeros_like(prices.y))


def used(r, x):
    rows = np.zeros(len(r.most))
    for column, share in enumerate(x):
        for entry in range(r.entry[column], r.entry[column + 1]):
            rows[r.row[entry]] += share * r.amount[entry]
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_time_left_out_never_lowers_the_bound(seed):
    compiled = Compiled(random_problem(Random(seed), requests=14))
    start = compiled.start_book()

    fine, coarse = settled(relax(compiled, start)), settled(relax_without_time(compiled, start))

    assert coarse.bound >= fine.bound - 0.2


def test_equal_problems_get_equal_prices():
    one, other = (Compiled(random_problem(Random(5), requests=14)) for _ in range(2))

    assert np.array_equal(settled(relax(one, one.start_book())).best, settled(relax(other, other.start_book())).best)
