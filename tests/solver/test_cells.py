"""Legal cells for a hand on the grid: exactly those that the checker accepts."""

from dataclasses import replace
from random import Random

import pytest

from solver import Grid, Interpreter, Location, Meeting, Participant, placements
from solver.check import breaches
from tests.solver.days import a_day, ask, meet, slots
from tests.solver.random_days import legal_rows, random_problem


def rules_broken(problem, rows):
    return {breach.rule for breach in breaches(problem, rows, "total")}


def free_table(problem, rows, slot_ids, location):
    """Return the lowest table that none of the rows uses then and there."""
    times = list(problem.slots)

    def meets(row):
        first = times.index(row.slot)
        return not slot_ids.isdisjoint(times[first : first + problem.requests[row.request].length])

    taken = {row.table for row in rows if row.location == location.id and meets(row)}
    return next((number for number in range(1, location.capacity + 1) if number not in taken), 1)


@pytest.mark.parametrize("seed", range(12))
def test_a_cell_is_legal_exactly_where_the_checker_accepts_it(seed):
    rng = Random(seed)
    problem = random_problem(rng, requests=8)
    rows = legal_rows(problem, rng)
    grid = Grid(problem, rows)
    times = list(problem.slots)
    for request in problem.requests.values():
        others = [row for row in rows if row.request != request.id]
        for cell in grid.placements(request.id):
            first = times.index(cell.slot)
            taken = set(times[first : first + request.length])
            table = free_table(problem, others, taken, problem.locations[cell.location])
            if cell.reason is None:
                row = Meeting(request.id, cell.slot, cell.location, table, cell.attendees, cell.interpreter)
                assert rules_broken(problem, [*others, row]) == set()
            else:
                tried = [
                    Meeting(request.id, cell.slot, cell.location, table, (one, two), helper)
                    for one in request.sides[0]
                    for two in request.sides[1]
                    for helper in (None, *problem.interpreters)
                ]
                assert len(request.sides) > 2 or all(rules_broken(problem, [*others, row]) for row in tried)


def test_a_cell_says_why_not():
    day = a_day(
        slots(3),
        ask("r1", "ann", "bob"),
        ask("r2", "ann", "cy"),
        people=[Participant("cy", unavailable_slots=frozenset({"1-2"}))],
        locations=[Location("hall"), Location("salon", closed_slots=frozenset({"1-3"}))],
    )

    cells = placements(day, [meet("r1", "1-1", "ann bob")], "r2")

    assert {(cell.slot, cell.location): cell.reason for cell in cells} == {
        ("1-1", "hall"): "no_common_slot",
        ("1-1", "salon"): "no_common_slot",
        ("1-2", "hall"): "no_common_slot",
        ("1-2", "salon"): "no_common_slot",
        ("1-3", "hall"): None,
        ("1-3", "salon"): "no_location",
    }


def test_a_full_location_has_no_table_though_another_like_it_has_one():
    day = a_day(
        slots(1), ask("r1", "ann", "bob"), ask("r2", "dee", "cy"), locations=[Location("hall"), Location("salon")]
    )

    cells = placements(replace(day, objective="total"), [meet("r1", "1-1", "ann bob")], "r2")

    assert [(cell.location, cell.reason) for cell in cells] == [("hall", "no_table"), ("salon", None)]


def test_a_meeting_may_be_moved_although_it_is_pinned():
    day = a_day(slots(2), ask("r1", "ann", "bob"), pinned=(Meeting("r1", "1-1"),))

    cells = placements(day, [meet("r1", "1-1", "ann bob")], "r1")

    assert [(cell.slot, cell.reason) for cell in cells] == [("1-1", None), ("1-2", None)]


def test_a_legal_cell_names_attendees_and_interpreter():
    day = a_day(
        slots(1),
        ask("r1", "ann", "bob cy"),
        people=[
            Participant("ann", languages=frozenset({"ar"})),
            Participant("bob", languages=frozenset({"fr"}), max_meetings=0),
            Participant("cy", languages=frozenset({"fr"})),
        ],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr"}))],
    )

    (cell,) = placements(day, [], "r1")

    assert (cell.attendees, cell.interpreter) == (("ann", "cy"), "ina")


def test_a_longer_meeting_does_not_start_in_the_last_slot():
    day = a_day(slots(2), ask("r1", "ann", "bob", length=2))

    assert [cell.reason for cell in placements(day, [], "r1")] == [None, "no_common_slot"]


def test_a_longer_meeting_needs_one_table_for_all_its_slots():
    day = a_day(
        slots(2),
        ask("r1", "ann", "bob"),
        ask("r2", "cy", "dee"),
        ask("r3", "eve", "fay", length=2),
        locations=[Location("hall", capacity=2)],
    )

    rows = [meet("r1", "1-1", "ann bob"), meet("r2", "1-2", "cy dee", table=2)]

    assert [cell.reason for cell in placements(day, rows, "r3")] == ["no_table", "no_common_slot"]
    assert [cell.reason for cell in placements(day, rows[:1], "r3")] == [None, "no_common_slot"]


def test_a_grid_gives_the_same_answers_again():
    day = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"))
    grid = Grid(day, [meet("r1", "1-1", "ann bob"), meet("r2", "1-2", "ann cy")])

    answers = [[cell.reason for cell in grid.placements(id_)] for id_ in ("r1", "r2", "r1")]

    assert answers == [[None, "no_common_slot"], ["no_common_slot", None], [None, "no_common_slot"]]
