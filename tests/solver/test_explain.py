"""Why a request is not held: each reason on a day made for it."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from solver import (
    Engagement,
    Interpreter,
    Location,
    Meeting,
    Participant,
    SearchLimits,
    explain,
    solve,
    write_problem,
    write_schedule,
)
from solver.records import explanation_from
from tests.solver.days import a_day, ask, slots

HALL = Location("hall", zone="E")
LAST = Meeting("r1", "1-1", "hall", 1, ("ann", "bob"))


def with_first_frozen(*requests, **rest):
    """Return a day on which ann meets bob first and only the second request is open."""
    given = {"locations": [HALL], **rest}
    return a_day(given.pop("times", slots(2)), ask("r1", "ann", "bob"), *requests, frozen=(LAST,), **given)


DAYS = {
    "no_representative": a_day(
        slots(1), ask("r2", "ann", "bob"), people=[Participant("bob", unavailable_slots=frozenset({"1-1"}))]
    ),
    "no_representative twice": a_day(slots(1), ask("r2", "ann", "ann")),
    "no_representative nobody": replace(
        a_day(slots(1), ask("r2", "ann", "bob")), requests={"r2": ask("r2", "ann", "")}
    ),
    "person_full": with_first_frozen(ask("r2", "ann", "cy"), people=[Participant("ann", max_meetings=1)]),
    "person_full each day": with_first_frozen(ask("r2", "ann", "cy"), people=[Participant("ann", max_per_day=1)]),
    "no_common_slot": with_first_frozen(ask("r2", "ann", "cy"), times=slots(1)),
    "no_common_slot asked": with_first_frozen(ask("r2", "ann", "cy", slots=frozenset({"1-1"}))),
    "no_common_slot length": with_first_frozen(ask("r2", "ann", "cy", length=2)),
    "no_common_slot engaged": with_first_frozen(
        ask("r2", "ann", "cy"), people=[Participant("ann", engagements=(Engagement(frozenset({"1-2"})),))]
    ),
    "longest_run": with_first_frozen(ask("r2", "ann", "cy"), people=[Participant("ann", max_consecutive=1)]),
    "order": with_first_frozen(ask("r2", "dee", "cy", after=("r1",)), times=slots(1)),
    "no_location": a_day(slots(1), ask("r2", "ann", "cy", features=frozenset({"screen"}))),
    "no_location closed": a_day(
        slots(1), ask("r2", "ann", "cy"), locations=[Location("hall", closed_slots=frozenset({"1-1"}))]
    ),
    "no_location owned": a_day(
        slots(1),
        ask("r2", "ann", "cy"),
        people=[Participant("dee")],
        locations=[Location("hall", owners=frozenset({"dee"}))],
    ),
    "no_location tied": a_day(
        slots(1),
        ask("r2", "ann", "cy"),
        people=[Participant("ann", location="one"), Participant("cy", location="two")],
        locations=[Location("one"), Location("two")],
    ),
    "no_table": with_first_frozen(ask("r2", "dee", "cy"), times=slots(1)),
    "walking": with_first_frozen(
        ask("r2", "ann", "cy", locations=frozenset({"far"})),
        locations=[HALL, Location("far", zone="W")],
        walking={("E", "W"): 5},
    ),
    "no_interpreter": a_day(
        slots(1),
        ask("r2", "ann", "cy"),
        people=[Participant("ann", languages=frozenset({"ar"})), Participant("cy", languages=frozenset({"fr"}))],
        interpreters=[Interpreter("ina", frozenset({"ar"}))],
    ),
    "no_interpreter free": a_day(
        slots(1),
        ask("r2", "ann", "cy"),
        people=[Participant("ann", languages=frozenset({"ar"})), Participant("cy", languages=frozenset({"fr"}))],
        interpreters=[Interpreter("ina", frozenset({"ar", "fr"}), unavailable_slots=frozenset({"1-1"}))],
    ),
}


@pytest.mark.parametrize("case", DAYS)
def test_the_reason_is_the_first_that_holds(case):
    explained = explain(DAYS[case], DAYS[case].frozen, "r2")

    assert [(row.request, row.reason) for row in explained] == [("r2", case.split()[0])]


def test_a_reason_holds_for_every_choice_of_attendees():
    busy = [Participant("cy", max_meetings=0), Participant("dee", unavailable_slots=frozenset({"1-1"}))]
    day = a_day(slots(2), ask("r2", "ann", "cy dee", slots=frozenset({"1-1"})), people=busy)

    explained = explain(day, ())

    assert [row.reason for row in explained] == ["no_common_slot"]


def test_a_schedule_that_was_solved_says_why_and_agrees_with_what_is_explained_beside_it():
    day = DAYS["no_table"]

    schedule = solve(day, SearchLimits(seconds=20, workers=1))

    assert [(row.request, row.reason, row.detail) for row in schedule.unscheduled] == [
        (row.request, row.reason, row.detail) for row in explain(day, schedule)
    ]
    assert [row.reason for row in schedule.unscheduled] == ["no_table"]


def test_what_fits_but_is_not_held_would_displace_nothing():
    day = a_day(slots(2), ask("r2", "ann", "cy", weight=0, slots=frozenset({"1-2"})))

    explained = explain(day, ())

    assert [(row.reason, row.detail) for row in explained] == [("displaced", {"requests": []})]


def test_an_order_is_kept_beside_a_longer_meeting():
    first = ask("r1", "ann", "bob", length=2)
    day = a_day(slots(3), first, ask("r2", "cy", "dee", after=("r1",), slots=frozenset({"1-2"})))

    explained = explain(day, (Meeting("r1", "1-1", "hall", 1, ("ann", "bob")),))

    assert [row.reason for row in explained] == ["order"]


@pytest.mark.parametrize(
    ("case", "detail"),
    [
        ("no_representative", {"side": 1}),
        ("person_full", {"people": {"ann": "max_meetings"}}),
        ("person_full each day", {"people": {"ann": "max_per_day"}}),
        ("no_common_slot", {"free": {"ann": [], "cy": ["1-1"]}}),
        ("walking", {"slots": ["1-2"]}),
        ("no_table", {"slots": ["1-1"]}),
    ],
)
def test_the_facts_name_people_limits_and_slots(case, detail):
    (row,) = explain(DAYS[case], DAYS[case].frozen)

    assert row.detail == detail


def test_the_command_writes_what_can_be_read_again(tmp_path):
    day = DAYS["no_table"]
    schedule = solve(day, SearchLimits(seconds=20, workers=1))
    write_problem(day, tmp_path / "day.json")
    write_schedule(schedule, tmp_path / "schedule.json")

    run = subprocess.run(
        [sys.executable, "-m", "solver", "explain", tmp_path / "day.json", tmp_path / "schedule.json", "r2"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert explanation_from(json.loads(run.stdout)).unscheduled == explain(day, schedule, "r2")
    assert run.stderr == "1 requests not held: no_table 1\n"
