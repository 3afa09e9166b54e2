"""The command ``bench``: measure, print each row as it is there, and store the table."""

from __future__ import annotations

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from solver.bench import machine, table
from solver.bench.instances import cases_in, generated_cases
from solver.bench.measuring import Measured, measure, present_peers
from solver.bench.peers import EXTRA, PEERS
from solver.command import BAD_INPUT, DONE, VIOLATIONS, say
from solver.limits import SearchLimits

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from solver.bench.instances import Case


def bench_command(options: argparse.Namespace) -> int:
    """Exit 1 where an answer breaks a rule or contradicts a known optimum or a peer's proof."""
    for path in (options.csv, options.page, options.plot):
        if path is not None and not path.parent.is_dir():
            return say(f"{path}: no directory {path.parent}; expected a place to write to", BAD_INPUT)
    if options.plot is not None and find_spec("matplotlib") is None:
        return say(f"{options.plot}: matplotlib is missing; expected the extra {EXTRA}", BAD_INPUT)
    facts = machine.facts()
    if options.afterwards:
        return _bench_afterwards(facts, options)
    with tempfile.TemporaryDirectory() as directory:
        measured = _measure_all(_cases(options, Path(directory)), options)
    _store(measured, facts, options)
    faults = [fault for one in measured for fault in one.faults]
    for fault in faults:
        say(fault)
    say(f"{len(measured)} instances, {len(faults)} answers that cannot be")
    return VIOLATIONS if faults else DONE


def _bench_afterwards(facts: dict[str, str], options: argparse.Namespace) -> int:
    """Measure what is asked of schedules once they are there."""
    from solver.bench.afterwards import afterwards  # noqa: PLC0415 (everything else runs in processes of its own)

    rows = []
    limits = SearchLimits(options.seconds, options.workers, options.seed)
    for size in options.sizes:
        for row in afterwards(size, limits):
            rows.append({"event": row.size, "what": row.what, "figure": row.figure})
            say(f"{row.size}: {row.what}: {row.figure}")
    _store_rows(rows, "afterwards", facts, options)
    return DONE


def _cases(options: argparse.Namespace, directory: Path) -> Iterable[Case]:
    if options.directory is None:
        return generated_cases(directory, options.sizes, options.seed)
    options.reading = options.directory
    return cases_in(options.directory)


def _measure_all(cases: Iterable[Case], options: argparse.Namespace) -> list[Measured]:
    peers = _peers() if options.peers else []
    measured = []
    for case in cases:
        one = measure(case, seconds=options.seconds, workers=options.workers, seed=options.seed, peers=peers)
        measured.append(one)
        say(_told(one))
    return measured


def _peers() -> list[str]:
    present = present_peers()
    if missing := [f"{name} ({module})" for name, module in PEERS.items() if name not in present]:
        say(f"without {' and '.join(missing)}: not installed; the extra {EXTRA} has them")
    return present


def _told(one: Measured) -> str:
    row = table.cells(one)
    told = f"{row['instance']}: {row['status']}"
    if one.own.value is not None:
        told += f" {row['value']}, bound {row['bound']}, gap {row['gap'] or '-'}"
    told += f", {row['seconds']} s, CPU {row['CPU s']} s, {row['MB']} MB, {row['violations']} violations"
    told += "".join(f"; {name} {row[name]}, CPU {row[f'{name} CPU s']} s" for name in one.peers)
    return f"{told}; {one.own.complaint}" if one.own.complaint else told


def _store(measured: list[Measured], facts: dict[str, str], options: argparse.Namespace) -> None:
    rows = [*(table.cells(one) for one in measured), table.total(measured)]
    _store_rows(rows, "generated" if options.directory is None else "instances", facts, options)
    if options.plot is not None:
        from solver.bench.plot import plot_gaps  # noqa: PLC0415 (matplotlib comes with an extra)

        plot_gaps(measured, options.plot)


def _store_rows(rows: list[table.Cells], name: str, facts: dict[str, str], options: argparse.Namespace) -> None:
    sys.stdout.write(table.as_markdown(rows))
    if options.csv is not None:
        options.csv.write_text(table.as_csv(rows), encoding="utf-8")
    if options.page is not None:
        limits = f"- Limits: {options.seconds:g} s and {options.workers} workers an instance, seed {options.seed}\n"
        table.write_section(options.page, name, f"{table.machine(facts)}{limits}\n{table.as_markdown(rows)}")
