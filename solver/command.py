"""The command line: what is asked, what is printed, and how it ends.

Exit 0: done; 1: ``check`` found violations; 2: bad input; 3: no schedule exists; 4: none found in time.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from solver.errors import InvalidProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

DONE, VIOLATIONS, BAD_INPUT, NO_SCHEDULE, NOT_FOUND = range(5)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command, and end the process: a search that does not come back must not keep it alive."""
    options = _parser().parse_args(arguments)
    try:
        code = options.run(options)
    except InvalidProblemError as error:
        code = say(f"{options.reading}: {error}", BAD_INPUT)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def say(line: str, code: int = DONE) -> int:
    """Print one line for a human to stderr; give ``code`` back."""
    sys.stderr.write(" ".join(line.split()) + "\n")
    sys.stderr.flush()
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        say(f"{self.prog}: {message}; expected {' '.join(self.format_usage().split()[1:])}")
        raise SystemExit(BAD_INPUT)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m solver", description="Places the meetings of an event.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_solve(commands.add_parser("solve", help="find the best schedule"))
    _add_check(commands.add_parser("check", help="compare a schedule with every rule, term and bound"))
    _add_explain(commands.add_parser("explain", help="say why requests are not held, and what would hold them"))
    return parser


def _add_solve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help=".json, .json.gz or .dzn")
    parser.add_argument("--objective", choices=("balanced", "total", "breaks"))
    parser.add_argument("--max-breaks", type=_number(int, 0), metavar="D", help="per person, under breaks")
    parser.add_argument("--seconds", type=_number(float, 0.0), default=60.0, metavar="S", help="wall time (60)")
    parser.add_argument("--workers", type=_number(int, 1), default=os.cpu_count() or 1, metavar="N", help="threads")
    parser.add_argument("--seed", type=_number(int, 0), default=0, metavar="K")
    parser.add_argument("--progress", choices=("human", "json"), default="human", help="the lines on stderr")
    parser.add_argument("-o", "--output", type=Path, metavar="SCHEDULE", help="instead of stdout")
    parser.set_defaults(run=_solve, reading=None)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM")
    parser.add_argument("schedule", type=Path, metavar="SCHEDULE")
    parser.set_defaults(run=_check, reading=None)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM")
    parser.add_argument("schedule", type=Path, metavar="SCHEDULE")
    parser.add_argument("request", nargs="?", metavar="REQUEST", help="only this one (all)")
    parser.set_defaults(run=_explain, reading=None)


def _number(kind: Callable[[str], Any], least: float) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        value = kind(text)
        if not least <= value < 1 << 31:
            raise ValueError(text)
        return value

    read.__name__ = f"number of {least} or more"
    return read


def _solve(options: argparse.Namespace) -> int:
    from solver.solve_command import solve_command  # noqa: PLC0415 (check needs none of it)

    return solve_command(options)


def _explain(options: argparse.Namespace) -> int:
    from solver.explain_command import explain_command  # noqa: PLC0415 (check needs none of it)

    return explain_command(options)


def _check(options: argparse.Namespace) -> int:
    from solver.check import violations  # noqa: PLC0415 (solve needs none of it)
    from solver.records import read_problem, read_schedule  # noqa: PLC0415 (as above)

    options.reading = options.problem
    problem = read_problem(options.problem)
    options.reading = options.schedule
    schedule = read_schedule(options.schedule)
    found = 0
    for violation in violations(problem, schedule):
        found += 1
        sys.stdout.write(" ".join(str(violation).split()) + "\n")
    sys.stdout.write(f"{found} violations\n")
    return VIOLATIONS if found else DONE
