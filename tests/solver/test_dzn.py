"""Academic instances: read as they are meant, and solved to their published optimum."""

import csv
import os
from dataclasses import replace
from pathlib import Path

import pytest

from solver import InvalidProblemError, Meeting, NoScheduleError, SearchLimits, read_problem, solve, violations

INSTANCE = """
% three people, three meetings
nBusiness = 3; nMeetings = 3; nTables = 2;
nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2, 1, |1, 3, 2, |2, 3, 3, |];
nMeetingsBusiness = [2, 2, 2];
forbidden = [{0}, {0, 4}, {}];
fixed = [0, 3, 0];
precedences = [{}, {}, {1, 0}];
"""


def read(tmp_path, *changes):
    text = INSTANCE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "small.dzn").write_text(text)
    return read_problem(tmp_path / "small.dzn")


def test_an_instance_becomes_requests_slots_participants_and_tables(tmp_path):
    problem = read(tmp_path)

    assert list(problem.slots) == ["t1", "t2", "t3", "t4"]
    assert [request.sides for request in problem.requests.values()] == [
        (("p1",), ("p2",)),
        (("p1",), ("p3",)),
        (("p2",), ("p3",)),
    ]
    assert [request.slots for request in problem.requests.values()] == [{"t1", "t2"}, {"t3", "t4"}, None]
    assert [request.after for request in problem.requests.values()] == [(), (), ("m1",)]
    assert [person.unavailable_slots for person in problem.participants.values()] == [set(), {"t4"}, set()]
    assert (problem.locations["tables"].capacity, problem.pinned) == (2, (Meeting("m2", "t3"),))


def test_an_instance_is_solved_with_the_fewest_breaks(tmp_path):
    problem = replace(read(tmp_path), objective="breaks", max_breaks=1)

    schedule = solve(problem, SearchLimits(seconds=20, workers=1))

    assert (schedule.status, schedule.value, len(schedule.meetings)) == ("optimal", 1, 3)
    assert list(violations(problem, schedule)) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("nTables = 2;", "", "nTables"),
        ("nTables = 2;", "nTables = 2 3;", "nTables"),
        ("nMorningSlots = 2", "nMorningSlots = 5", "nTotalSlots"),
        ("|2, 3, 3, |]", "|2, 3, |]", "requested"),
        ("|2, 3, 3, |]", "|2, 3, 4, |]", "requested m3"),
        ("|2, 3, 3, |]", "|2, 9, 3, |]", "requests m3 sides"),
        ("{0, 4}", "{0, 5}", "forbidden"),
        ("{0}, {0, 4}, {}", "{0}, {0, 4}", "forbidden"),
        ("fixed = [0, 3, 0]", "fixed = [0, 3]", "fixed"),
        ("fixed = [0, 3, 0]", "fixed = [4, 3, 0]", "pinned m1"),
        ("{1, 0}", "{3}", "requests m3 after"),
    ],
)
def test_a_wrong_instance_says_where(tmp_path, old, new, place):
    with pytest.raises(InvalidProblemError) as refused:
        read(tmp_path, (old, new))

    assert refused.value.place == place


def instances():
    """Find the folder of instances: the one named in the environment, else ``shared`` beside the checkout."""
    beside = Path(__file__).parents[3] / "shared" / "instances"
    return Path(os.environ.get("INSTANCES", beside))


def published():
    folder = instances()
    if not (folder / "known.csv").is_file():
        skip = pytest.mark.skip(reason=f"{folder} has no known.csv with its instances; see INSTANCES")
        return [pytest.param(None, None, marks=skip, id="none")]
    with (folder / "known.csv").open(encoding="utf-8") as rows:
        known = {row["file"]: row["optimum"] for row in csv.DictReader(rows)}
    return [pytest.param(folder / name, optimum, id=name) for name, optimum in known.items()]


QUICK = {"tic-12.original.dzn", "tic-12crafc.original.dzn", "tic-13crafb.original.dzn", "forumt-14.original.dzn"}


@pytest.mark.parametrize(("path", "optimum"), [case for case in published() if case.id in {*QUICK, "none"}])
def test_a_quick_instance_is_proven_in_seconds(path, optimum):
    problem = replace(read_problem(path), objective="breaks", max_breaks=2)

    schedule = solve(problem, SearchLimits(seconds=60, workers=2))

    assert list(violations(problem, schedule)) == []
    assert (schedule.status, schedule.value) == ("optimal", int(optimum))


@pytest.mark.full
@pytest.mark.parametrize(("path", "optimum"), published())
def test_a_published_instance_is_never_beaten_nor_its_bound_beyond_the_optimum(path, optimum):
    problem = replace(read_problem(path), objective="breaks", max_breaks=2)
    if optimum == "infeasible":
        with pytest.raises(NoScheduleError, match="no schedule exists"):
            solve(problem, SearchLimits(seconds=20, workers=2))
        return

    schedule = solve(problem, SearchLimits(seconds=20, workers=2))

    assert list(violations(problem, schedule)) == []
    assert schedule.bound <= int(optimum) <= schedule.value
