"""The checker: each rule on its tempting day, the terms by hand, and what a schedule says of itself."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import solver.check
from solver.check import HARD_RULES, breaches, terms, value, violations
from solver.problem import Engagement, Location, Meeting, Participant, Weights
from solver.schedule import Unscheduled
from tests.solver.brute import optimum
from tests.solver.days import a_day, answer, ask, meet, slots
from tests.solver.tempting import TEMPTING

ABOUT_ROWS = {"known_ids", "complete_rows"}  # no schedule is better for them, so no day tempts to forget them
DAYS = [pytest.param(rule, day, id=f"{rule}-{n}") for rule, days in TEMPTING.items() for n, day in enumerate(days)]


def rules_named(problem, schedule):
    return {violation.rule for violation in violations(problem, schedule)}


def test_every_hard_rule_has_a_tempting_day():
    assert {rule.__name__ for rule in HARD_RULES} - ABOUT_ROWS == set(TEMPTING)


@pytest.mark.parametrize(("rule", "day"), DAYS)
def test_checker_names_the_broken_rule_and_no_other(rule, day):
    broken = answer(day.problem, day.broken)

    assert rules_named(day.problem, broken) == {rule} | day.also


@pytest.mark.parametrize(("rule", "day"), DAYS)
def test_checker_has_nothing_to_say_where_the_rule_is_kept(rule, day):
    kept = answer(day.problem, day.kept)

    assert list(violations(day.problem, kept)) == []


@pytest.mark.parametrize(("rule", "day"), DAYS)
def test_forgetting_the_rule_pays(rule, day):
    best = optimum(day.problem)
    tempted = optimum(day.problem, forgotten={rule} | day.also)

    assert best.value == answer(day.problem, day.kept).value
    assert tempted.value == answer(day.problem, day.broken).value
    assert tempted.value != best.value
    assert rule in rules_named(day.problem, answer(day.problem, tempted.meetings))


def test_check_imports_nothing_of_the_solver_but_question_and_answer():
    files = Path(solver.check.__file__).parent.glob("*.py")

    imported = {
        name
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
        + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    }

    ours = {name for name in imported if name.startswith("solver") and not name.startswith("solver.check")}
    assert ours == {"solver.problem", "solver.schedule"}
    assert {name for name in imported - ours if not name.startswith("solver.check")} == {
        "collections",
        "collections.abc",
        "dataclasses",
        "itertools",
        "math",
    }


# What the rules allow: the other side of each limit.


def legal(problem, *meetings):
    return list(breaches(problem, meetings, problem.objective)) == []


def test_a_run_ends_at_a_break_at_a_pause_and_at_night():
    people = [Participant("ann", max_consecutive=1)]
    requests = [ask("r1", "ann", "bob"), ask("r2", "ann", "cy")]
    break_day = a_day(slots(2, after_break=[2]), *requests, people=people)
    long_day = a_day(slots(3), *requests, people=people)
    two_days = a_day([*slots(1), *slots(1, day="2")], *requests, people=people)

    assert legal(break_day, meet("r1", "1-1", "ann bob"), meet("r2", "1-2", "ann cy"))
    assert legal(long_day, meet("r1", "1-1", "ann bob"), meet("r2", "1-3", "ann cy"))
    assert legal(two_days, meet("r1", "1-1", "ann bob"), meet("r2", "2-1", "ann cy"))


def test_an_audience_is_one_slot_of_a_run_and_several_meetings_of_a_day():
    requests = [ask("r1", "ann", "bob"), ask("r2", "ann", "cy")]
    rows = (meet("r1", "1-1", "ann bob", 1), meet("r2", "1-1", "ann cy", 2))
    short_run = a_day(slots(1), *requests, people=[Participant("ann", parallel=2, max_consecutive=1)])
    small_day = a_day(slots(1), *requests, people=[Participant("ann", parallel=2, max_per_day=1)])

    assert legal(short_run, *rows)
    assert [breach.rule for breach in breaches(small_day, rows, "balanced")] == ["max_per_day"]


def walkers(last, *, west="W", minutes=7):
    return a_day(
        [*slots(3), *slots(1, day="2")],
        ask("r1", "ann", "bob"),
        ask("r2", "ann", "cy"),
        locations=[Location("east", zone="E"), Location("west", zone=west)],
        walking={("E", "W"): minutes},
    ), (meet("r1", "1-1", "ann bob", at="east"), meet("r2", last, "ann cy", at="west"))


@pytest.mark.parametrize(
    ("last", "options"),
    [
        ("1-2", {"minutes": 0}),
        ("1-3", {"minutes": 20}),
        ("2-1", {}),
        ("1-2", {"west": None}),
        ("1-2", {"west": "E"}),
        ("1-2", {"west": "S"}),
    ],
    ids=["no distance", "just enough time", "overnight", "without zone", "within a zone", "zones without a row"],
)
def test_walking_needs_no_time(last, options):
    day, rows = walkers(last, **options)

    assert legal(day, *rows)


def test_walking_needs_every_minute():
    day, rows = walkers("1-3", minutes=21)

    assert [str(breach) for breach in breaches(day, rows, "balanced")] == [
        "walking: ann has 20 minutes between 1-1 in E and 1-3 in W, 21 are needed"
    ]


def test_order_binds_only_what_is_held():
    day = a_day(slots(2), ask("first", "ann", "bob"), ask("then", "ann", "cy", after=("first",)))

    assert legal(day, meet("then", "1-1", "ann cy"))
    assert legal(day, meet("first", "1-1", "ann bob"), meet("then", "1-2", "ann cy"))


@pytest.mark.parametrize("spoken", ["", "fr"])
def test_who_names_no_language_understands_everybody(spoken):
    people = [Participant("ann", languages=frozenset({"ar"})), Participant("bob", languages=frozenset(spoken.split()))]
    day = a_day(slots(1), ask("r1", "ann", "bob"), people=people)

    assert legal(day, meet("r1", "1-1", "ann bob")) == (spoken == "")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("slot", "1-2"), ("location", "salon"), ("table", 2), ("attendees", ("ada", "bob")), ("interpreter", None)],
)
def test_a_pin_binds_all_that_it_names(field, wrong):
    row = meet("r1", "1-1", "ann bob", 1, interpreter="ina")
    day = a_day(
        slots(2),
        ask("r1", "ann ada", "bob"),
        people=[*(Participant(id_, languages=frozenset({"ar"})) for id_ in ("ann", "ada")), FRENCH_BOB],
        interpreters=[INA],
        locations=[Location("hall", capacity=2), Location("salon")],
        pinned=(row,),
    )

    assert legal(day, row)
    assert "pinned" in {breach.rule for breach in breaches(day, (replace(row, **{field: wrong}),), "balanced")}


FRENCH_BOB = Participant("bob", languages=frozenset({"fr"}))
INA = solver.problem.Interpreter("ina", frozenset({"ar", "fr"}))


def test_frozen_meetings_occupy_and_count_and_are_not_judged():
    away = Participant("ann", unavailable_slots=frozenset({"1-1"}), max_meetings=1)
    past = (meet("r1", "1-1", "ann bob"), meet("r2", "1-1", "ann cy"))
    requests = [ask("r1", "ann", "bob"), ask("r2", "ann", "cy"), ask("r3", "ann", "dee"), ask("r4", "eve", "fay")]
    day = a_day(slots(2), *requests, people=[away], locations=[Location("hall", capacity=2)], frozen=past)

    assert legal(day, *past)
    assert [b.rule for b in breaches(day, (*past, meet("r3", "1-2", "ann dee")), "balanced")] == ["max_meetings"]
    assert [b.rule for b in breaches(day, (*past, meet("r4", "1-1", "eve fay", 1)), "balanced")] == [
        "capacity",
        "tables",
    ]


def test_a_frozen_meeting_takes_its_length_over_a_break_and_not_over_night():
    long = ask("long", "ann", "bob", length=3)
    past = meet("long", "1-1", "ann bob")
    day = a_day([*slots(2, after_break=[2]), *slots(1, day="2")], long, ask("r2", "ann", "cy"), frozen=(past,))

    assert [b.rule for b in breaches(day, (past, meet("r2", "1-2", "ann cy", 2)), "balanced")] == ["parallel"]
    assert legal(day, past, meet("r2", "2-1", "ann cy", 2))


def test_a_run_too_long_with_frozen_meetings_alone_is_not_judged():
    past = meet("long", "1-1", "ann bob")
    day = a_day(
        slots(3),
        ask("long", "ann", "bob", length=2),
        ask("r2", "ann", "cy"),
        people=[Participant("ann", max_consecutive=1, parallel=2)],
        frozen=(past,),
    )

    assert legal(day, past, meet("r2", "1-1", "ann cy", 2))
    assert [b.rule for b in breaches(day, (past, meet("r2", "1-3", "ann cy")), "balanced")] == ["max_consecutive"]


def test_a_second_copy_of_a_frozen_meeting_is_judged():
    past = meet("r1", "1-1", "ann bob")
    day = a_day(slots(1), ask("r1", "ann", "bob"), frozen=(past,))

    assert "at_most_once" in {breach.rule for breach in breaches(day, (past, past), "balanced")}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("request", "r9"),
        ("slot", "9-9"),
        ("location", "nowhere"),
        ("attendees", ("ann", "nobody")),
        ("interpreter", "nobody"),
    ],
)
def test_unknown_ids_are_named_and_nothing_else_is_made_of_the_row(field, wrong):
    day = a_day(slots(1), ask("r1", "ann", "bob"))
    row = replace(meet("r1", "1-1", "ann bob"), **{field: wrong})

    assert [breach.rule for breach in breaches(day, (row,), "balanced")] == ["known_ids"]


@pytest.mark.parametrize("field", ["location", "table", "attendees"])
def test_rows_are_complete(field):
    day = a_day(slots(1), ask("r1", "ann", "bob"))
    row = replace(meet("r1", "1-1", "ann bob"), **{field: None})

    assert [str(breach) for breach in breaches(day, (row,), "balanced")] == [f"complete_rows: r1 has no {field}"]


@pytest.mark.parametrize("table", [0, -1, 5])
def test_tables_are_numbered_from_one_to_the_capacity(table):
    day = a_day(slots(1), ask("r1", "ann", "bob"))

    assert [b.rule for b in breaches(day, (meet("r1", "1-1", "ann bob", table),), "balanced")] == ["tables"]


def test_an_audience_has_tables_of_its_own():
    day = a_day(slots(1), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"), people=[Participant("ann", parallel=2)])

    assert [b.rule for b in breaches(day, (meet("r1", "1-1", "ann bob"), meet("r2", "1-1", "ann cy")), "balanced")] == [
        "tables"
    ]


# The terms, by hand.


def test_terms_of_a_day_with_all_of_them():
    ann = Participant(
        "ann",
        unavailable_slots=frozenset({"1-2"}),
        engagements=(Engagement(frozenset({"1-3"})),),
        bonuses=(7, 5, 1),
        min_meetings=9,
    )
    day = a_day(
        [*slots(5, after_break=[5]), *slots(2, day="2")],
        ask("r1", "ann", "bob", weight=4),
        ask("r2", "ann", "cy", weight=3),
        ask("r3", "bob", "cy", weight=2, length=2),
        ask("r4", "ann", "dee", weight=1),
        people=[ann, Participant("dee", bonuses=(), min_meetings=2), Participant("eve", min_meetings=1)],
        locations=[Location("hall", capacity=2), Location("salon")],
        bonuses=(100, 10),
        previous=(meet("r1", "1-1", "ann bob", 2), meet("r2", "1-1", "ann cy"), Meeting("r3", "2-1")),
        weights=Weights(kept=50, late_slots=-2),
    )
    rows = (
        meet("r1", "1-1", "ann bob"),
        meet("r2", "1-5", "ann cy", at="salon"),
        meet("r3", "2-1", "bob cy", at="salon"),
    )

    given = terms(day, rows)

    assert given == {
        "weight": 4 + 3 + 2,
        "bonus": (7 + 5) + (100 + 10) + (100 + 10),  # ann, bob, cy
        "shortfall": (3 - 2) + 1,  # ann is named in three requests; dee in one, not held; eve in none
        "idle_slots": 1,  # ann at 1-4
        "location_changes": 1,  # ann; bob changes overnight
        "late_slots": 0 + 4 + 0,
        "kept": 2,  # r1 at another table, r3 whatever its place
        "breaks": 1,  # ann, over her absence, her engagement and the break
    }
    assert value(day, rows, "total") == 9
    assert value(day, rows, "breaks") == 1
    assert value(day, rows, "balanced") == 9 + 232 - 150 * 2 - 1 - 1 - 2 * 4 + 50 * 2


@pytest.mark.parametrize(
    ("limit", "missing"),
    [
        ({}, 2),
        ({"max_meetings": 1}, 1),
        ({"unavailable_slots": frozenset({"1-1", "1-2"})}, 1),
        ({"min_meetings": 0}, 0),
    ],
)
def test_shortfall_asks_for_no_more_than_can_be(limit, missing):
    ann = Participant("ann", **{"min_meetings": 5, **limit})
    day = a_day(slots(3), ask("r1", "ann", "bob ann"), ask("r2", "ann", "cy"), people=[ann])

    assert terms(day, ())["shortfall"] == missing


def test_shortfall_counts_each_slot_of_a_host_as_often_as_he_may_meet():
    requests = [ask(f"r{n}", "ann", f"guest-{n}") for n in range(5)]
    day = a_day(slots(1), *requests, people=[Participant("ann", parallel=3, min_meetings=9)])

    assert terms(day, ())["shortfall"] == 3


def test_a_break_is_a_run_of_slots_and_an_idle_slot_is_one():
    day = a_day(slots(6), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"), ask("r3", "ann", "dee", length=2))
    rows = (meet("r1", "1-1", "ann bob"), meet("r3", "1-4", "ann dee"), meet("r2", "1-6", "ann cy"))

    assert (terms(day, rows)["idle_slots"], terms(day, rows)["breaks"]) == (2, 1)


# What a schedule says of itself.

SIMPLE = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"))
TRUE = answer(SIMPLE, [meet("r1", "1-1", "ann bob")])


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"value": 11, "bound": 11.0}, {"value"}),
        ({"terms": {**TRUE.terms, "idle_slots": 1}}, {"terms"}),
        ({"terms": {name: n for name, n in TRUE.terms.items() if name != "breaks"}}, {"terms"}),
        ({"terms": {**TRUE.terms, "joy": 1}}, {"terms"}),
        ({"bound": 9.5, "gap": 0.0526}, {"bound"}),
        ({"bound": 8.0, "gap": 0.25, "status": "feasible"}, {"bound"}),
        ({"bound": float("nan")}, {"bound", "gap", "status"}),
        ({"bound": float("inf"), "status": "feasible"}, {"bound", "gap"}),
        ({"bound": 11.0, "gap": 0.0909}, {"status"}),
        ({"bound": 12.5, "gap": 0.2}, {"status"}),
        ({"status": "feasible"}, {"status"}),
        ({"bound": 12.5, "status": "feasible"}, {"gap"}),
        ({"gap": 0.0001}, {"gap"}),
        ({"unscheduled": ()}, {"unscheduled"}),
        ({"unscheduled": TRUE.unscheduled * 2}, {"unscheduled"}),
        ({"unscheduled": (*TRUE.unscheduled, Unscheduled("r1", "displaced"))}, {"unscheduled"}),
        ({"unscheduled": (*TRUE.unscheduled, Unscheduled("r9", "displaced"))}, {"unscheduled"}),
        ({"unscheduled": (Unscheduled("r2", "tired"),)}, {"reasons"}),
    ],
)
def test_what_a_schedule_says_of_itself_must_be_so(change, rules):
    assert rules_named(SIMPLE, replace(TRUE, **change)) == rules


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"bound": 10.99, "gap": 0.0901},
        {"bound": 11.0, "gap": 0.0909, "status": "feasible"},
        {"bound": 12.5, "gap": 0.2, "status": "feasible"},
    ],
)
def test_a_true_schedule_is_left_in_peace(change):
    assert rules_named(SIMPLE, replace(TRUE, **change)) == set()


def test_under_breaks_the_bound_is_below_the_value():
    day = a_day(
        slots(3),
        ask("r1", "ann", "bob", slots=frozenset({"1-1"})),
        ask("r2", "ann", "cy", slots=frozenset({"1-3"})),
    )
    best = answer(day, [meet("r1", "1-1", "ann bob"), meet("r2", "1-3", "ann cy")], "breaks")

    assert rules_named(day, best) == set()
    assert rules_named(day, replace(best, bound=0.0, gap=1.0, status="feasible")) == set()
    assert rules_named(day, replace(best, bound=2.0, gap=0.5, status="feasible")) == {"bound"}
