"""The relaxation: never below what can be reached, and close to it where only people and tables are scarce."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from solver import Location, Meeting, NoScheduleError, Participant, SearchLimits, solve
from solver.bounding import bound
from solver.compiled import Compiled
from solver.prices import Prices
from solver.relaxation import relax
from tests.solver.days import a_day, ask, slots
from tests.solver.random_days import random_problem, with_promises

LIMITS = SearchLimits(seconds=20, workers=1)


@pytest.mark.parametrize("seed", range(16))
def test_the_bound_is_never_below_the_optimum(seed):
    rng = Random(seed)
    problem, _ = with_promises(random_problem(rng, requests=8), rng)
    problem = replace(problem, weights=replace(problem.weights, kept=seed % 3, late_slots=-(seed % 2)))
    try:
        best = solve(problem, LIMITS)
    except NoScheduleError:
        pytest.skip("the promises of this day contradict each other")

    assert bound(problem) >= best.value - 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_any_prices_prove_a_bound(seed):
    rng = Random(seed)
    problem = random_problem(rng, requests=8)
    compiled = Compiled(problem)
    prices = Prices(relax(compiled, compiled.start_book()))
    drawn = np.array([rng.uniform(0, 20) for _ in prices.y])

    assert prices.bound_of(drawn) >= solve(problem, LIMITS).value - 1e-6


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 30),
        ({"people": [Participant("ann", max_meetings=2)]}, 20),
        ({"people": [Participant("ann", max_per_day=1)]}, 10),
        ({"people": [Participant("ann", max_consecutive=1)]}, 20),
        ({"people": [Participant("ann", unavailable_slots=frozenset({"1-1", "1-2"}))]}, 10),
        ({"locations": [Location("hall", closed_slots=frozenset({"1-1"}))]}, 20),
        ({"bonuses": (5, 1)}, 30 + 5 + 1 + 3 * 5),
    ],
)
def test_what_the_relaxation_knows(changes, expected):
    asked = [ask(f"r{n}", "ann", other) for n, other in enumerate(("bob", "cy", "dee"))]

    assert bound(a_day(slots(3), *asked, **changes)) == pytest.approx(expected, abs=0.1)


def test_whoever_goes_from_stand_to_stand_changes_place_each_time():
    stands = [Location(f"stand-{n}", owners=frozenset({f"host-{n}"})) for n in range(3)]
    hosts = [Participant(f"host-{n}", location=f"stand-{n}") for n in range(3)]
    asked = [ask(f"r{n}", f"host-{n}", "ann") for n in range(3)]

    assert bound(a_day(slots(3), *asked, people=hosts, locations=stands)) == pytest.approx(30 - 2, abs=0.1)


def test_a_pinned_meeting_is_forced_into_the_bound():
    asked = [ask("r1", "ann", "bob", weight=1), ask("r2", "ann", "cy", weight=50)]

    assert bound(a_day(slots(1), *asked, pinned=(Meeting("r1", "1-1"),))) == pytest.approx(1, abs=0.1)


def test_a_shortfall_that_nothing_can_mend_is_counted():
    day = a_day(slots(1), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"), people=[Participant("bob", min_meetings=1)])
    none = replace(day, locations={"hall": Location("hall", capacity=0)})

    assert bound(none) == pytest.approx(-150, abs=0.1)
