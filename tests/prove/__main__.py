"""Measure what is promised: ``python -m tests.prove [row …] [--smoke] [--size N] [--list]``.

Without names all rows are measured, one after the other. What was measured in full goes into docs/prove.json and
docs/prove.md at once; rows that were not measured this time stay as they are there.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from tests.prove import page
from tests.prove.rows import Row, shown
from tests.prove.table import ROWS


def main(words: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return 1 if a promise does not hold."""
    asked = _asked(words)
    if asked.list:
        print("\n".join(f"{row.name:24} {row.minutes:3} min  {row.asked}" for row in ROWS.values()))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and children end with us
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    held = [_measured(ROWS[name], asked) for name in asked.rows or ROWS]
    return 0 if all(held) else 1


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description="Measure what is promised.")
    parser.add_argument("rows", nargs="*", metavar="row", choices=[[], *ROWS], help="all, if none is named")
    parser.add_argument("--smoke", action="store_true", help="at the size of the tests; written nowhere")
    parser.add_argument("--size", type=int, help="at a size of your own; written down with it")
    parser.add_argument("--list", action="store_true", help="only name the rows")
    return parser.parse_args(words)


def _measured(row: Row, asked: argparse.Namespace) -> bool:
    size = asked.size or (row.smoke if asked.smoke else row.full)
    began, date = time.monotonic(), datetime.now(UTC)
    found = row.measure(size, ())
    seconds = time.monotonic() - began
    holds = not found.faults
    print(f"{row.name}: {'holds' if holds else 'BROKEN'}; {found.said}; {found.size}; {seconds:.0f} s", flush=True)
    if not holds:
        print(shown(found.faults), flush=True)
    if not asked.smoke:
        command = f"python -m tests.prove {row.name}" + (f" --size {size}" if size != row.full else "")
        page.keep(row, found, command=command, seconds=seconds, date=date)
    return holds


if __name__ == "__main__":
    sys.exit(main())
