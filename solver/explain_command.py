"""The command ``explain``: why requests are not held, and what would hold them."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from solver.command import say
from solver.explaining import explain
from solver.records import read_problem, read_schedule
from solver.rows import explanation_parts
from solver.schedule import Explanation
from solver.writing import lines_of

if TYPE_CHECKING:
    import argparse

    from solver.schedule import Unscheduled


def explain_command(options: argparse.Namespace) -> int:
    options.reading = options.problem
    problem = read_problem(options.problem)
    options.reading = options.schedule
    schedule = read_schedule(options.schedule)
    rows = explain(problem, schedule, options.request)
    sys.stdout.writelines(lines_of(explanation_parts(Explanation(rows))))
    return say(_summary(rows))


def _summary(rows: tuple[Unscheduled, ...]) -> str:
    reasons = Counter(row.reason for row in rows).most_common()
    return f"{len(rows)} requests not held: {', '.join(f'{reason} {number}' for reason, number in reasons) or 'none'}"
