"""Solving: exact on small problems, monotone in what is given, deterministic, and stopped at any moment."""

from dataclasses import replace
from random import Random
from threading import Event
from time import monotonic

import pytest

from solver import (
    InvalidProblemError,
    Location,
    Meeting,
    NoScheduleError,
    Participant,
    SearchLimits,
    Weights,
    solve,
    violations,
)
from solver.solving import Run
from solver.terms import terms_of
from tests.solver.brute import optimum
from tests.solver.days import a_day, ask, slots
from tests.solver.random_days import random_problem, with_promises

LIMITS = SearchLimits(seconds=20, workers=1)
OBJECTIVES = ("balanced", "balanced", "total", "breaks")


def a_random_problem(seed, *, requests=3):
    """Return a small problem with every rule, term and kind of row in play."""
    rng = Random(seed)
    problem = random_problem(rng, requests=requests)
    if seed % 2:
        problem, _ = with_promises(problem, rng)
    weights = Weights(
        weight=rng.choice([1, 2]),
        bonus=rng.choice([0, 1, 3]),
        shortfall=-rng.choice([0, 1, 5]),
        idle_slots=-rng.choice([0, 1, 3]),
        location_changes=-rng.choice([0, 1, 4]),
        late_slots=-rng.choice([0, 1, 2]),
        kept=rng.choice([0, 5]),
    )
    objective = rng.choice(OBJECTIVES)
    return replace(problem, objective=objective, weights=weights, max_breaks=rng.choice([None, 0, 1]))


def value(problem):
    """Return the best value, or None where there is no schedule."""
    try:
        schedule = solve(problem, LIMITS)
    except NoScheduleError as error:
        return None if error.status == "INFEASIBLE" and error.conflict.requests else error
    assert (schedule.status, list(violations(problem, schedule))) == ("optimal", [])
    return schedule.value


@pytest.mark.parametrize("seed", range(8))
def test_the_value_is_that_of_trying_everything(seed):
    problem = a_random_problem(seed)
    best = optimum(problem)

    assert value(problem) == (best and best.value)


def shuffled(problem, rng):
    """Return the problem under other names and in another order."""

    def mixed(mapping):
        return dict(rng.sample(list(mapping.items()), len(mapping)))

    return replace(
        problem,
        locations=mixed(problem.locations),
        participants=mixed(problem.participants),
        requests=mixed(problem.requests),
        interpreters=mixed(problem.interpreters),
    )


@pytest.mark.parametrize("seed", range(20, 26))
def test_order_changes_nothing(seed):
    problem = a_random_problem(seed, requests=8)

    assert value(shuffled(problem, Random(seed))) == value(problem)


def rewarded(seed):
    """Return a problem in which more room can only help: no promises, no prices of what room might tempt to."""
    problem = random_problem(Random(seed), requests=10)
    return replace(problem, objective="total", walking={})


def with_a_table(problem):
    hall = problem.locations["hall"]
    return replace(problem, locations=problem.locations | {"hall": replace(hall, capacity=hall.capacity + 1)})


def with_a_slot(problem):
    later = replace(slots(1, day="3")[0], break_before=True)
    return replace(problem, slots=problem.slots | {later.id: later})


def with_a_free_hour(problem):
    ann = replace(problem.participants["ann"], unavailable_slots=frozenset(), engagements=())
    return replace(problem, participants=problem.participants | {"ann": ann})


@pytest.mark.parametrize("more", [with_a_table, with_a_slot, with_a_free_hour])
@pytest.mark.parametrize("seed", range(40, 43))
def test_more_room_never_lowers_the_value(seed, more):
    problem = rewarded(seed)

    assert value(more(problem)) >= value(problem)


@pytest.mark.parametrize("limit", ["max_meetings", "max_per_day", "max_consecutive"])
@pytest.mark.parametrize("seed", range(50, 53))
def test_one_more_limit_never_raises_the_value(seed, limit):
    problem = rewarded(seed)
    strict = {id_: replace(person, **{limit: 1}) for id_, person in problem.participants.items()}

    assert value(replace(problem, participants=strict)) <= value(problem)


def test_equal_problems_get_equal_answers_with_one_worker():
    problem = random_problem(Random(7), requests=12)
    first, second = solve(problem, LIMITS), solve(problem, LIMITS)

    assert (first.status, first.meetings) == ("optimal", second.meetings)


def test_alike_locations_are_pooled_and_each_meeting_still_has_its_table():
    day = a_day(
        slots(2),
        *(ask(f"r{n}", f"a{n}", f"b{n}", length=2) for n in range(5)),
        locations=[Location(f"hall-{n}", capacity=2) for n in range(3)],
        objective="total",
    )

    schedule = solve(day, LIMITS)

    assert (len(schedule.meetings), list(violations(day, schedule))) == (5, [])


def a_crowd(people=60, requests=400):
    """Return a problem that cannot be proven optimal within seconds."""
    rng = Random(1)
    pairs = {tuple(rng.sample(range(people), 2)) for _ in range(requests)}
    asked = [ask(f"r{one}-{two}", f"p{one}", f"p{two}", weight=rng.randint(1, 90)) for one, two in pairs]
    crowd = [Participant(f"p{n}", max_consecutive=2, parallel=rng.choice([1, 1, 3])) for n in range(people)]
    halls = [Location(f"hall-{n}", capacity=9) for n in range(2)]
    return a_day(slots(12), *asked, people=crowd, locations=halls, bonuses=(50, 9))


def test_progress_starts_at_once_and_never_gets_worse():
    heard = []
    schedule = solve(a_crowd(), SearchLimits(seconds=3, workers=2), progress=heard.append)
    values = [progress.value for progress in heard if progress.value is not None]
    bounds = [progress.bound for progress in heard if progress.bound is not None]

    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)
    assert (values[-1], bounds[-1]) == (schedule.value, schedule.bound)
    assert list(violations(a_crowd(), schedule)) == []


def test_a_stop_keeps_the_best_so_far():
    stop = Event()
    started = monotonic()
    schedule = solve(
        a_crowd(), SearchLimits(seconds=300), stop=stop, progress=lambda known: known.value is None or stop.set()
    )

    assert schedule.status == "feasible"
    assert monotonic() - started < 60
    assert list(violations(a_crowd(), schedule)) == []


def test_what_is_told_is_all_of_one_schedule_while_the_search_goes_on(monkeypatch):
    """Between two looks at the best schedule another thread may have found a better one."""
    day = a_day(slots(1), ask("worse", "ann", "bob", weight=1), ask("better", "ann", "cy", weight=9))
    run = Run(day, LIMITS)
    run.best.offer_placements([(0, 0)])

    def found_meanwhile(*told):
        run.best.offer_placements([(1, 0)])
        return terms_of(*told)

    monkeypatch.setattr("solver.solving.terms_of", found_meanwhile)
    schedule = run.schedule()

    assert run.best.placements == [(1, 0)]
    assert [row.request for row in schedule.meetings] == ["worse"]
    assert [row.request for row in schedule.unscheduled] == ["better"]
    assert list(violations(day, schedule)) == []


def test_a_stop_may_be_a_function():
    schedule = solve(a_crowd(), SearchLimits(seconds=300), stop=lambda: True)

    assert schedule.bound >= schedule.value


def test_contradicting_requests_are_named_and_few():
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob", mandatory=True),
        ask("r2", "ann", "cy", mandatory=True),
        ask("r3", "ann", "dee", mandatory=True),
        *(ask(f"s{n}", f"a{n}", f"b{n}", mandatory=True) for n in range(2)),
    )
    with pytest.raises(NoScheduleError, match="no schedule exists") as none:
        solve(day, LIMITS)

    assert none.value.conflict.requests == ("r1", "r2", "r3")
    assert set(none.value.conflict.participants) == {"ann", "bob", "cy", "dee"}


def test_a_request_impossible_alone_is_the_whole_conflict():
    day = a_day(slots(2), ask("r1", "ann", "bob", length=3, mandatory=True), ask("r2", "ann", "cy", mandatory=True))
    with pytest.raises(NoScheduleError) as none:
        solve(day, LIMITS)

    assert none.value.conflict.requests == ("r1",)


def test_a_pin_that_breaks_a_rule_by_itself_is_refused():
    day = a_day(slots(1), ask("r1", "ann", "bob"), people=[Participant("ann", max_meetings=0)])
    with pytest.raises(InvalidProblemError) as refused:
        solve(replace(day, pinned=(Meeting("r1", "1-1"),)), LIMITS)

    assert refused.value.place == "pinned r1"


def test_a_pin_against_a_frozen_meeting_is_a_conflict():
    day = a_day(slots(2), ask("r1", "ann", "bob"))
    frozen = Meeting("r1", "1-1", "hall", 1, ("ann", "bob"))
    with pytest.raises(NoScheduleError) as none:
        solve(replace(day, frozen=(frozen,), pinned=(Meeting("r1", "1-2"),)), LIMITS)

    assert none.value.conflict.requests == ("r1",)


def test_nothing_found_in_time_is_said_so():
    day = replace(a_crowd(), objective="breaks")
    with pytest.raises(NoScheduleError) as none:
        solve(day, SearchLimits(seconds=0))

    assert (none.value.status, none.value.conflict) == ("UNKNOWN", None)


def test_frozen_meetings_stand_count_and_occupy():
    day = a_day(
        slots(3),
        ask("r1", "ann", "bob", weight=5),
        ask("r2", "ann", "cy", weight=7),
        ask("r3", "dee", "eve", weight=9),
        locations=[Location("hall", capacity=1)],
        people=[Participant("ann", max_meetings=1)],
    )
    frozen = Meeting("r1", "1-1", "hall", 1, ("ann", "bob"))

    schedule = solve(replace(day, frozen=(frozen,)), LIMITS)

    assert schedule.meetings[0] == frozen
    assert {row.request for row in schedule.meetings} == {"r1", "r3"}
    assert (schedule.value, [row.reason for row in schedule.unscheduled]) == (14, ["person_full"])
