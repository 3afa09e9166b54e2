"""The command ``repair``, as a child process: its file, its one line, and each exit code."""

import json
from dataclasses import replace

import pytest

from solver import Meeting, write_problem, write_schedule
from solver.changes import Absence, Changes, Closure
from solver.records import read_repair, write_changes
from tests.solver.days import a_day, answer, ask, meet, slots
from tests.solver.test_command import run

DAY = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "cy", "dee", weight=4))
ROWS = (meet("r1", "1-1", "ann bob"), meet("r2", "1-1", "cy dee", table=2))


@pytest.fixture
def files(tmp_path):
    write_problem(DAY, tmp_path / "day.json")
    write_schedule(answer(DAY, ROWS), tmp_path / "schedule.json")
    return tmp_path


def repair(files, changes):
    write_changes(changes, files / "changes.json")
    paths = (files / "day.json", files / "schedule.json", "--changes", files / "changes.json")
    return run("repair", *paths, "--workers", 1, "-o", files / "repair.json")


def test_repair_writes_alternatives_and_says_how_long_it_took(files):
    repaired = repair(files, Changes(unavailable=(Absence("ann", frozenset({"1-1"})),)))

    (only,) = read_repair(files / "repair.json").alternatives
    assert (only.moved, only.lost, only.added, only.told) == (("r1",), (), (), ("ann", "bob"))
    assert (repaired.returncode, repaired.stdout) == (0, "")
    last = repaired.stderr.splitlines()[-1]
    assert last.startswith("1 alternatives in ")
    assert last.endswith(" s without loading: value 14, 1 moved, 0 lost, 0 added, 2 people to tell")


def test_changes_that_do_not_fit_are_bad_input_in_one_line(files):
    (files / "changes.json").write_text('{"format": "matchmaker-changes-1", "now": "9-9"}')

    refused = run("repair", files / "day.json", files / "schedule.json", "--changes", files / "changes.json")

    assert refused.returncode == 2
    assert refused.stderr == f"{files / 'changes.json'}: now: unknown slot '9-9'; expected the id of a slot\n"


def test_a_schedule_of_something_else_is_bad_input_in_one_line(files):
    write_schedule(answer(DAY, ROWS[:1]), files / "schedule.json")
    write_problem(a_day(slots(2), ask("r9", "ann", "bob")), files / "day.json")

    refused = repair(files, Changes())

    assert refused.returncode == 2
    assert refused.stderr == (
        f"{files / 'schedule.json'}: previous r1: unknown request 'r1'; expected the id of a request\n"
    )


def test_a_pin_that_has_become_impossible_is_a_conflict(files):
    write_problem(replace(DAY, pinned=(Meeting("r1", "1-1"),)), files / "day.json")

    refused = repair(files, Changes(closed=(Closure("hall", frozenset({"1-1"})),)))

    assert refused.returncode == 3
    assert json.loads((files / "repair.json").read_text()) == {
        "format": "matchmaker-conflict-1",
        "requests": ["r1"],
        "participants": ["ann", "bob"],
    }
