"""What would hold a request: each remedy is carried out, and the checker and the solver agree that it helps."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from solver import Interpreter, InvalidProblemError, Location, Meeting, Participant, SearchLimits, explain, solve
from solver.check import breaches
from tests.solver.days import a_day, ask, meet, slots
from tests.solver.random_days import random_problem, with_promises
from tests.solver.remedied import changed, cheapest_by_trying, remedied

ARABIC, FRENCH = (frozenset({language}) for language in ("ar", "fr"))
HALL = Location("hall")
BUSY = (meet("r1", "1-1", "ann bob"),)


def day_of(*requests, people=(), times=None, locations=(HALL,), **rest):
    """Return a day on which r1, ann with bob, may be held already."""
    first = ask("r1", "ann", "bob", weight=7)
    return a_day(times or slots(1), first, *requests, people=people, locations=locations, **rest)


def apart(**rest):
    people = [Participant("cy", languages=ARABIC), Participant("dee", languages=FRENCH)]
    return day_of(ask("r2", "cy", "dee"), people=people, locations=[Location("hall", capacity=2)], **rest)


CASES = {
    "free a person": (
        day_of(ask("r2", "cy", "dee"), people=[Participant("cy", unavailable_slots=frozenset({"1-1"}))]),
        (),
        [("free_slot", ("cy", "1-1"), 0)],
    ),
    "open a location": (
        day_of(ask("r2", "cy", "dee"), locations=[Location("hall", closed_slots=frozenset({"1-1"}))]),
        (),
        [("free_slot", ("hall", "1-1"), 0)],
    ),
    "free an interpreter": (
        apart(interpreters=[Interpreter("ina", ARABIC | FRENCH, unavailable_slots=frozenset({"1-1"}))]),
        BUSY,
        [("free_slot", ("ina", "1-1"), 0), ("add_interpreter", ("interpreter-1", "ar", "fr"), 0)],
    ),
    "a table": (day_of(ask("r2", "cy", "dee")), BUSY, [("add_table", ("hall",), 0), ("displace", ("r1",), 7)]),
    "a limit in total": (
        day_of(ask("r2", "ann", "dee"), times=slots(2), people=[Participant("ann", max_meetings=1)]),
        BUSY,
        [("raise_limit", ("ann", "max_meetings"), 0), ("displace", ("r1",), 7)],
    ),
    "a limit each day": (
        day_of(ask("r2", "ann", "dee"), times=slots(2), people=[Participant("ann", max_per_day=1)]),
        BUSY,
        [("raise_limit", ("ann", "max_per_day"), 0), ("displace", ("r1",), 7)],
    ),
    "a longer run": (
        day_of(ask("r2", "ann", "dee"), times=slots(2), people=[Participant("ann", max_consecutive=1)]),
        BUSY,
        [("raise_limit", ("ann", "max_consecutive"), 0), ("displace", ("r1",), 7)],
    ),
    "a colleague": (
        day_of(
            ask("r2", "ann", "dee"),
            people=[Participant("ann", "one"), Participant("ada", "one"), Participant("dee", "two")],
            locations=[Location("hall", capacity=2)],
        ),
        BUSY,
        [("add_representative", ("ada", "0"), 0), ("displace", ("r1",), 7)],
    ),
    "an interpreter": (apart(), BUSY, [("add_interpreter", ("interpreter-1", "ar", "fr"), 0)]),
    "others give way": (day_of(ask("r2", "ann", "dee")), BUSY, [("displace", ("r1",), 7)]),
    "nobody gives way": (day_of(ask("r2", "cy", "dee")), (), [("displace", (), 0)]),
    "nothing helps": (day_of(ask("r2", "ann", "dee"), frozen=BUSY), BUSY, []),
    "two changes": (
        day_of(
            ask("r2", "cy", "dee"),
            people=[Participant(id_, unavailable_slots=frozenset({"1-1"})) for id_ in ("cy", "dee")],
        ),
        (),
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_remedies_of_a_day(case):
    day, rows, expected = CASES[case]

    (row,) = explain(day, rows, "r2")

    assert [(remedy.kind, remedy.ids, remedy.cost) for remedy in row.remedies] == expected
    assert [remedy.gain for remedy in row.remedies] == [10] * len(expected)


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][2]])
def test_who_makes_the_change_can_hold_the_request(case):
    day, rows, expected = CASES[case]
    (row,) = explain(day, rows, "r2")

    found = [
        (
            [str(breach) for breach in breaches(changed(day, "r2", remedy), remedied(rows, remedy), day.objective)],
            "r2" in {held.request for held in remedied(rows, remedy)},
            "r2" in {held.request for held in solve(changed(day, "r2", remedy), SearchLimits(20, 1)).meetings},
        )
        for remedy in row.remedies
    ]

    assert found == [([], True, True)] * len(expected)


def test_tables_are_numbered_anew_where_a_longer_meeting_finds_none():
    times = slots(2)
    asked = [ask("r1", "ann", "bob"), ask("r2", "cy", "dee"), ask("long", "eve", "fay", length=2)]
    day = a_day(times, *asked, locations=[Location("hall", capacity=2)])
    rows = (meet("r1", "1-1", "ann bob", 1), meet("r2", "1-2", "cy dee", 2))

    (row,) = explain(day, rows)

    assert row.reason == "displaced"
    assert row.remedies[0].witness == (meet("long", "1-1", "eve fay", 2), meet("r2", "1-2", "cy dee", 1))


@settings(max_examples=60, deadline=None)
@given(integers(0, 10_000))
def test_every_remedy_is_proved_by_the_checker(seed):
    rng = Random(seed)
    day, rows = with_promises(random_problem(rng), rng)

    found = [
        (row.request, remedy.kind, str(breach))
        for row in explain(day, rows)
        for remedy in row.remedies
        for breach in breaches(changed(day, row.request, remedy), remedied(rows, remedy), day.objective)
    ]

    assert found == []


@settings(max_examples=25, deadline=None)
@given(integers(0, 10_000))
def test_no_cheaper_meetings_could_give_way(seed):
    rng = Random(seed)
    day, rows = with_promises(random_problem(rng, requests=6), rng)
    explained = explain(day, rows)

    costs = {
        row.request: min((r.cost for r in row.remedies if r.kind == "displace"), default=float("inf"))
        for row in explained
    }
    tried = {row.request: cheapest_by_trying(day, rows, row.request) for row in explained}

    assert {id_: cost for id_, cost in costs.items() if cost > tried[id_]} == {}
    assert [row.reason == "displaced" for row in explained] == [cost == 0 for cost in costs.values()]


@settings(max_examples=15, deadline=None)
@given(integers(0, 10_000))
def test_the_solver_holds_the_request_after_the_change(seed):
    rng = Random(seed)
    day, rows = with_promises(random_problem(rng, requests=6), rng)
    remedies = [(row.request, remedy) for row in explain(day, rows) for remedy in row.remedies]

    held = [
        request in {row.request for row in solve(changed(day, request, remedy), SearchLimits(10, 1)).meetings}
        for request, remedy in rng.sample(remedies, min(2, len(remedies)))
    ]

    assert all(held)


@pytest.mark.parametrize(
    ("rows", "request_", "wrong"),
    [
        (BUSY, "r9", "request: r9, which the problem does not have"),
        (BUSY, "r1", "request: r1, which the schedule holds"),
        ((meet("r9", "1-1", "ann bob"),), None, r"meetings\[0\]: r9 at 1-1 in hall"),
        ((meet("r1", "1-1", "ann zoe"),), None, r"meetings\[0\]: r1 with somebody"),
        ((*BUSY, *BUSY), None, r"meetings\[1\]: r1 a second time"),
        ((Meeting("r1", "1-1"),), None, r"meetings\[0\]: r1 at 1-1 in None"),
    ],
)
def test_a_schedule_of_another_problem_is_refused(rows, request_, wrong):
    with pytest.raises(InvalidProblemError, match=wrong):
        explain(day_of(ask("r2", "cy", "dee")), rows, request_)
