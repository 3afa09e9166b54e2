"""Legal schedules in which one thing is broken at random: the checker must say so."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check import HARD_RULES, breaches, terms, value, violations
from solver.problem import Engagement
from tests.solver.brute import optimum
from tests.solver.days import answer
from tests.solver.random_days import (
    legal_rows,
    random_problem,
    random_rows,
    with_interpreter,
    with_location,
    with_person,
    with_promises,
    with_request,
)

DAYS = 60
ENOUGH = 4  # times that a mutation must have found something to break
FOREIGN = "no language of theirs"


@pytest.fixture(scope="module")
def legal_days():
    problems = [(random_problem(Random(seed)), Random(seed)) for seed in range(DAYS)]
    return [(problem, legal_rows(problem, rng)) for problem, rng in problems]


def rules_named(problem, schedule):
    return {violation.rule for violation in violations(problem, schedule)}


def taken(problem, row):
    ids = list(problem.slots)
    first = ids.index(row.slot)
    return ids[first : first + problem.requests[row.request].length]


def of_person(rows, id_):
    return [row for row in rows if id_ in row.attendees]


# A mutation returns the problem and rows of which one rule, the one it is named after, is surely broken; or None where
# there is nothing to break. It is given one held row and one of its attendees, both drawn at random.


def at_most_once(problem, rows, row, person, rng):
    return problem, (*rows, row)


def known_ids(problem, rows, row, person, rng):
    field = rng.choice(["slot", "location", "interpreter"])
    return problem, swapped(rows, row, replace(row, **{field: "nowhere"}))


def complete_rows(problem, rows, row, person, rng):
    return problem, swapped(rows, row, replace(row, **{rng.choice(["location", "table", "attendees"]): None}))


def tables(problem, rows, row, person, rng):
    wrong = rng.choice([0, problem.locations[row.location].capacity + 1])
    return problem, swapped(rows, row, replace(row, table=wrong))


def sides(problem, rows, row, person, rng):
    wrong = rng.choice([row.attendees[:-1], (*row.attendees, row.attendees[0]), row.attendees[::-1]])
    return problem, swapped(rows, row, replace(row, attendees=wrong))


def nobody_twice(problem, rows, row, person, rng):
    return problem, swapped(rows, row, replace(row, attendees=(person.id,) * len(row.attendees)))


def parallel(problem, rows, row, person, rng):
    others = [other for other in of_person(rows, person.id) if other.slot != row.slot]
    if not others or person.parallel > 1:
        return None
    return problem, swapped(rows, row, replace(row, slot=others[0].slot))


def one_place(problem, rows, row, person, rng):
    elsewhere = [other for other in of_person(rows, person.id) if other.location != row.location]
    return (problem, swapped(rows, row, replace(row, slot=elsewhere[0].slot))) if elsewhere else None


def mandatory(problem, rows, row, person, rng):
    held = {row.request for row in rows}
    unmet = [request for request in problem.requests.values() if request.id not in held]
    return (with_request(problem, replace(rng.choice(unmet), mandatory=True)), rows) if unmet else None


def pinned(problem, rows, row, person, rng):
    tables = set(range(1, problem.locations[row.location].capacity + 1)) - {row.table}
    return (replace(problem, pinned=(replace(row, table=min(tables)),)), rows) if tables else None


def frozen(problem, rows, row, person, rng):
    return replace(problem, frozen=(row,)), tuple(other for other in rows if other != row)


def order(problem, rows, row, person, rng):
    ids, at = list(problem.requests), list(problem.slots).index
    later = [
        other
        for other in rows
        if ids.index(other.request) < ids.index(row.request) and at(taken(problem, other)[-1]) >= at(row.slot)
    ]
    if not later:
        return None
    return with_request(problem, replace(problem.requests[row.request], after=(later[0].request,))), rows


def length(problem, rows, row, person, rng):
    return with_request(problem, replace(problem.requests[row.request], length=len(problem.slots))), rows


def request_slots(problem, rows, row, person, rng):
    others = frozenset(problem.slots) - {row.slot}
    return with_request(problem, replace(problem.requests[row.request], slots=others)), rows


def request_locations(problem, rows, row, person, rng):
    others = frozenset(problem.locations) - {row.location}
    return with_request(problem, replace(problem.requests[row.request], locations=others)), rows


def features(problem, rows, row, person, rng):
    return with_request(problem, replace(problem.requests[row.request], features=frozenset({"piano"}))), rows


def closed(problem, rows, row, person, rng):
    shut = frozenset({rng.choice(taken(problem, row))})
    return with_location(problem, replace(problem.locations[row.location], closed_slots=shut)), rows


def owners(problem, rows, row, person, rng):
    others = frozenset(problem.participants) - set(row.attendees)
    return with_location(problem, replace(problem.locations[row.location], owners=others)), rows


def capacity(problem, rows, row, person, rng):
    location = problem.locations[row.location]
    at_once = Counter(slot for other in rows if other.location == location.id for slot in taken(problem, other))
    most = max(at_once.values())
    return (with_location(problem, replace(location, capacity=most - 1)), rows) if most > 1 else None


def tied(problem, rows, row, person, rng):
    elsewhere = min(set(problem.locations) - {row.location})
    return with_person(problem, replace(person, location=elsewhere)), rows


def availability(problem, rows, row, person, rng):
    away = frozenset({rng.choice(taken(problem, row))})
    return with_person(problem, replace(person, unavailable_slots=away)), rows


def engagements(problem, rows, row, person, rng):
    engaged = Engagement(frozenset({rng.choice(taken(problem, row))}))
    return with_person(problem, replace(person, engagements=(engaged,))), rows


def max_meetings(problem, rows, row, person, rng):
    return with_person(problem, replace(person, max_meetings=len(of_person(rows, person.id)) - 1)), rows


def max_per_day(problem, rows, row, person, rng):
    day = problem.slots[row.slot].day
    held = sum(problem.slots[other.slot].day == day for other in of_person(rows, person.id))
    return with_person(problem, replace(person, max_per_day=held - 1)), rows


def max_consecutive(problem, rows, row, person, rng):
    return with_person(problem, replace(person, max_consecutive=len(taken(problem, row)) - 1)), rows


def walking(problem, rows, row, person, rng):
    """The person's next meeting that day, with nothing between, is in another zone and now farther away."""
    ids = list(problem.slots)
    first = problem.slots[ids[min(ids.index(taken(problem, row)[-1]) + 1, len(ids) - 1)]]
    following = [other for other in of_person(rows, person.id) if other.slot == first.id != row.slot]
    zones = {problem.locations[other.location].zone for other in (row, *following)}
    if first.day != problem.slots[row.slot].day or len(zones) < 2 or None in zones:
        return None
    return replace(problem, walking={frozenset(zones): 1000}), rows


def languages(problem, rows, row, person, rng):
    if row.interpreter is not None and not problem.interpreters[row.interpreter].languages:
        return None
    other = problem.participants[next(id_ for id_ in row.attendees if id_ != person.id)]
    problem = with_person(problem, replace(other, languages=other.languages or frozenset({"ar"})))
    return with_person(problem, replace(person, languages=frozenset({FOREIGN}))), rows


def interpreter_needed(problem, rows, row, person, rng):
    if row.interpreter is None:
        return None
    for id_ in row.attendees:
        problem = with_person(problem, replace(problem.participants[id_], languages=frozenset({FOREIGN})))
    return problem, rows


def interpreter_availability(problem, rows, row, person, rng):
    if row.interpreter is None:
        return None
    away = frozenset({rng.choice(taken(problem, row))})
    return with_interpreter(problem, replace(problem.interpreters[row.interpreter], unavailable_slots=away)), rows


def interpreter_one_place(problem, rows, row, person, rng):
    others = [other for other in rows if other.interpreter and other.request != row.request]
    if not others:
        return None
    return problem, swapped(rows, row, replace(row, slot=others[0].slot, interpreter=others[0].interpreter))


def interpreter_walking(problem, rows, row, person, rng):
    """Whoever interprets is wanted in the next slot of the day too, in another zone that is now far away."""
    ids = list(problem.slots)
    after = problem.slots[ids[min(ids.index(taken(problem, row)[-1]) + 1, len(ids) - 1)]]
    here = problem.locations[row.location].zone
    far = [
        other for other in rows if other.slot == after.id and problem.locations[other.location].zone not in {here, None}
    ]
    if not (row.interpreter and here and far) or after.id == row.slot or after.day != problem.slots[row.slot].day:
        return None
    there = problem.locations[far[0].location].zone
    wanted = swapped(rows, far[0], replace(far[0], interpreter=row.interpreter))
    return replace(problem, walking={frozenset({here, there}): 1000}), wanted


def interpreter_max_per_day(problem, rows, row, person, rng):
    if row.interpreter is None:
        return None
    day = problem.slots[row.slot].day
    held = sum(problem.slots[other.slot].day == day for other in rows if other.interpreter == row.interpreter)
    interpreter = replace(problem.interpreters[row.interpreter], max_per_day=held - 1)
    return with_interpreter(problem, interpreter), rows


def interpreter_max_consecutive(problem, rows, row, person, rng):
    if row.interpreter is None:
        return None
    interpreter = replace(problem.interpreters[row.interpreter], max_consecutive=len(taken(problem, row)) - 1)
    return with_interpreter(problem, interpreter), rows


def swapped(rows, old, new):
    return tuple(new if row == old else row for row in rows)


MUTATIONS = [
    at_most_once,
    known_ids,
    complete_rows,
    tables,
    sides,
    nobody_twice,
    parallel,
    one_place,
    mandatory,
    pinned,
    frozen,
    order,
    length,
    request_slots,
    request_locations,
    features,
    closed,
    owners,
    capacity,
    tied,
    availability,
    engagements,
    max_meetings,
    max_per_day,
    max_consecutive,
    walking,
    languages,
    interpreter_needed,
    interpreter_availability,
    interpreter_one_place,
    interpreter_walking,
    interpreter_max_per_day,
    interpreter_max_consecutive,
]


def first_broken(mutation, problem, rows, rng):
    """Return what the mutation makes of the first held row and attendee, in random order, where it finds a thing."""
    pairs = [(row, problem.participants[id_]) for row in rows for id_ in row.attendees]
    tried = (mutation(problem, rows, row, person, rng) for row, person in rng.sample(pairs, len(pairs)))
    return next((broken for broken in tried if broken), None)


def test_every_hard_rule_is_broken_by_something():
    broken = {mutation.__name__ for mutation in MUTATIONS} | {"max_breaks"}  # which only counts under another objective

    assert broken >= {rule.__name__ for rule in HARD_RULES}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_one_broken_thing_is_named(mutation, legal_days):
    mutated = [
        broken
        for seed, (problem, rows) in enumerate(legal_days)
        if (broken := first_broken(mutation, problem, rows, Random(seed)))
    ]

    named = [{breach.rule for breach in breaches(*broken, "balanced")} for broken in mutated]

    assert [mutation.__name__ in rules for rules in named] == [True] * len(named)
    assert len(named) >= ENOUGH


def test_legal_days_hold_most_requests_and_break_nothing(legal_days):
    schedules = [(problem, answer(problem, rows)) for problem, rows in legal_days]

    assert [list(violations(problem, schedule)) for problem, schedule in schedules] == [[]] * DAYS
    assert sum(len(rows) for _, rows in legal_days) > 2 * DAYS


def test_promises_taken_from_a_legal_schedule_are_kept_by_it():
    drawn = [with_promises(random_problem(Random(seed)), Random(seed)) for seed in range(20)]

    assert [list(violations(problem, answer(problem, rows))) for problem, rows in drawn] == [[]] * 20
    assert [terms(problem, rows)["kept"] for problem, rows in drawn] == [len(rows) for _, rows in drawn]


@pytest.mark.parametrize("seed", range(8))
def test_brute_force_keeps_the_rules_and_is_beaten_by_no_legal_schedule(seed):
    free = random_problem(Random(seed), requests=3)
    problem, rows = with_promises(free, Random(seed))
    drawn = [rows, *(legal_rows(free, Random(luck)) for luck in range(20))]
    legal = [rows for rows in drawn if not any(breaches(problem, rows, "balanced"))]

    best = optimum(problem)

    assert rules_named(problem, answer(problem, best.meetings)) == set()
    assert max(value(problem, rows, "balanced") for rows in legal) <= best.value


@pytest.mark.parametrize("change", ["terms", "value", "bound", "unscheduled"])
def test_one_false_word_of_a_schedule_is_named(change, legal_days):
    for seed, (problem, rows) in enumerate(legal_days):
        rng = Random(seed)
        true = answer(problem, rows)
        term = rng.choice(list(true.terms))
        wrong = {
            "terms": {"terms": {**true.terms, term: true.terms[term] + rng.choice([-1, 1])}},
            "value": {"value": true.value + rng.choice([-1, 1])},
            "bound": {"bound": true.value - rng.choice([0.1, 1.0, 50.0])},
            "unscheduled": {"meetings": rows[1:]},
        }

        assert change in rules_named(problem, replace(true, **wrong[change]))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9))
def test_the_order_of_things_changes_nothing(seed):
    rng = Random(seed)
    problem = random_problem(rng)
    rows = random_rows(problem, rng)
    shuffled = replace(
        problem,
        requests=dict(rng.sample(list(problem.requests.items()), len(problem.requests))),
        participants=dict(rng.sample(list(problem.participants.items()), len(problem.participants))),
        locations=dict(rng.sample(list(problem.locations.items()), len(problem.locations))),
    )
    other_rows = tuple(rng.sample(rows, len(rows)))

    here = Counter((breach.rule, frozenset(breach.ids)) for breach in breaches(problem, rows, "balanced"))
    there = Counter((breach.rule, frozenset(breach.ids)) for breach in breaches(shuffled, other_rows, "balanced"))

    assert here == there
    assert {**terms(problem, rows), "location_changes": 0} == {**terms(shuffled, other_rows), "location_changes": 0}
