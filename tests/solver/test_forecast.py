"""What a change would bring, and what fairness costs: always with both ends."""

from random import Random

import pytest

from solver import Location, Participant, SearchLimits, Slot, frontier, solve, what_if
from solver.forecast import one_more_hour, one_more_slot, one_more_table
from tests.solver.days import a_day, ask, slots
from tests.solver.random_days import random_problem

LIMITS = SearchLimits(seconds=12, workers=1)


def test_one_more_table_brings_what_waits_for_it():
    asked = [ask("r1", "ann", "bob", weight=9), ask("r2", "cy", "dee", weight=7)]
    day = a_day(slots(1), *asked, locations=[Location("hall", capacity=1)])

    (effect,) = what_if(day, [one_more_table(day, "hall")], LIMITS)

    assert (effect.value, effect.at_least, effect.at_most, effect.estimate) == (16, 7, 7, 7)


def test_one_more_slot_and_one_more_hour_bring_a_meeting_each():
    away = Participant("ann", unavailable_slots=frozenset({"1-2"}))
    day = a_day(slots(2), ask("r1", "ann", "bob", weight=9), ask("r2", "ann", "cy", weight=7), people=[away])
    changed = [one_more_slot(day, Slot("1-3", day.slots["1-1"].day, 1200, 1220)), one_more_hour(day, "ann", ["1-2"])]

    effects = what_if(day, changed, LIMITS)

    assert [(effect.value, effect.at_least, effect.at_most) for effect in effects] == [(16, 7, 7), (16, 7, 7)]


@pytest.mark.parametrize("seed", range(3))
def test_the_true_gain_lies_between_the_ends_however_short_the_search(seed):
    problem = random_problem(Random(seed), requests=6)
    larger = one_more_table(problem, "hall")
    gain = solve(larger, LIMITS).value - solve(problem, LIMITS).value

    (effect,) = what_if(problem, [larger], SearchLimits(seconds=0.2, workers=1))

    assert effect.at_least <= gain <= effect.at_most
    assert effect.at_least <= effect.estimate <= effect.at_most


def test_the_frontier_gives_weight_for_people_with_a_meeting():
    asked = [ask("r1", "ann", "bob", weight=9), ask("r2", "ann", "bob", weight=9), ask("r3", "cy", "dee", weight=5)]
    day = a_day(slots(2), *asked, locations=[Location("hall", capacity=1)], bonuses=(4, 0))

    none, one = frontier(day, LIMITS, times=(0.0, 1.0))

    assert (none.weight, none.people) == (18, (2, 0, 2, 0))
    assert (one.weight, one.people) == (14, (0, 4, 0, 0))
    assert (none.value, none.bound, one.value, one.bound) == (18, 18.0, 14 + 16, 30.0)
