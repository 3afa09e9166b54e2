"""The command line: what is asked, what is printed, and how it ends.

Exit 0: done; 1: ``check`` found violations; 2: bad input; 3: no schedule exists; 4: none found in time.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from solver.errors import InvalidProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

SELDOM = 1_000_000  # new values between two looks for garbage in circles, of which a command makes hardly any
DONE, VIOLATIONS, BAD_INPUT, NO_SCHEDULE, NOT_FOUND = range(5)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command, and end the process: a search that does not come back must not keep it alive."""
    options = _parser().parse_args(arguments)
    gc.set_threshold(SELDOM)
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
    _add_generate(commands.add_parser("generate", help="make up an event of a given size"))
    _add_bench(commands.add_parser("bench", help="measure the solver on a set of problems"))
    _add_bound(commands.add_parser("bound", help="prove what no schedule can exceed"))
    warming = commands.add_parser("warm", help="make the machine code ahead, once after installation")
    warming.set_defaults(run=_warm, reading=None)
    _add_repair(commands.add_parser("repair", help="go on after changes, moving few"))
    _add_explain(commands.add_parser("explain", help="say why requests are not held, and what would hold them"))
    _add_what_if(commands.add_parser("what-if", help="tell what each of some changes would bring, between two ends"))
    _add_frontier(commands.add_parser("frontier", help="trade fairness for total weight, point by point"))
    return parser


def _add_repair(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help=".json, .json.gz or .dzn")
    parser.add_argument("schedule", type=Path, metavar="SCHEDULE")
    parser.add_argument("--changes", type=Path, metavar="CHANGES", required=True, help=".json: what is different now")
    parser.add_argument("--alternatives", type=_number(int, 1), default=3, metavar="N", help="at most (3)")
    parser.add_argument("--seconds", type=_number(float, 0.0), default=1.0, metavar="S", help="without loading (1)")
    parser.add_argument("--workers", type=_number(int, 1), default=os.cpu_count() or 1, metavar="N", help="threads")
    parser.add_argument("--seed", type=_number(int, 0), default=0, metavar="K")
    parser.add_argument("--progress", choices=("human", "json"), default="human", help="the lines on stderr")
    parser.add_argument("-o", "--output", type=Path, metavar="REPAIR", help="instead of stdout")
    parser.set_defaults(run=_repair, reading=None)


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


def _add_bound(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help=".json, .json.gz or .dzn")
    parser.add_argument("--objective", choices=("balanced", "total", "breaks"))
    parser.add_argument("--max-breaks", type=_number(int, 0), metavar="D", help="per person, under breaks")
    parser.add_argument("--seconds", type=_number(float, 0.0), default=60.0, metavar="S", help="wall time (60)")
    parser.add_argument("--workers", type=_number(int, 1), default=os.cpu_count() or 1, metavar="N", help="threads")
    parser.set_defaults(run=_bound, reading=None)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM")
    parser.add_argument("schedule", type=Path, metavar="SCHEDULE")
    parser.set_defaults(run=_check, reading=None)


def _add_generate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", choices=("S", "M", "L", "XL", "XXL"), required=True)
    parser.add_argument("--tight", type=_some_of("tables", "availability", "weights"), default=(), metavar="WHAT,WHAT")
    parser.add_argument("--features", choices=("none", "all"), default="none", help="all: every rule and key")
    parser.add_argument("--seed", type=_number(int, 0), default=0, metavar="K")
    parser.add_argument("-o", "--output", type=Path, metavar="PROBLEM", help=".json or .json.gz, instead of stdout")
    parser.set_defaults(run=_generate, reading=None)


def _add_bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, nargs="?", metavar="DIRECTORY", help="instead of generated events")
    parser.add_argument("--seconds", type=_number(float, 0.0), default=60.0, metavar="S", help="an instance (60)")
    parser.add_argument("--sizes", type=_some_of("S", "M", "L", "XL", "XXL"), default=("S", "M", "L", "XL", "XXL"))
    parser.add_argument("--workers", type=_number(int, 1), default=os.cpu_count() or 1, metavar="N", help="threads")
    parser.add_argument("--seed", type=_number(int, 0), default=0, metavar="K")
    parser.add_argument("--afterwards", action="store_true", help="what is asked of schedules once they are there")
    parser.add_argument("--peers", action="store_true", help="beside RC2 and clingo, on .dzn")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="store the table")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table into this Markdown page")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the gap over time as SVG")
    parser.set_defaults(run=_bench, reading=None)


def _some_of(*names: str) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if not set(chosen) <= set(names):
            raise ValueError(text)
        return chosen

    read.__name__ = f"list of {', '.join(names)}"
    return read


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM")
    parser.add_argument("schedule", type=Path, metavar="SCHEDULE")
    parser.add_argument("request", nargs="?", metavar="REQUEST", help="only this one (all)")
    parser.set_defaults(run=_explain, reading=None)


def _add_what_if(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help=".json, .json.gz or .dzn")
    parser.add_argument("changed", type=Path, nargs="+", metavar="CHANGED", help="the problem, each with one change")
    _add_search(parser, "EFFECTS")
    parser.set_defaults(run=_what_if, reading=None)


def _add_frontier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help=".json, .json.gz or .dzn")
    _add_search(parser, "POINTS")
    parser.set_defaults(run=_frontier, reading=None)


def _add_search(parser: argparse.ArgumentParser, output: str) -> None:
    parser.add_argument("--seconds", type=_number(float, 0.0), default=60.0, metavar="S", help="shared by all (60)")
    parser.add_argument("--workers", type=_number(int, 1), default=os.cpu_count() or 1, metavar="N", help="threads")
    parser.add_argument("--seed", type=_number(int, 0), default=0, metavar="K")
    parser.add_argument("-o", "--output", type=Path, metavar=output, help="instead of stdout")


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


def _bound(options: argparse.Namespace) -> int:
    from solver.solve_command import bound_command  # noqa: PLC0415 (as above)

    return bound_command(options)


def _warm(_: argparse.Namespace) -> int:
    from solver.warming import warm  # noqa: PLC0415 (as above)

    warm()
    return say("machine code is ready")


def _repair(options: argparse.Namespace) -> int:
    from solver.repair_command import repair_command  # noqa: PLC0415 (as above)

    return repair_command(options)


def _explain(options: argparse.Namespace) -> int:
    from solver.explain_command import explain_command  # noqa: PLC0415 (check needs none of it)

    return explain_command(options)


def _what_if(options: argparse.Namespace) -> int:
    from solver.forecast_command import what_if_command  # noqa: PLC0415 (as above)

    return what_if_command(options)


def _frontier(options: argparse.Namespace) -> int:
    from solver.forecast_command import frontier_command  # noqa: PLC0415 (as above)

    return frontier_command(options)


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


def _generate(options: argparse.Namespace) -> int:
    from solver.generate.command import generate_command  # noqa: PLC0415 (the others need none of it)

    return generate_command(options)


def _bench(options: argparse.Namespace) -> int:
    from solver.bench.command import bench_command  # noqa: PLC0415 (as above)

    return bench_command(options)
