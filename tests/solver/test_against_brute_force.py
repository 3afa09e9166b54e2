"""Random problems: the exact value is the best there is, and moves as the problem does."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solver import InvalidProblemError, NoScheduleError, SearchLimits, Slot, solve, violations
from tests.solver.brute import optimum
from tests.solver.random_days import random_problem, tiny_problem, with_location, with_person, with_request

LIMITS = SearchLimits(seconds=5, workers=1)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 10**9)


def solved(problem):
    try:
        return solve(problem, LIMITS)
    except NoScheduleError as none:
        if none.status != "INFEASIBLE":
            raise
        return None


def weight(problem):
    return solve(replace(problem, objective="total"), LIMITS).value


@FEW
@given(SEEDS)
def test_the_exact_value_is_what_brute_force_finds(seed):
    rng = Random(seed)
    problem = tiny_problem(rng)
    best = optimum(problem)

    schedule = solved(problem)

    if best is None:
        assert schedule is None
    else:
        assert (schedule.status, schedule.value) == ("optimal", best.value)
        assert list(violations(problem, schedule)) == []


@FEW
@given(SEEDS)
def test_the_bound_is_never_worse_than_the_best_however_short_the_search(seed):
    rng = Random(seed)
    problem = tiny_problem(rng)
    best = optimum(problem)
    assume(best is not None)

    try:
        schedule = solve(problem, SearchLimits(seconds=0.001, workers=1))
    except NoScheduleError as none:
        if none.status != "UNKNOWN":
            raise
        return  # nothing was found in so short a time, and nothing is claimed

    assert list(violations(problem, schedule)) == []
    beyond = best.value - schedule.bound
    assert (-beyond if problem.objective == "breaks" else beyond) <= 0


@FEW
@given(SEEDS)
def test_order_of_the_file_changes_nothing(seed):
    rng = Random(seed)
    problem = random_problem(rng, requests=5)
    shuffled = replace(
        problem,
        **{
            kind: dict(rng.sample(list(getattr(problem, kind).items()), len(getattr(problem, kind))))
            for kind in ("locations", "participants", "requests", "interpreters")
        },
    )

    assert solved(shuffled).value == solved(problem).value


def table(problem, rng):
    location = rng.choice(list(problem.locations.values()))
    return with_location(problem, replace(location, capacity=location.capacity + 1))


def slot(problem, rng):
    last = list(problem.slots.values())[-1]
    later = Slot("2-9", last.day, last.end, last.end + 20)
    return replace(problem, slots={**problem.slots, later.id: later})


def free_hour(problem, rng):
    person = rng.choice(list(problem.participants.values()))
    return with_person(problem, replace(person, unavailable_slots=frozenset()))


@pytest.mark.parametrize("more", [table, slot, free_hour], ids=lambda more: more.__name__)
@FEW
@given(SEEDS)
def test_more_room_never_lowers_the_weight(more, seed):
    rng = Random(seed)
    problem = random_problem(rng, requests=5)

    assert weight(more(problem, rng)) >= weight(problem)


def a_limit(problem, rng):
    person = rng.choice(list(problem.participants.values()))
    limit = rng.choice(["max_meetings", "max_per_day", "max_consecutive"])
    return with_person(problem, replace(person, **{limit: min(1, getattr(person, limit) or 1)}))


def a_closed_slot(problem, rng):
    location = rng.choice(list(problem.locations.values()))
    shut = location.closed_slots | {rng.choice(list(problem.slots))}
    return with_location(problem, replace(location, closed_slots=shut))


def a_mandatory_request(problem, rng):
    request = rng.choice(list(problem.requests.values()))
    return with_request(problem, replace(request, mandatory=True))


def a_pin(problem, rng):
    held = solve(problem, LIMITS).meetings
    assume(held)
    return replace(problem, pinned=(rng.choice(held),))


@pytest.mark.parametrize("rule", [a_limit, a_closed_slot, a_mandatory_request, a_pin], ids=lambda rule: rule.__name__)
@FEW
@given(SEEDS)
def test_another_rule_never_raises_the_weight(rule, seed):
    rng = Random(seed)
    problem = random_problem(rng, requests=5)
    ruled = rule(problem, rng)

    try:
        assert weight(ruled) <= weight(problem)
    except (NoScheduleError, InvalidProblemError):
        assert rule is a_mandatory_request
