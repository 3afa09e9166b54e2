"""Table numbers: distinct, kept by longer meetings, as pinned, and as before where that is possible."""

from dataclasses import replace

from solver import Location, Meeting, SearchLimits, Weights, solve, violations
from tests.solver.days import a_day, ask, slots

LIMITS = SearchLimits(seconds=20, workers=1)


def tables(problem):
    schedule = solve(problem, LIMITS)
    assert list(violations(problem, schedule)) == []
    return {row.request: row.table for row in schedule.meetings}


def test_a_pinned_table_is_kept_free_for_its_meeting():
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        ask("r2", "dee", "cy"),
        locations=[Location("hall", capacity=2)],
        pinned=(Meeting("r2", "1-1", table=1),),
    )

    assert tables(day) == {"r1": 2, "r2": 1}


def test_a_table_number_that_one_location_lacks_leads_to_the_other():
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        locations=[Location("hall"), Location("salon", capacity=2)],
        pinned=(Meeting("r1", "1-1", table=2),),
    )

    assert solve(day, LIMITS).meetings[0].location == "salon"


def test_a_longer_meeting_keeps_its_table_around_pinned_ones():
    """Two tables, pins on table 1 then on table 2: there is room in each slot, but on no table for two slots."""
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob"),
        ask("r2", "cy", "dee"),
        ask("long", "eve", "fay", length=2),
        locations=[Location("hall", capacity=2)],
        pinned=(Meeting("r1", "1-1", table=1), Meeting("r2", "1-2", table=2)),
    )

    assert tables(day) == {"r1": 1, "r2": 2}


def test_longer_meetings_fit_around_a_pin_where_a_table_is_left():
    day = a_day(
        slots(3),
        ask("r1", "ann", "bob"),
        ask("long", "eve", "fay", length=2),
        ask("longer", "cy", "dee", length=3),
        locations=[Location("hall", capacity=2)],
        pinned=(Meeting("r1", "1-2", table=2),),
    )

    assert tables(day) == {"r1": 2, "longer": 1}


def test_a_table_is_the_one_of_before_where_it_is_free():
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        ask("r2", "dee", "cy"),
        previous=(Meeting("r1", "1-1", "hall", 3, ("ann", "bob")),),
    )

    assert tables(day) == {"r1": 3, "r2": 1}
    assert solve(replace(day, previous=()), LIMITS).meetings[0].table == 1


def test_what_takes_one_slot_is_given_a_table_that_a_pin_names_in_another():
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob"),
        ask("r2", "cy", "dee"),
        ask("long", "eve", "fay", length=2),
        locations=[Location("hall", capacity=2)],
        pinned=(Meeting("r1", "1-1", table=1),),
    )

    assert tables(day) == {"r1": 1, "r2": 1, "long": 2}


def test_a_longer_meeting_finds_a_table_although_others_were_at_different_ones_before():
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob"),
        ask("r2", "cy", "dee"),
        ask("long", "eve", "fay", length=2),
        locations=[Location("hall", capacity=2)],
        previous=(Meeting("r1", "1-1", "hall", 1, ("ann", "bob")), Meeting("r2", "1-2", "hall", 2, ("cy", "dee"))),
        weights=Weights(kept=5),
    )

    assert tables(day) == {"r1": 2, "r2": 2, "long": 1}


def test_a_longer_meeting_finds_no_table_beside_what_is_held_already_and_a_pin():
    """In the first slot the other two tables are taken; the one that is free is named by a pin in the second."""
    day = a_day(
        slots(2),
        ask("past", "ann", "bob"),
        ask("past2", "cy", "dee"),
        ask("r1", "gus", "hal"),
        ask("long", "eve", "fay", length=2),
        locations=[Location("hall", capacity=3)],
        frozen=(Meeting("past", "1-1", "hall", 2, ("ann", "bob")), Meeting("past2", "1-1", "hall", 3, ("cy", "dee"))),
        pinned=(Meeting("r1", "1-2", table=1),),
    )

    assert tables(day) == {"past": 2, "past2": 3, "r1": 1}


def test_a_hall_without_limit_has_its_first_tables_used_and_those_that_rows_name():
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob"),
        ask("r2", "dee", "cy"),
        locations=[Location("hall", capacity=1_000_000_000)],
        pinned=(Meeting("r1", "1-1", "hall", 999_999_999),),
    )

    assert tables(day) == {"r1": 999_999_999, "r2": 1}
