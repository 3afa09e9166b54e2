"""Files: what is written is read back equal, what is wrong is refused in one line, and the schemas agree."""

import copy
import gzip
import json
import tracemalloc
from pathlib import Path
from random import Random
from time import process_time

import pytest
from jsonschema import Draft202012Validator

import solver
from solver import (
    InvalidProblemError,
    SearchLimits,
    problem_from,
    problem_to,
    read_problem,
    read_schedule,
    schedule_from,
    schedule_to,
    solve,
    write_problem,
    write_schedule,
)
from solver.problem import Meeting
from solver.records import explanation_from, read_repair, repair_from
from solver.schedule import TERMS, Schedule
from tests.solver.days import a_day, ask, slots
from tests.solver.random_days import random_problem, with_promises

SCHEMAS = Path(solver.__file__).parent / "schemas"
SMALLEST = {
    "format": "matchmaker-problem-1",
    "slots": [{"id": "t1", "day": "2026-03-26", "start": "09:00", "end": "09:20"}],
    "locations": [{"id": "hall"}],
    "participants": [{"id": "ann"}, {"id": "bob"}],
    "requests": [{"id": "r1", "sides": [["ann"], ["bob"]]}],
}


def validator(name):
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def as_json(data):
    return json.loads(json.dumps(data))


def changed(path, value):
    """Return the smallest problem with one thing changed; the path is as readers say it."""
    data = copy.deepcopy(SMALLEST)
    *way, last = path
    part = data
    for step in way:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return data


@pytest.mark.parametrize("seed", range(5))
def test_a_problem_written_is_read_back_equal(tmp_path, seed):
    rng = Random(seed)
    problem, _ = with_promises(random_problem(rng), rng)
    write_problem(problem, tmp_path / "problem.json")
    (tmp_path / "problem.json.gz").write_bytes(gzip.compress((tmp_path / "problem.json").read_bytes()))

    assert read_problem(tmp_path / "problem.json") == problem
    assert read_problem(tmp_path / "problem.json.gz") == problem
    assert validator("problem-1").is_valid(as_json(problem_to(problem)))


def test_a_schedule_written_is_read_back_equal(tmp_path):
    day = a_day(slots(1), ask("r1", "ann", "bob"), ask("r2", "ann", "cy"))
    schedule = solve(day, SearchLimits(seconds=20, workers=1))
    write_schedule(schedule, tmp_path / "schedule.json")

    assert read_schedule(tmp_path / "schedule.json") == schedule
    assert validator("schedule-1").is_valid(as_json(schedule_to(schedule)))


def test_what_is_left_out_or_null_has_its_default():
    nulls = dict.fromkeys(json.loads((SCHEMAS / "problem-1.json").read_text(encoding="utf-8"))["properties"])

    problem = problem_from(nulls | SMALLEST)

    assert (
        problem
        == problem_from(SMALLEST)
        == a_day(problem.slots.values(), *problem.requests.values(), locations=problem.locations.values())
    )
    assert (problem.requests["r1"].weight, problem.locations["hall"].capacity, problem.weights.shortfall) == (
        1,
        1,
        -150,
    )


WRONG = [
    (["format"], "matchmaker-problem-2", "format"),
    (["slots"], ..., "slots"),
    (["slots"], {}, "slots"),
    (["colour"], "red", "colour"),
    (["slots", 0, "colour"], "red", "slots[0].colour"),
    (["slots", 0, "start"], "9:00", "slots[0].start"),
    (["slots", 0, "start"], "25:00", "slots[0].start"),
    (["slots", 0, "start"], 900, "slots[0].start"),
    (["slots", 0, "break_before"], 1, "slots[0].break_before"),
    (["slots", 0, "id"], "", "slots[0].id"),
    (["locations", 0, "capacity"], "4", "locations[0].capacity"),
    (["locations", 0, "capacity"], -4, "locations[0].capacity"),
    (["locations", 0, "capacity"], True, "locations[0].capacity"),
    (["participants", 0], "ann", "participants[0]"),
    (["participants", 0, "parallel"], 0, "participants[0].parallel"),
    (["participants", 0, "languages"], "fr", "participants[0].languages"),
    (["participants", 0, "engagements"], [{"slots": ["t1"], "place": "B"}], "participants[0].engagements[0].place"),
    (["requests", 0, "sides"], [["ann"], [7]], "requests[0].sides[1][0]"),
    (["requests", 0, "weight"], 1.5, "requests[0].weight"),
    (["requests", 0, "after"], [None], "requests[0].after[0]"),
    (["objective"], "best", "objective"),
    (["weights"], {"weight": "1"}, "weights.weight"),
    (["pinned"], [{"request": "r1"}], "pinned[0].slot"),
    (["bonuses"], [-1], "bonuses[0]"),
]


@pytest.mark.parametrize(("path", "value", "place"), WRONG)
def test_reader_and_schema_refuse_the_same(path, value, place):
    data = changed(path, value)

    with pytest.raises(InvalidProblemError) as refused:
        problem_from(data)

    assert refused.value.place == place
    assert not validator("problem-1").is_valid(data)


def test_ids_are_unique_per_kind():
    data = changed(["participants"], [{"id": "ann"}, {"id": "bob"}, {"id": "ann"}])

    with pytest.raises(InvalidProblemError) as refused:
        problem_from(data)

    assert (refused.value.place, refused.value.wrong) == ("participants[2].id", "'ann' a second time")


def test_walking_rows_name_two_zones_once():
    for rows in (
        [{"zones": ["A", "A"], "minutes": 1}],
        [{"zones": ["A", "B"], "minutes": 1}, {"zones": ["B", "A"], "minutes": 2}],
    ):
        with pytest.raises(InvalidProblemError) as refused:
            problem_from(SMALLEST | {"walking": rows})
        assert refused.value.place == f"walking[{len(rows) - 1}].zones"


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("problem.json", b"", "line 1 column 1"),
        ("problem.json", b'{"format": }', "line 1 column 12"),
        ("problem.json", b"\xff\xfe", "byte 0"),
        ("problem.json", b"[" * 100_000, "file"),
        ("problem.json", b'{"format": NaN}', "format"),
        ("problem.json", b"7", "file"),
        ("problem.json.gz", b"no gzip", "file"),
        ("problem.json.gz", gzip.compress(b"{}" * 1000)[:-9], "file"),
        ("problem.dzn", b"nBusiness = 2;", "nMeetings"),
    ],
    ids=["empty", "no value", "no text", "deep", "not a number", "a number", "no gzip", "cut off", "no key"],
)
def test_a_file_that_is_no_problem_is_refused_in_one_line(tmp_path, name, content, place):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InvalidProblemError) as refused:
        read_problem(tmp_path / name)

    assert refused.value.place == place
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidProblemError, match="No such file"):
        read_problem(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    "pin",
    [
        {"slot": "t2"},
        {"slot": "t1", "location": "stand"},
        {"slot": "t1", "location": "hall", "table": 2},
        {"slot": "t1", "attendees": ["bob", "ann"]},
        {"slot": "t1", "interpreter": "ina"},
    ],
)
def test_a_pin_that_breaks_a_rule_by_itself_is_bad_input(tmp_path, pin):
    late = {"id": "t2", "day": "2026-03-26", "start": "09:20", "end": "09:40"}
    data = SMALLEST | {
        "slots": [*SMALLEST["slots"], late],
        "locations": [{"id": "hall"}, {"id": "stand", "owners": ["cy"]}],
        "participants": [{"id": "ann", "unavailable_slots": ["t2"]}, {"id": "bob"}, {"id": "cy"}],
        "interpreters": [{"id": "ina", "languages": ["fr"]}],
        "pinned": [{"request": "r1", **pin}],
    }
    (tmp_path / "problem.json").write_text(json.dumps(data))

    with pytest.raises(InvalidProblemError) as refused:
        read_problem(tmp_path / "problem.json")

    assert refused.value.place == "pinned r1"


def test_a_schedule_is_judged_by_shape_alone():
    data = {"format": "matchmaker-schedule-1"}

    with pytest.raises(InvalidProblemError) as refused:
        schedule_from(data)

    assert refused.value.place == "status"


def test_a_hundred_thousand_requests_are_read_in_seconds():
    data = SMALLEST | {"requests": [{"id": f"r{n}", "sides": [["ann"], ["bob"]], "weight": n} for n in range(100_000)]}
    started = process_time()

    problem = problem_from(data)

    assert len(problem.requests) == 100_000
    assert process_time() - started < 5


def test_a_hundred_thousand_meetings_are_written_and_read_with_little_memory(tmp_path):
    rows = [Meeting(f"r{n}", "t1", "hall", 1, ("ann", "bob")) for n in range(100_000)]
    schedule = Schedule("feasible", "total", 0, 0.0, 0.0, 0.0, dict.fromkeys(TERMS, 0), tuple(rows))
    tracemalloc.start()

    write_schedule(schedule, tmp_path / "schedule.json")
    written = tracemalloc.get_traced_memory()[1]
    again = read_schedule(tmp_path / "schedule.json")
    read = tracemalloc.get_traced_memory()[1]

    tracemalloc.stop()
    assert again == schedule
    assert written < 4 << 20
    assert read < 36 << 20


@pytest.mark.parametrize(
    ("name", "read", "data", "place"),
    [
        ("repair-1", repair_from, {"alternatives": {}}, "alternatives"),
        ("repair-1", repair_from, {"alternatives": [{"moved": []}]}, "alternatives[0].lost"),
        ("repair-1", repair_from, {}, "alternatives"),
        ("explanation-1", explanation_from, {"unscheduled": [{"request": "r1"}]}, "unscheduled[0].reason"),
        ("explanation-1", explanation_from, {"unscheduled": None}, "unscheduled"),
        ("explanation-1", explanation_from, {"unscheduled": [], "seconds": 1}, "seconds"),
    ],
)
def test_reader_and_schema_refuse_the_same_answers(name, read, data, place):
    whole = {"format": f"matchmaker-{name}", **data}

    with pytest.raises(InvalidProblemError) as refused:
        read(whole)

    assert refused.value.place == place
    assert not validator(name).is_valid(whole)


def test_a_schedule_inside_a_repair_is_read_to_its_last_row(tmp_path):
    row = {"moved": [], "lost": [], "added": [], "told": [], "schedule": {"format": "matchmaker-schedule-1"}}
    data = {"format": "matchmaker-repair-1", "alternatives": [row]}
    (tmp_path / "repair.json").write_text(json.dumps(data))

    with pytest.raises(InvalidProblemError) as refused:
        read_repair(tmp_path / "repair.json")

    assert refused.value.place == "alternatives[0].schedule.status"
