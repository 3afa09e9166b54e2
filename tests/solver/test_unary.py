"""Counters in unary: every assignment of a few literals is counted as it is, however far the counter goes."""

from itertools import product

import pytest
from ortools.sat.python import cp_model

from solver import unary

FEW = range(5)  # literals: all assignments of more take long


def counted(values, most):
    return levels_of(values, lambda model, literals: unary.count(model, literals, most))


def levels_of(values, counter):
    """Give the levels of all solutions in which the literals have these values."""
    model = cp_model.CpModel()
    literals = [model.new_bool_var("") for _ in values]
    levels = counter(model, literals)
    for literal, value in zip(literals, values, strict=True):
        model.add(literal == value)
    found = _All(levels)
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    solver.solve(model, found)
    return found.seen


class _All(cp_model.CpSolverSolutionCallback):
    def __init__(self, levels):
        super().__init__()
        self.levels = levels
        self.seen = []

    def on_solution_callback(self):
        self.seen.append([self.value(level) for level in self.levels])


def possible_sums(literals, most, forbid):
    model = cp_model.CpModel()
    variables = [model.new_bool_var("") for _ in range(literals)]
    forbid(model, unary.count(model, variables, most))
    found = _All(variables)
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False
    solver.solve(model, found)
    return sorted({sum(values) for values in found.seen})


@pytest.mark.parametrize("literals", FEW)
@pytest.mark.parametrize("most", [1, 2, 3, 9])
def test_each_level_says_exactly_whether_so_many_are_true(literals, most):
    assignments = list(product((0, 1), repeat=literals))

    levels = [counted(values, most) for values in assignments]

    reached = min(literals, most)
    assert levels == [[[int(sum(values) > level) for level in range(reached)]] for values in assignments]


@pytest.mark.parametrize("literals", range(1, 5))
@pytest.mark.parametrize("most", [0, 1, 2, 9])
def test_counting_in_turn_says_how_many_were_true_by_each_literal(literals, most):
    assignments = list(product((0, 1), repeat=literals))

    turns = [
        levels_of(
            values, lambda model, own: [level for turn in unary.count_in_turn(model, own, most) for level in turn]
        )
        for values in assignments
    ]

    expected = [
        [int(sum(values[: turn + 1]) > level) for turn in range(literals) for level in range(min(most, turn + 1))]
        for values in assignments
    ]
    assert turns == [
        [levels] if sum(values) <= most else [] for values, levels in zip(assignments, expected, strict=True)
    ]


@pytest.mark.parametrize("number", range(6))
def test_a_bound_from_below_leaves_all_greater_sums(number):
    sums = possible_sums(4, 4, lambda model, levels: unary.at_least(model, levels, number))

    assert sums == list(range(number, 5))


@pytest.mark.parametrize("number", range(6))
def test_a_bound_from_above_leaves_all_smaller_sums(number):
    sums = possible_sums(4, number + 1, lambda model, levels: unary.at_most(model, levels, number))

    assert sums == list(range(min(number, 4) + 1))


@pytest.mark.parametrize(("literals", "most"), [(1, 1), (2, 2), (7, 3), (40, 9), (40, 40)])
def test_the_estimate_of_clauses_is_never_too_low(literals, most):
    model = cp_model.CpModel()

    unary.count(model, [model.new_bool_var("") for _ in range(literals)], most)

    assert len(model.proto.constraints) <= unary.clauses_of_count(literals, most)
