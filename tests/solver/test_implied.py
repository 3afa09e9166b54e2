"""What follows from several rules together is said to the model, and changes no optimum."""

from dataclasses import replace
from random import Random

import pytest
from ortools.sat.python import cp_model

from solver import Participant, Slot
from solver.compiled import Compiled
from solver.exact import build, is_impossible
from solver.implied import promised_too_often
from solver.rules import RULES
from tests.solver.brute import optimum
from tests.solver.days import HALL, a_day, ask, slots
from tests.solver.random_days import tiny_problem

MINUTE = 60.0  # seconds, never reached


def fewest_breaks(problem):
    """Give the fewest breaks that the model alone finds, or None where it says that there is no schedule."""
    held, _ = build(Compiled(problem))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(held.model)
    assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}
    return -solver.objective_value if status == cp_model.OPTIMAL else None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("max_breaks", [None, 0, 1])
def test_the_model_finds_as_few_breaks_as_brute_force(seed, max_breaks):
    problem = replace(tiny_problem(Random(seed)), objective="breaks", max_breaks=max_breaks)
    best = optimum(problem)

    found = fewest_breaks(problem)

    assert found == (None if best is None else best.value)


def ring(*, tables, places=1):
    """Return four people in a ring, each of whom meets both neighbours: two meetings fill a slot."""
    requests = [ask("r1", "ann", "bob"), ask("r2", "bob", "cy"), ask("r3", "cy", "dee"), ask("r4", "dee", "ann")]
    locations = [replace(HALL, id=f"hall-{n}", capacity=tables) for n in range(places)]
    return a_day(slots(4), *requests, locations=locations, objective="breaks")


@pytest.mark.parametrize(("tables", "places", "fewest"), [(2, 1, 0), (1, 2, 0), (1, 1, 1)])
def test_pairs_are_counted_over_all_tables_of_all_places(tables, places, fewest):
    problem = ring(tables=tables, places=places)

    assert fewest_breaks(problem) == fewest == optimum(problem).value


def crowded(*, parallel):
    free = [slot.id for slot in slots(4)][:2]
    ann = Participant("ann", unavailable_slots=frozenset(slot.id for slot in slots(4)) - set(free), parallel=parallel)
    requests = [ask(f"r{n}", "ann", other) for n, other in enumerate(["bob", "cy", "dee"])]
    return a_day(slots(4), *requests, ask("r9", "bob", "cy"), people=[ann], objective="breaks")


def test_who_has_more_meetings_than_slots_is_told_before_any_search():
    compiled = Compiled(crowded(parallel=1))

    assert promised_too_often(compiled) == [0, 1, 2]
    assert is_impossible(compiled, MINUTE, 1)


def test_who_receives_several_at_once_is_not_promised_too_often():
    compiled = Compiled(crowded(parallel=2))

    assert promised_too_often(compiled) == []
    assert not is_impossible(compiled, MINUTE, 1)


def test_a_rule_that_is_left_out_implies_nothing():
    rules = [rule for rule in RULES if rule.name != "one_place"]

    assert promised_too_often(Compiled(crowded(parallel=1), rules)) == []


def test_wishes_that_need_not_be_held_promise_nothing():
    problem = replace(crowded(parallel=1), objective="total")

    assert promised_too_often(Compiled(problem)) == []


def test_meetings_bound_to_a_part_of_the_day_are_counted_there():
    morning, late = slots(2), [Slot("1-9", "2026-03-01", 15 * 60, 15 * 60 + 20)]
    early = frozenset(slot.id for slot in morning)
    requests = [ask("r1", "ann", "bob", slots=early), ask("r2", "ann", "cy", slots=early), ask("r3", "ann", "dee")]
    problem = a_day([*morning, *late], *requests, objective="breaks")

    assert fewest_breaks(problem) == optimum(problem).value == 0
