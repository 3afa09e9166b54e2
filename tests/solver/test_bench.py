"""The bench: what it measures, what it makes of the figures, and what it refuses to believe."""

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from solver import InvalidProblemError, write_problem
from solver.bench.instances import Case, cases_in, generated_cases
from solver.bench.measuring import Event, Measured, Result, measure, present_peers, solve_by_peer
from solver.bench.processes import run
from solver.bench.table import as_csv, as_markdown, cells, total, write_section
from tests.solver.days import a_day, ask, slots

INSTANCES = Path(__file__).parents[3] / "shared" / "instances"
PYTHON = sys.executable

# Three people in a circle, three slots, one table: each has two meetings, and one of them must wait between.
CIRCLE = """
nBusiness = 3; nMeetings = 3; nTables = 1; nTotalSlots = 3; nMorningSlots = 2;
requested = [|1,2,3, |2,3,3, |1,3,3, |];
forbidden = [{0},{0},{0}]; fixed = [0,0,0]; precedences = [{},{1},{}];
"""


@pytest.fixture
def circle(tmp_path):
    (tmp_path / "circle.dzn").write_text(CIRCLE, encoding="utf-8")
    return tmp_path / "circle.dzn"


def a_result(**rest):
    return Result("feasible", 90, 100.0, seconds=20.0, cpu_seconds=30.0, megabytes=120.0, **rest)


def a_case(**rest):
    return Case("M total", Path("M.json"), **({"objective": "total"} | rest))


def command(*arguments):
    return subprocess.run(
        [PYTHON, "-m", "solver", "bench", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_directory_gives_its_problems_with_what_is_known_of_them(tmp_path, circle):
    write_problem(a_day(slots(1), ask("r1", "ann", "bob")), tmp_path / "day.json")
    (tmp_path / "other.dzn").write_text(CIRCLE, encoding="utf-8")
    (tmp_path / "known.csv").write_text(
        "file,objective,max_breaks,optimum,published_maxsat_seconds\ncircle.dzn,breaks,2,1,0.5\n", encoding="utf-8"
    )

    assert cases_in(tmp_path) == [
        Case("circle.dzn", circle, "breaks", max_breaks=2, optimum="1", published_seconds=0.5),
        Case("day.json", tmp_path / "day.json"),
        Case("other.dzn", tmp_path / "other.dzn", "breaks"),
    ]


@pytest.mark.parametrize("known", ["file,optimum\ncircle.dzn,1\n", "file,objective,max_breaks\n,,many\n"])
def test_a_wrong_list_of_what_is_known_is_refused(tmp_path, circle, known):
    (tmp_path / "known.csv").write_text(known, encoding="utf-8")

    with pytest.raises(InvalidProblemError, match=r"known\.csv: .* expected the columns file, objective"):
        cases_in(tmp_path)


def test_the_generated_cases_of_a_size_are_plain_balanced_tight_and_featured(tmp_path):
    cases = list(generated_cases(tmp_path, ["S", "M"], 0))

    assert [(case.name, case.objective) for case in cases] == [
        ("S total", "total"),
        ("S balanced", "balanced"),
        ("M total", "total"),
        ("M balanced", "balanced"),
        ("M tight tables", "total"),
        ("M tight availability", "total"),
        ("M tight weights", "total"),
        ("M tight all three", "total"),
        ("M features", "balanced"),
    ]
    assert len(list(tmp_path.iterdir())) == 7


def test_a_process_is_measured_with_its_children():
    hungry = "import time; block = bytearray(90_000_000); time.sleep(0.6)"
    parent = (
        f"import subprocess, sys; block = bytearray(60_000_000); subprocess.run([sys.executable, '-c', '{hungry}'])"
    )
    ended = run([PYTHON, "-c", parent], seconds=60)

    assert (ended.code, ended.output) == (0, "")
    assert 150 <= ended.megabytes <= 250
    assert 0 < ended.cpu_seconds <= ended.seconds * 2


def test_a_process_that_takes_too_long_is_killed_with_its_children(tmp_path):
    late = f"import time, pathlib; time.sleep(3); pathlib.Path({str(tmp_path / 'late')!r}).touch()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {late!r}])"
    ended = run([PYTHON, "-c", parent], seconds=0.5)

    assert ended.code is None
    assert subprocess.run([PYTHON, "-c", "import time; time.sleep(3)"], check=True).returncode == 0
    assert not (tmp_path / "late").exists()


def test_the_gap_over_time_is_to_the_bound_of_the_end():
    result = a_result(events=(Event(1.0, None, 140.0), Event(2.0, 50, 140.0), Event(6.0, 80, 110.0)))

    assert [result.gap_after(seconds) for seconds in (1.5, 2, 5, 6, 19, 20)] == [None, 0.5, 0.5, 0.2, 0.2, 0.1]
    assert (result.first, result.gap) == (2.0, 0.1)


def test_a_row_says_what_was_found():
    row = cells(Measured(a_case(optimum="95", published_seconds=0.5), a_result(events=(Event(2.0, 50, 140.0),))))

    assert {column: text for column, text in row.items() if text} == {
        "instance": "M total",
        "status": "feasible",
        "value": "90",
        "bound": "100",
        "gap": "10.000 %",
        "gap at 10 s": "50.000 %",
        "first s": "2.0",
        "seconds": "20.0",
        "CPU s": "30.0",
        "MB": "120",
        "violations": "0",
        "known optimum": "95",
        "published s": "0.5",
    }


def test_the_last_row_adds_up_the_time_of_each_program():
    measured = [
        Measured(a_case(), a_result(), {"rc2": replace(a_result(), cpu_seconds=7.0)}),
        Measured(a_case(), a_result()),
    ]

    assert total(measured) == {"instance": "all", "CPU s": "60.0", "rc2 CPU s": "7.0"}


def test_a_table_shows_the_columns_that_have_figures():
    rows = [{"instance": "S", "value": "3", "bound": ""}, {"instance": "all"}]

    assert as_markdown(rows) == "| instance | value |\n| --- | ---: |\n| S | 3 |\n| all |  |\n"
    assert list(csv.reader(as_csv(rows).splitlines())) == [
        ["instance", "value", "bound"],
        ["S", "3", ""],
        ["all", "", ""],
    ]


def test_a_section_of_a_page_is_replaced_and_the_rest_stays(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Figures\n\n<!-- generated -->\nold\n<!-- end of generated -->\n\nHow it was done.\n")
    write_section(page, "generated", "new\n")
    write_section(page, "generated", "newer\n")

    assert page.read_text() == (
        "# Figures\n\n<!-- generated -->\n\nnewer\n\n<!-- end of generated -->\n\nHow it was done.\n"
    )


@pytest.mark.parametrize(
    ("own", "peer", "optimum", "faults"),
    [
        (a_result(), a_result(), "", []),
        (replace(a_result(), status="optimal"), a_result(), "90", []),
        (replace(a_result(), status="optimal"), a_result(), "91", ["M total: solver 90, known 91"]),
        (replace(a_result(), status="infeasible"), a_result(), "91", ["M total: solver infeasible, known 91"]),
        (
            replace(a_result(), status="optimal"),
            replace(a_result(), status="optimal", value=89),
            "",
            ["M total: solver 90, rc2 89"],
        ),
        (a_result(violations=2), a_result(), "", ["M total: solver: 2 violations"]),
    ],
)
def test_an_answer_that_breaks_a_rule_or_contradicts_a_proof_is_a_fault(own, peer, optimum, faults):
    measured = Measured(a_case(optimum=optimum), own, {"rc2": peer})

    assert measured.faults == faults


def test_an_instance_is_solved_in_a_process_of_its_own_and_checked(circle):
    measured = measure(Case("circle.dzn", circle, "breaks", 2, "1"), seconds=60, workers=1, seed=0)

    own = measured.own
    assert (own.status, own.value, own.bound, own.violations, measured.faults) == ("optimal", 1, 1.0, 0, [])
    assert own.events[-1].value == 1
    assert own.cpu_seconds > 0
    assert own.megabytes > 30


@pytest.mark.parametrize("peer", ["rc2", "clingo"])
def test_a_peer_finds_the_optimum_of_a_small_day(circle, peer):
    if peer not in present_peers():
        pytest.skip(f"{peer} comes with the extra bench")
    measured = measure(Case("circle.dzn", circle, "breaks", 2, "1"), seconds=60, workers=1, seed=0, peers=[peer])

    found = measured.peers[peer]
    assert (found.status, found.value, found.violations, measured.faults) == ("optimal", 1, 0, [])


@pytest.mark.parametrize("peer", ["rc2", "clingo"])
@pytest.mark.parametrize(
    "name", ["tic-12.original.dzn", "tic-12.forb0003.dzn", "tic-13.fixed020-Forb.dzn", "forumt-14.original.dzn"]
)
def test_a_peer_agrees_with_what_is_known_of_a_real_event(peer, name):
    if peer not in present_peers():
        pytest.skip(f"{peer} comes with the extra bench")
    if not INSTANCES.is_dir():
        pytest.skip("the benchmark instances are not beside the checkout")
    case = next(case for case in cases_in(INSTANCES) if case.name == name)
    found = solve_by_peer(case, peer, 200)

    assert ("infeasible" if found.value is None else str(found.value), found.violations) == (case.optimum, 0)


def test_the_command_prints_and_stores_the_table(tmp_path, circle):
    ended = command(
        tmp_path, "--seconds", 30, "--workers", 1, "--csv", tmp_path / "table.csv", "--page", tmp_path / "page.md"
    )

    rows = list(csv.DictReader((tmp_path / "table.csv").read_text().splitlines()))
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (0, "1 instances, 0 answers that cannot be")
    assert [(row["instance"], row["status"], row["value"]) for row in rows] == [
        ("circle.dzn", "optimal", "1"),
        ("all", "", ""),
    ]
    assert ended.stdout in (tmp_path / "page.md").read_text()


def test_the_command_fails_where_the_optimum_is_not_the_known_one(tmp_path, circle):
    (tmp_path / "known.csv").write_text(
        "file,objective,max_breaks,optimum,published_maxsat_seconds\ncircle.dzn,breaks,2,0,\n", encoding="utf-8"
    )
    ended = command(tmp_path, "--seconds", 30, "--workers", 1)

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-2:] == ["circle.dzn: solver 1, known 0", "1 instances, 1 answers that cannot be"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/nowhere"], "{tmp}/nowhere: directory: no directory; expected a directory with problems"),
        (["{tmp}"], "{tmp}: directory: no problem; expected files that end in .dzn, .json, .json.gz"),
        (["{tmp}", "--csv", "{tmp}/no/table.csv"], "{tmp}/no/table.csv: no directory {tmp}/no; expected a place"),
        (["--sizes", "S,Q"], "python -m solver bench: argument --sizes: invalid list of S, M, L, XL, XXL value"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_2(tmp_path, arguments, said):
    ended = command(*(argument.format(tmp=tmp_path) for argument in arguments))

    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert ended.stderr.startswith(said.format(tmp=tmp_path))


def test_the_picture_draws_a_line_for_each_event_in_two_inks(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib comes with the extra bench")
    from solver.bench.plot import ACCENT, INK, plot_gaps  # noqa: PLC0415 (as said above)

    events = (Event(1.0, 50, 140.0), Event(6.0, 80, 110.0))
    tight = a_case(variant="tight all three")
    measured = [
        Measured(a_case(), a_result(events=events)),
        Measured(replace(tight, name="M tight"), a_result(events=events)),
    ]
    plot_gaps(measured, tmp_path / "gap.svg")

    picture = (tmp_path / "gap.svg").read_text(encoding="utf-8")
    assert [picture.count(text) for text in ("M total  10 %", "M tight  10 %")] == [1, 1]
    assert [picture.count(f"stroke: {ink}") > 0 for ink in (ACCENT, INK)] == [True, True]
