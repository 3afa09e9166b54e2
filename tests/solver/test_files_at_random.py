"""Whatever value is written is read back equal; whatever is read, in pieces or as a whole, is read the same."""

import gzip
import json
from dataclasses import fields
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver import records
from solver.changes import Absence, Changes, Closure
from solver.errors import InvalidProblemError
from solver.formats import problem_format, schedule_format
from solver.problem import Engagement, Interpreter, Location, Meeting, Participant, Problem, Request, Weights
from solver.schedule import TERMS, Alternative, Explanation, Remedy, Repair, Schedule, Unscheduled
from solver.streaming import read_stream
from tests.solver.days import slots
from tests.solver.random_days import random_problem, with_promises
from tests.solver.test_records import SMALLEST, validator

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
numbers = st.integers(0, 1000)
limits = st.none() | numbers
finite = st.floats(-1e9, 1e9)
SUFFIXES = st.sampled_from([".json", ".json.gz"])
IN_A_FILE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def some(of, *, least=0):
    return st.lists(st.sampled_from(of), min_size=least, max_size=3).map(frozenset)


def few(of):
    return st.lists(of, max_size=3).map(tuple)


@st.composite
def problems(draw):
    """Draw problems with strange names, whose every key may have its default or not."""
    ids = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    times = slots(3)
    times_ids = [slot.id for slot in times]
    hours, features = some(times_ids), st.frozensets(names, max_size=2)
    ladder = st.lists(numbers, max_size=3).map(lambda steps: tuple(sorted(steps, reverse=True)))
    owners = st.none() | some(ids, least=1)
    places = [
        draw(st.builds(Location, st.just(id_), st.none() | names, numbers, hours, owners, features)) for id_ in ids
    ]
    engagements = few(st.builds(Engagement, hours, st.none() | names))
    people = [
        draw(
            st.builds(
                Participant, st.just(id_), st.none() | names, hours, engagements, limits, limits, limits, features,
                st.none() | st.sampled_from(ids), st.integers(1, 3), numbers, st.none() | ladder,
            )
        )
        for id_ in ids
    ]  # fmt: skip
    sides = st.lists(few(st.sampled_from(ids)), min_size=2, max_size=3).map(tuple)
    asked = [
        draw(
            st.builds(
                Request, st.just(id_), sides, numbers, st.booleans(), st.none() | some(times_ids, least=1),
                st.none() | some(ids, least=1), features, st.integers(1, 2),
                few(st.sampled_from(ids[:place])) if place else st.just(()),
            )
        )
        for place, id_ in enumerate(ids)
    ]  # fmt: skip
    helpers = few(st.builds(Interpreter, names, features, hours, limits, limits))
    previous = draw(st.lists(meetings(ids, times_ids), max_size=3, unique_by=lambda row: row.request))
    return Problem(
        slots={slot.id: slot for slot in times},
        locations={place.id: place for place in places},
        participants={person.id: person for person in people},
        requests={request.id: request for request in asked},
        interpreters={helper.id: helper for helper in draw(helpers)},
        walking={frozenset(ids[:2]): draw(numbers)},
        previous=tuple(previous),
        bonuses=draw(ladder),
        max_breaks=draw(limits),
        objective=draw(st.sampled_from(["balanced", "total", "breaks"])),
        weights=draw(st.builds(Weights, numbers, numbers, numbers.map(lambda price: -price))),
    )


def meetings(ids, times):
    people = few(st.sampled_from(ids))
    return st.builds(
        Meeting,
        st.sampled_from(ids),
        st.sampled_from(times),
        st.none() | st.sampled_from(ids),
        st.none() | st.integers(1, 9),
        st.none() | people,
    )


rows = meetings(["a", "é", '"', "\\"], ["t1", "t2"])
remedies = st.builds(Remedy, names, few(names), numbers, numbers, few(rows))
details = st.dictionaries(names, st.lists(names, max_size=2) | st.integers() | st.none(), max_size=2)
unscheduled = st.builds(Unscheduled, names, names, details, few(remedies))
schedules = st.builds(
    Schedule,
    st.sampled_from(["optimal", "feasible"]),
    st.sampled_from(["balanced", "total", "breaks"]),
    st.integers(-(2**53), 2**53),
    finite,
    finite,
    finite,
    st.fixed_dictionaries(dict.fromkeys(TERMS, numbers)),
    few(rows),
    few(unscheduled),
)
repairs = st.builds(Repair, few(st.builds(Alternative, few(names), few(names), few(names), few(names), schedules)))
explanations = st.builds(Explanation, few(unscheduled))


@IN_A_FILE
@given(problems(), SUFFIXES)
def test_a_problem_is_read_back_equal(tmp_path, problem, suffix):
    records.write_problem(problem, tmp_path / f"problem{suffix}")

    assert records.read_problem(tmp_path / f"problem{suffix}") == problem
    assert records.problem_from(json.loads(json.dumps(records.problem_to(problem)))) == problem


@IN_A_FILE
@given(schedules, SUFFIXES)
def test_a_schedule_is_read_back_equal(tmp_path, schedule, suffix):
    records.write_schedule(schedule, tmp_path / f"schedule{suffix}")

    assert records.read_schedule(tmp_path / f"schedule{suffix}") == schedule
    assert records.schedule_from(json.loads(json.dumps(records.schedule_to(schedule)))) == schedule


@IN_A_FILE
@given(repairs, SUFFIXES)
def test_a_repair_is_read_back_equal(tmp_path, repair, suffix):
    records.write_repair(repair, tmp_path / f"repair{suffix}")

    assert records.read_repair(tmp_path / f"repair{suffix}") == repair
    assert records.repair_from(json.loads(json.dumps(records.repair_to(repair)))) == repair
    assert validator("repair-1").is_valid(json.loads(json.dumps(records.repair_to(repair))))


@IN_A_FILE
@given(explanations, SUFFIXES)
def test_an_explanation_is_read_back_equal(tmp_path, explanation, suffix):
    records.write_explanation(explanation, tmp_path / f"explanation{suffix}")

    assert records.read_explanation(tmp_path / f"explanation{suffix}") == explanation
    assert records.explanation_from(json.loads(json.dumps(records.explanation_to(explanation)))) == explanation
    assert validator("explanation-1").is_valid(json.loads(json.dumps(records.explanation_to(explanation))))


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_changes_are_read_back_equal(tmp_path, suffix):
    day = random_problem(Random(1))
    changes = Changes(
        "1-2",
        (Absence("ann", frozenset({"1-2", "1-3"})), Absence("bob")),
        (Closure("hall"), Closure("salon", frozenset({"2-1"}))),
        frozenset({"2-2"}),
        frozenset({"r1", "r2"}),
        {"late": Request("late", (("ann",), ("bob", "cy")), weight=3, after=("r1",))},
    )
    records.write_changes(changes, tmp_path / f"changes{suffix}")

    assert records.read_changes(tmp_path / f"changes{suffix}", day) == changes
    assert records.changes_from(json.loads(json.dumps(records.changes_to(changes))), day) == changes
    assert validator("changes-1").is_valid(json.loads(json.dumps(records.changes_to(changes))))


# In pieces or as a whole.


def outcome(read, *arguments):
    """Return the value, or the place and the sentence of the refusal."""
    try:
        return read(*arguments)
    except InvalidProblemError as error:
        return str(error)


wrong = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.floats(allow_nan=False, allow_infinity=False), names,
    st.just([]), st.just({}), st.just([None]), st.just({"id": "ann"}),
)  # fmt: skip


def places(value, way=()):
    """Yield the way to every part of parsed JSON."""
    yield way
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in steps:
        yield from places(part, (*way, step))


def with_part(value, way, part):
    if not way:
        return part
    step, *rest = way
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[step] = with_part(value[step], rest, part)
    return copy


def full_data():
    problem, _ = with_promises(random_problem(Random(4)), Random(4))
    return json.loads(json.dumps(records.problem_to(problem)))


FULL = full_data()
SCHEDULE = {
    "format": "matchmaker-schedule-1", "status": "optimal", "objective": "total", "value": 1, "bound": 1.5,
    "gap": 0, "seconds": 0.5, "terms": dict.fromkeys(TERMS, 1),
    "meetings": [{"request": "r1", "slot": "t1", "attendees": ["ann", "bob"], "table": 1, "location": "hall"}],
    "unscheduled": [{"request": "r2", "reason": "no_table", "detail": {"a": [1]}, "remedies": [
        {"kind": "add_table", "ids": ["hall"], "cost": 0, "gain": 2, "witness": [{"request": "r2", "slot": "t1"}]}
    ]}],
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([(FULL, problem_format), (SMALLEST, problem_format), (SCHEDULE, schedule_format)]))
def test_one_wrong_part_is_judged_the_same_in_pieces_and_as_a_whole(data, kind):
    whole, file_format = kind
    changed = with_part(whole, data.draw(st.sampled_from(list(places(whole)))), data.draw(wrong))
    text = json.dumps(changed)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=3)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    in_pieces = outcome(read_stream, iter(pieces), file_format())

    make = records.problem_from if file_format is problem_format else records.schedule_from
    assert in_pieces == outcome(make, changed)


BROKEN = ["", " ", ",", "]", "}", '"', "\\", "0", "[", "{", ":", "nul", "1e", "-"]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2000), st.sampled_from(BROKEN))
def test_text_is_refused_in_pieces_where_it_is_as_a_whole(at, inserted):
    whole = json.dumps(SCHEDULE)
    at %= len(whole)
    text = whole[:at] + inserted + whole[at + 1 :]

    in_pieces = outcome(read_stream, iter([text[:at], text[at:]]), schedule_format())

    try:
        assert in_pieces == outcome(records.schedule_from, json.loads(text))
    except json.JSONDecodeError:
        assert isinstance(in_pieces, str)  # it may find a wrong value before it comes to what is no JSON


def test_every_field_of_a_value_is_drawn():
    """Keep the strategies above from forgetting a field that is added later."""
    drawn = {Location: 6, Participant: 12, Request: 9, Interpreter: 5, Engagement: 2, Unscheduled: 4, Schedule: 9}

    assert {kind: len(fields(kind)) for kind in drawn} == drawn


def test_a_packed_file_is_the_plain_one_packed(tmp_path):
    problem = random_problem(Random(2))
    records.write_problem(problem, tmp_path / "problem.json")
    records.write_problem(problem, tmp_path / "problem.json.gz")

    assert gzip.decompress((tmp_path / "problem.json.gz").read_bytes()) == (tmp_path / "problem.json").read_bytes()
