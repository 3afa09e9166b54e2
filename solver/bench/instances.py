"""What is measured: files of a directory with what is known of them, or generated events."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.errors import InvalidProblemError
from solver.generate import SIZES, TIGHT, generate
from solver.generate.writing import write_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KNOWN = "known.csv"
SUFFIXES = (".dzn", ".json", ".json.gz")
TIGHT_SIZES = ("M", "L", "XL")
FEATURED_SIZES = ("M", "L")


@dataclass(frozen=True, slots=True)
class Case:
    """One instance and how it is asked for. ``optimum`` is a number, ``infeasible``, or empty if unknown.

    ``published_seconds`` are those of the MaxSAT record. ``variant`` is empty for a plain event.
    """

    name: str
    path: Path
    objective: str | None = None
    max_breaks: int | None = None
    optimum: str = ""
    published_seconds: float | None = None
    variant: str = ""


def cases_in(directory: Path) -> list[Case]:
    """Give the problems of a directory by name; a ``.dzn`` that ``known.csv`` does not name is asked for breaks.

    Raises ``InvalidProblemError`` where there is no problem to be found, or ``known.csv`` is not what it should be.
    """
    if not directory.is_dir():
        raise InvalidProblemError("directory", "no directory", "a directory with problems")
    known = _known(directory / KNOWN)
    paths = sorted(path for path in directory.iterdir() if path.name.endswith(SUFFIXES))
    if not paths:
        raise InvalidProblemError("directory", "no problem", f"files that end in {', '.join(SUFFIXES)}")
    return [known.get(path.name) or _unknown(path) for path in paths]


def _unknown(path: Path) -> Case:
    return Case(path.name, path, objective="breaks" if path.suffix == ".dzn" else None)


def _known(path: Path) -> dict[str, Case]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return {row["file"]: _case(row, path) for row in rows}
    except (KeyError, TypeError, ValueError) as error:
        columns = "file, objective, max_breaks, optimum, published_maxsat_seconds"
        raise InvalidProblemError(KNOWN, str(error), f"the columns {columns}") from None


def _case(row: dict[str, str], path: Path) -> Case:
    seconds = row["published_maxsat_seconds"]
    return Case(
        name=row["file"],
        path=path.parent / row["file"],
        objective=row["objective"],
        max_breaks=int(row["max_breaks"]) if row["max_breaks"] else None,
        optimum=row["optimum"],
        published_seconds=float(seconds) if seconds else None,
    )


def generated_cases(directory: Path, sizes: Sequence[str], seed: int) -> Iterator[Case]:
    """Write events one by one: plain under ``total`` and ``balanced``, tight under ``total``, and all features."""
    for size in sizes:
        path = _written(directory, size, (), seed)
        yield Case(f"{size} total", path, objective="total")
        yield Case(f"{size} balanced", path, objective="balanced", variant="balanced")
        if size in TIGHT_SIZES:
            for tight in (*((kind,) for kind in TIGHT), TIGHT):
                name = "all three" if tight == TIGHT else tight[0]
                path = _written(directory, size, tight, seed)
                yield Case(f"{size} tight {name}", path, objective="total", variant=f"tight {name}")
        if size in FEATURED_SIZES:
            path = _written(directory, size, (), seed, features=True)
            yield Case(f"{size} features", path, objective="balanced", variant="features")


def _written(directory: Path, size: str, tight: Sequence[str], seed: int, *, features: bool = False) -> Path:
    name = "-".join((SIZES[size].name, *tight, *(["features"] if features else []), str(seed)))
    path = directory / f"{name}.json"
    write_event(generate(size, tight=tight, features=features, seed=seed), path)
    return path
