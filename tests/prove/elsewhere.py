"""Rows whose proof is a set of tests of the suite: here they are run by themselves, at full size, and counted."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.prove.rows import Measured, Offs, Row

ROOT = Path(__file__).parents[2]


def measure(tests: tuple[str, ...], short: str, _size: int, _offs: Offs) -> Measured:
    """Run these tests; ``short`` says what they do not do of what is asked."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", f"--junitxml={report}"]
        ended = subprocess.run([*command, *tests], cwd=ROOT, capture_output=True, text=True, check=False)
        if not report.exists():
            return Measured("nothing", "0 tests", [ended.stdout[-2000:] + ended.stderr[-2000:]])
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 -- pytest wrote it just now
    wrong = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = sum(case.find("skipped") is not None for case in cases)
    said = f"{len(cases) - len(wrong) - skipped} of {len(cases)} tests hold" + (f", {skipped} skipped" * bool(skipped))
    said += f"; {short}" * bool(short)
    faults = [f"{case.get('classname')}::{case.get('name')}" for case in wrong]
    if ended.returncode and not faults:
        faults = [ended.stdout[-500:]]
    return Measured(said, f"{len(cases)} tests", faults)


def _row(name: str, asked: str, *tests: str, short: str = "", minutes: int = 5) -> Row:
    return Row(name, asked, full=1, smoke=0, measure=partial(measure, tests, short), minutes=minutes)


MATRIX = _row(
    "authorisation",
    "authorisation matrix, all routes x 9 kinds of caller: 0 deviations; a new route without a row fails",
    "tests/guards/test_matrix.py",
    "tests/guards/test_permissions.py",
    "tests/guards/test_doors.py",
)
FORMS = _row(
    "hostile-forms",
    "hostile words in every form and address: a refusal or a page, never a fault",
    "tests/guards/test_fuzz.py",
)
FILES = _row(
    "hostile-files",
    "40 hostile files: memory growth < 50 MB, answer within 20 s",
    "tests/solver/test_hostile_files.py",
    "tests/sheets/test_reading.py",
    "tests/web/test_importing_pages.py",
)
PAGES = _row(
    "pages",
    "every page in three languages at two widths in a real browser: axe finds nothing, nothing runs out of its place",
    "tests/browser",
    minutes=40,
)
SCENARIOS = _row(
    "scenarios",
    "the five events at full size, from registration to e-mailed agenda",
    "tests/journeys",
    "tests/solver/test_dzn.py",
    minutes=20,
)
