"""The command line, as a child process: each exit code, its one line, and the answer in time."""

import json
import os
import signal
import subprocess
import sys
from time import monotonic

import pytest

from solver import Meeting, read_schedule, violations, write_problem, write_schedule
from tests.solver.days import a_day, ask, slots
from tests.solver.test_solving import a_crowd

DAY = a_day(slots(2), ask("r1", "ann", "bob"), ask("r2", "ann", "cy", weight=4), bonuses=(5,))


def command(*arguments):
    return [sys.executable, "-m", "solver", *map(str, arguments)]


def run(*arguments):
    """Run the command from another directory, as a program that has the package would."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def day(tmp_path):
    write_problem(DAY, tmp_path / "day.json")
    return tmp_path / "day.json"


def test_solve_writes_a_schedule_that_check_accepts(day, tmp_path):
    solved = run("solve", day, "--seconds", 20, "--workers", 1, "-o", tmp_path / "out.json")
    checked = run("check", day, tmp_path / "out.json")

    assert (solved.returncode, solved.stdout) == (0, "")
    assert solved.stderr.splitlines()[-1].startswith("optimal: balanced 29, bound 29, gap 0.0000; 2 meetings")
    assert (checked.returncode, checked.stdout) == (0, "0 violations\n")


def test_bound_prints_what_no_schedule_exceeds(day):
    proven = run("bound", day, "--objective", "total", "--seconds", 20)

    assert (proven.returncode, round(float(proven.stdout))) == (0, 14)
    assert proven.stderr.splitlines()[-1].startswith("bound: total 14")


def test_solve_without_output_prints_the_schedule(day):
    solved = run("solve", day, "--objective", "total", "--seconds", 20)

    assert json.loads(solved.stdout)["value"] == 14
    assert solved.returncode == 0


def test_breaks_makes_all_requests_mandatory(day, tmp_path):
    run("solve", day, "--objective", "breaks", "--max-breaks", 0, "--seconds", 20, "-o", tmp_path / "out.json")
    schedule = read_schedule(tmp_path / "out.json")

    assert (schedule.objective, schedule.value, len(schedule.meetings)) == ("breaks", 0, 2)


def test_check_prints_a_line_a_violation(day, tmp_path):
    run("solve", day, "--seconds", 20, "-o", tmp_path / "out.json")
    data = json.loads((tmp_path / "out.json").read_text())
    data["value"] += 1
    (tmp_path / "out.json").write_text(json.dumps(data))

    checked = run("check", day, tmp_path / "out.json")

    assert checked.returncode == 1
    assert checked.stdout.splitlines()[-1] == f"{len(checked.stdout.splitlines()) - 1} violations"


def test_progress_is_a_json_line_an_event(day):
    solved = run("solve", day, "--seconds", 20, "--progress", "json")
    events = [json.loads(line) for line in solved.stderr.splitlines()[:-1]]

    assert [sorted(event) for event in events] == [["bound", "phase", "seconds", "value"]] * len(events)
    assert events[-1]["value"] == 29


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["solve", "nothing.json"], "nothing.json: file: No such file or directory; expected a file that can be read"),
        (["solve", "{day}", "-o", "no/where.json"], "no/where.json: no directory no; expected a place to write to"),
        (["solve", "{day}", "--seconds", "soon"], "python -m solver solve: argument --seconds: invalid"),
        (["solve", "{day}", "--workers", "0"], "python -m solver solve: argument --workers: invalid"),
        (["solve", "{day}", "--seconds", "nan"], "python -m solver solve: argument --seconds: invalid"),
        (["check", "{day}", "{day}"], "{day}: format: "),
        (["check", "{day}"], "python -m solver check: the following arguments are required: SCHEDULE"),
        (["forecast"], "python -m solver: argument COMMAND: invalid choice: 'forecast'"),
        ([], "python -m solver: the following arguments are required: COMMAND"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(day, arguments, said):
    ended = run(*(argument.format(day=day) for argument in arguments))

    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert ended.stderr.startswith(said.format(day=day))


def test_a_wrong_problem_is_named_with_its_place(tmp_path):
    (tmp_path / "wrong.json").write_text('{"format": "matchmaker-problem-1", "slots": 7}')
    ended = run("solve", tmp_path / "wrong.json")

    assert (ended.returncode, ended.stderr) == (2, f"{tmp_path / 'wrong.json'}: slots: 7; expected a list\n")


def test_no_schedule_leaves_a_conflict_in_its_place(tmp_path):
    asked = [ask(f"r{n}", "ann", other, mandatory=True) for n, other in enumerate(("bob", "cy", "dee"))]
    write_problem(a_day(slots(2), *asked), tmp_path / "day.json")

    ended = run("solve", tmp_path / "day.json", "--seconds", 20, "-o", tmp_path / "out.json")

    assert ended.returncode == 3
    assert "no schedule exists" in ended.stderr.splitlines()[-1]
    assert json.loads((tmp_path / "out.json").read_text()) == {
        "format": "matchmaker-conflict-1",
        "requests": ["r0", "r1", "r2"],
        "participants": ["ann", "bob", "cy", "dee"],
    }


def test_nothing_found_in_time_is_exit_4_and_writes_nothing(tmp_path):
    write_problem(a_crowd(), tmp_path / "crowd.json")
    ended = run("solve", tmp_path / "crowd.json", "--objective", "breaks", "--seconds", 0, "-o", tmp_path / "out.json")

    assert (ended.returncode, (tmp_path / "out.json").exists()) == (4, False)


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_search_with_the_best_so_far(tmp_path, sent):
    write_problem(a_crowd(), tmp_path / "crowd.json")
    arguments = ("solve", tmp_path / "crowd.json", "--seconds", 300, "--progress", "json", "-o", tmp_path / "out.json")
    with subprocess.Popen(command(*arguments), stderr=subprocess.PIPE, text=True) as child:
        while json.loads(child.stderr.readline())["value"] is None:
            pass
        child.send_signal(sent)
        child.stderr.read()
        assert child.wait(30) == 0

    schedule = read_schedule(tmp_path / "out.json")
    assert (schedule.status, list(violations(a_crowd(), schedule))) == ("feasible", [])


def test_the_answer_comes_in_time(tmp_path):
    write_problem(a_crowd(), tmp_path / "crowd.json")
    started = monotonic()
    ended = run("solve", tmp_path / "crowd.json", "--seconds", 3, "-o", tmp_path / "out.json")

    assert ended.returncode == 0
    assert monotonic() - started < 3 + 2 + 5 * (os.getloadavg()[0] > 2)  # a busy machine is not the search's fault


def test_a_listener_that_leaves_does_not_cost_the_answer(tmp_path):
    write_problem(a_crowd(), tmp_path / "crowd.json")
    arguments = ("solve", tmp_path / "crowd.json", "--seconds", 2, "-o", tmp_path / "out.json")
    with subprocess.Popen(command(*arguments), stderr=subprocess.PIPE) as child:
        child.stderr.close()
        assert child.wait(60) == 0

    assert read_schedule(tmp_path / "out.json").meetings


def test_an_answer_replaces_an_older_one_as_a_whole(day, tmp_path):
    write_schedule(read_after_solving(day, tmp_path), tmp_path / "out.json")
    before = (tmp_path / "out.json").stat().st_ino

    run("solve", day, "--seconds", 20, "-o", tmp_path / "out.json")

    assert (tmp_path / "out.json").stat().st_ino != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.json", "first.json", "out.json"]


def read_after_solving(day, tmp_path):
    run("solve", day, "--seconds", 20, "-o", tmp_path / "first.json")
    schedule = read_schedule(tmp_path / "first.json")
    assert isinstance(schedule.meetings[0], Meeting)
    return schedule


def test_importing_the_front_door_is_quick_and_loads_no_solver():
    code = "import sys, solver; print('ortools' in sys.modules, 'solver.compiled' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False False\n"
