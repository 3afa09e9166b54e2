"""Repairs: what stands, what moves, what is counted; judged by the checker on the changed problem."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import (
    Interpreter,
    InvalidProblemError,
    Location,
    Meeting,
    NoScheduleError,
    Participant,
    SearchLimits,
    repair,
    violations,
)
from solver.changed import changed_problem
from solver.changes import Absence, Changes, Closure
from solver.check import breaches
from tests.solver.days import a_day, ask, meet, slots
from tests.solver.random_days import PEOPLE, legal_rows, random_problem

LIMITS = SearchLimits(seconds=2.0, workers=1)


def repaired(problem, rows, changes, **options):
    return repair(problem, rows, changes, LIMITS, **options).alternatives


def held(alternative):
    return {row.request: row.slot for row in alternative.schedule.meetings}


DAY = a_day(slots(3), ask("r1", "ann", "bob"), ask("r2", "cy", "dee"), locations=[Location("hall", capacity=2)])
ROWS = (meet("r1", "1-1", "ann bob"), meet("r2", "1-1", "cy dee", table=2))


def test_nothing_changes_where_nothing_happened():
    (only,) = repaired(DAY, ROWS, Changes())

    assert (only.moved, only.lost, only.added, only.told) == ((), (), (), ())
    assert only.schedule.meetings == ROWS


def test_who_is_away_meets_later():
    (only,) = repaired(DAY, ROWS, Changes(unavailable=(Absence("ann", frozenset({"1-1", "1-2"})),)))

    assert held(only) == {"r1": "1-3", "r2": "1-1"}
    assert (only.moved, only.lost, only.added, only.told) == (("r1",), (), (), ("ann", "bob"))


def test_who_is_away_from_now_on_meets_nobody_any_more():
    rows = (ROWS[0], meet("r2", "1-2", "cy dee"))

    (only,) = repaired(DAY, rows, Changes("1-2", unavailable=(Absence("cy"), Absence("ann"))))

    assert held(only) == {"r1": "1-1"}
    assert (only.moved, only.lost, only.added, only.told) == ((), ("r2",), (), ("cy", "dee"))


def test_nothing_is_placed_in_the_past():
    rows = (meet("r1", "1-2", "ann bob"), meet("r2", "1-2", "cy dee", table=2))

    (only,) = repaired(DAY, rows, Changes("1-2", closed=(Closure("hall", frozenset({"1-2"})),)))

    assert (held(only), only.moved) == ({"r1": "1-3", "r2": "1-3"}, ("r1", "r2"))


def test_a_closed_location_sends_its_meetings_to_another_in_the_same_slot():
    day = replace(DAY, locations={"hall": Location("hall", capacity=2), "salon": Location("salon")})

    (only, *_) = repaired(day, ROWS, Changes("1-1", closed=(Closure("hall"),)), alternatives=1)

    assert {row.location for row in only.schedule.meetings} == {"salon"}
    assert held(only)["r1"] == "1-1"
    assert (only.moved, only.told) == (("r1", "r2"), ("ann", "bob", "cy", "dee"))


def test_nobody_meets_in_a_removed_slot_but_what_is_past_stands():
    rows = (ROWS[0], meet("r2", "1-2", "cy dee"))

    (only,) = repaired(DAY, rows, Changes("1-2", removed_slots=frozenset({"1-1", "1-2"})))

    assert held(only) == {"r1": "1-1", "r2": "1-3"}
    assert only.schedule.meetings[0] == ROWS[0]


def test_a_cancelled_meeting_counts_as_lost_and_is_no_request_any_more():
    (only,) = repaired(DAY, ROWS, Changes(cancelled=frozenset({"r1"})))

    assert (held(only), only.schedule.unscheduled) == ({"r2": "1-1"}, ())
    assert (only.moved, only.lost, only.added, only.told) == ((), ("r1",), (), ("ann", "bob"))


def test_a_meeting_under_way_cannot_be_cancelled():
    (only,) = repaired(DAY, ROWS, Changes("1-2", cancelled=frozenset({"r1"})))

    assert (only.schedule.meetings, only.lost) == (ROWS, ())


def test_what_was_to_come_after_a_cancelled_meeting_may_come_at_once():
    day = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "cy", "dee", after=("r1",)))
    rows = (meet("r1", "1-2", "ann bob"),)
    taken = Changes(cancelled=frozenset({"r1"}), closed=(Closure("hall", frozenset({"1-2"})),))

    (only,) = repaired(day, rows, taken)

    assert (held(only), only.added) == ({"r2": "1-1"}, ("r2",))


def test_a_late_request_is_added_beside_the_others():
    late = ask("late", "ann", "cy", weight=5)

    (only,) = repaired(DAY, ROWS, Changes("1-2", added_requests={"late": late}), alternatives=1)

    assert (held(only)["r1"], held(only)["r2"]) == ("1-1", "1-1")
    assert held(only)["late"] in {"1-2", "1-3"}
    assert (only.moved, only.lost, only.added, only.told) == ((), (), ("late",), ("ann", "cy"))


def test_a_pin_that_has_become_impossible_is_a_conflict():
    day = replace(DAY, pinned=(Meeting("r1", "1-1"),))

    with pytest.raises(NoScheduleError) as error:
        repaired(day, ROWS, Changes(closed=(Closure("hall", frozenset({"1-1"})),)))

    assert (error.value.status, error.value.conflict.requests) == ("INFEASIBLE", ("r1",))
    assert error.value.conflict.participants == ("ann", "bob")


def test_a_past_meeting_that_is_not_as_pinned_is_a_conflict():
    day = replace(DAY, pinned=(Meeting("r1", "1-2"),))

    with pytest.raises(NoScheduleError) as error:
        repaired(day, ROWS, Changes("1-2"))

    assert error.value.conflict.requests == ("r1",)


def test_a_pin_moves_a_meeting_that_stands_elsewhere():
    day = replace(DAY, pinned=(Meeting("r1", "1-3"),))

    (only,) = repaired(day, ROWS, Changes())

    assert (held(only), only.moved) == ({"r1": "1-3", "r2": "1-1"}, ("r1",))


def test_a_mandatory_late_request_may_take_the_place_of_another():
    day = a_day(slots(1), ask("r1", "ann", "bob", weight=9), people=[Participant("cy")])
    late = replace(ask("late", "ann", "cy"), mandatory=True)

    (only,) = repaired(day, (meet("r1", "1-1", "ann bob"),), Changes(added_requests={"late": late}))

    assert (only.lost, only.added, only.told) == (("r1",), ("late",), ("cy", "ann", "bob"))


def test_more_change_is_offered_where_it_gains():
    day = a_day(slots(2), ask("r1", "ann", "bob", weight=50), people=[Participant("cy")])
    late = ask("late", "ann", "cy", weight=50, slots=frozenset({"1-1"}))

    first, second = repaired(day, (meet("r1", "1-1", "ann bob"),), Changes(added_requests={"late": late}))

    assert (first.moved, first.lost, first.added) == ((), (), ())
    assert (second.moved, second.lost, second.added) == (("r1",), (), ("late",))
    assert first.schedule.value < second.schedule.value


def test_no_alternative_is_refused():
    with pytest.raises(InvalidProblemError, match="at least 1"):
        repaired(DAY, ROWS, Changes(), alternatives=0)


def test_who_ran_over_a_meeting_that_is_gone_gives_one_up():
    """The walk from E to W is too long without the meeting between them, which had no zone to walk from."""
    day = a_day(
        slots(3),
        ask("r1", "ann", "bob", locations=frozenset({"east"}), slots=frozenset({"1-1"})),
        ask("r2", "ann", "cy", locations=frozenset({"yard"})),
        ask("r3", "ann", "dee", locations=frozenset({"west"}), slots=frozenset({"1-3"}), weight=2),
        locations=[Location("east", zone="E"), Location("west", zone="W"), Location("yard")],
        walking={("E", "W"): 60},
    )
    rows = (
        meet("r1", "1-1", "ann bob", at="east"),
        meet("r2", "1-2", "ann cy", at="yard"),
        meet("r3", "1-3", "ann dee", at="west"),
    )
    assert list(breaches(day, rows, "balanced")) == []

    first = repaired(day, rows, Changes(cancelled=frozenset({"r2"})))[0]

    assert (held(first), first.lost) == ({"r1": "1-1"}, ("r2", "r3"))


def random_changes(problem, rng):
    """Return changes of every kind, each there or not."""
    times = list(problem.slots)
    now = rng.choice([None, *times])
    later = times if now is None else times[times.index(now) :]

    def some(of, chance):
        return frozenset(id_ for id_ in of if rng.random() < chance)

    late = ask("late", rng.choice(PEOPLE[:3]), rng.choice(PEOPLE[3:]), weight=rng.randint(1, 20))
    return Changes(
        now,
        tuple(Absence(id_, some(later, 0.5)) for id_ in some(PEOPLE, 0.2)),
        tuple(Closure(id_, some(later, 0.5)) for id_ in some(problem.locations, 0.2)),
        some(later[1:], 0.1),
        some(problem.requests, 0.1),
        {"late": late} if rng.random() < 0.5 else {},
    )


def place(row):
    return row.slot, row.location, row.attendees


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from(["balanced", "total"]))
def test_every_alternative_is_legal_and_counts_what_it_changes(seed, objective):
    rng = Random(seed)
    problem = replace(random_problem(rng, requests=10), objective=objective)
    rows = legal_rows(problem, rng)
    changes = random_changes(problem, rng)
    changed = changed_problem(problem, rows, changes)

    alternatives = repaired(problem, rows, changes)

    before = {row.request: row for row in rows}
    for alternative in alternatives:
        assert list(violations(changed, alternative.schedule)) == []
        after = {row.request: row for row in alternative.schedule.meetings}
        assert [after[row.request] for row in changed.frozen] == list(changed.frozen)
        moved = {id_ for id_ in before.keys() & after.keys() if place(before[id_]) != place(after[id_])}
        lost, added = before.keys() - after.keys(), after.keys() - before.keys()
        assert (set(alternative.moved), set(alternative.lost), set(alternative.added)) == (moved, lost, added)
        concerned = [rows[id_] for id_ in moved | lost | added for rows in (before, after) if id_ in rows]
        assert set(alternative.told) == {person for row in concerned for person in row.attendees}
    values = [alternative.schedule.value for alternative in alternatives]
    assert values == sorted(set(values))
    assert_nobody_moves(changed, alternatives[0])


def assert_nobody_moves(changed, alternative):
    """Try each meeting that was moved or dropped at its old place: it must break a rule beside those that stayed."""
    after = {row.request: row for row in alternative.schedule.meetings}
    stayed = [row for row in changed.previous if row.request in after and place(row) == place(after[row.request])]
    alone = [row for row in changed.previous if is_legal(changed, [*changed.frozen, row])]
    if is_legal(changed, [*changed.frozen, *alone]):
        assert stayed == alone
    for row in changed.previous:
        assert row in stayed or not is_legal(changed, [*changed.frozen, *stayed, row])


def is_legal(problem, rows):
    return not list(breaches(problem, rows, "total"))


def test_interpreters_stay_too_as_far_as_they_can():
    spoken = {"ann": "ar", "bob": "fr", "cy": "ar", "dee": "en"}
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        ask("r2", "cy", "dee"),
        people=[Participant(id_, languages=frozenset({lang})) for id_, lang in spoken.items()],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr", "en"})), Interpreter("ivo", frozenset({"ar", "fr"}))],
        locations=[Location("hall", capacity=2)],
    )
    rows = (
        meet("r1", "1-1", "ann bob", interpreter="ivo"),
        meet("r2", "1-1", "cy dee", table=2, interpreter="ina"),
    )

    (only,) = repaired(day, rows, Changes())

    assert only.schedule.meetings == rows
