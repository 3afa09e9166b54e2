"""Whatever becomes of the solver's process, its end is stated."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matchmaker.scheduling.child import Child, Limits
from matchmaker.scheduling.problem import packed, unpacked
from matchmaker.worker import Lane
from solver import violations
from tests.scheduling.problems import a_long_problem, a_problem, a_problem_with_contradicting_pins

LIMITS = Limits(seconds=10, memory_mb=6000, workers=1, seed=7)


def run(problem, **limits):
    given = {name: getattr(LIMITS, name) for name in ("seconds", "memory_mb", "workers", "seed", "grace")}
    return Child(packed(problem), Limits(**{**given, **limits}))


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


def until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def wait_for_schedule(child):
    assert until(lambda: any(point.value is not None for point in child.progress(0.2)), 30)


def test_child_answers_with_a_schedule_that_the_checker_accepts():
    problem = a_problem()

    with run(problem) as child:
        outcome = child.outcome()

    assert outcome.failure == ""
    assert list(violations(problem, outcome.schedule)) == []


def test_child_gives_way_as_who_starts_it_but_is_not_reached_by_its_keyboard():
    found = []

    def start():
        with run(a_long_problem(), seconds=60) as child:
            wait_for_schedule(child)
            found.append((os.getpriority(os.PRIO_PROCESS, child.pid), os.getsid(child.pid), os.getpgid(child.pid)))

    lane = Lane("runs", niceness=7)
    lane.start(start)
    lane.join()

    ((niceness, session, group),) = found
    assert niceness == 7
    assert session == os.getsid(0)  # across sessions Linux does not weigh who is nicer
    assert group != os.getpgid(0)


def test_child_tells_its_progress_in_seconds_value_and_bound():
    points = []

    with run(a_problem()) as child:
        while child.running:
            points.extend(child.progress(0.2))
        points.extend(child.progress(0))

    last = points[-1]
    assert last.value <= last.bound
    assert points == sorted(points, key=lambda point: point.seconds)


def test_child_that_is_stopped_keeps_the_best_it_has():
    problem = a_long_problem()

    with run(problem, seconds=300) as child:
        wait_for_schedule(child)
        child.stop()
        outcome = child.outcome()

    assert list(violations(problem, outcome.schedule)) == []


def test_child_killed_from_outside_has_crashed():
    with run(a_long_problem(), seconds=300) as child:
        wait_for_schedule(child)
        os.kill(child.pid, signal.SIGKILL)
        outcome = child.outcome()

    assert (outcome.schedule, outcome.failure, outcome.detail["code"]) == (None, "crashed", -signal.SIGKILL)


def test_child_without_memory_says_so():
    with run(a_long_problem(), memory_mb=80) as child:
        outcome = child.outcome()

    assert (outcome.schedule, outcome.failure) == (None, "memory")


def test_child_that_overstays_is_killed():
    with run(a_long_problem(), seconds=1, grace=-0.9) as child:
        outcome = child.outcome()

    assert (outcome.schedule, outcome.failure) == (None, "time")
    assert not alive(child.pid)


def test_child_with_locks_that_contradict_each_other_names_them():
    problem = a_problem_with_contradicting_pins()

    with run(problem) as child:
        outcome = child.outcome()

    assert outcome.failure == "conflict"
    assert set(outcome.detail["requests"]) <= set(problem.requests)
    assert outcome.detail["requests"]


def test_child_with_a_broken_file_says_what_is_wrong():
    with Child(gzip.compress(b'{"format": "matchmaker-problem-1", "slots": []}'), LIMITS) as child:
        outcome = child.outcome()

    assert outcome.failure == "bad_problem"
    assert outcome.detail["line"].startswith("problem.json.gz: locations: missing")


def test_leaving_ends_the_child_and_removes_its_files():
    with run(a_long_problem(), seconds=300) as child:
        pid, folder = child.pid, Path(child._folder.name)
        assert folder.exists()

    assert not alive(pid)
    assert not folder.exists()


def test_child_does_not_outlive_a_parent_that_is_killed(tmp_path):
    file = tmp_path / "problem"
    file.write_bytes(packed(a_long_problem()))
    code = (
        "import sys; from pathlib import Path; from matchmaker.scheduling.child import Child, Limits\n"
        "child = Child(Path(sys.argv[1]).read_bytes(), Limits(300, 6000, 1, 7))\n"
        "child.progress(60); print(child.pid, flush=True); child.outcome()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE)
    with parent:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()

    assert until(lambda: not alive(pid))


def test_a_stored_problem_can_be_solved_again_to_the_same_value():
    problem = a_problem()

    with run(problem) as first, run(unpacked(packed(problem))) as second:
        values = first.outcome().schedule.value, second.outcome().schedule.value

    assert values[0] == values[1]


@pytest.mark.parametrize("line", ["nonsense", '{"seconds": "soon"}', "{", json.dumps({"seconds": 1})])
def test_lines_that_are_no_progress_are_kept_as_last_words(line):
    with run(a_problem()) as child:
        child.outcome()
        assert child._points(f"{line}\n".encode()) == []
        assert child._last_words() == line
