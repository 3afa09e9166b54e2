"""Problems, changes and answers as files: the front door of the formats.

``schemas/`` holds the reference for other programs; the readers here accept the same and say in one line
what is wrong, where, and what was expected.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.changes import check_changes
from solver.dzn import problem_from_dzn
from solver.errors import InvalidProblemError
from solver.files import texts_of
from solver.formats import changes_format, explanation_format, problem_format, repair_format, schedule_format
from solver.reading import Object, Unfit
from solver.rows import changes_parts, explanation_parts, parts_of, plain, problem_parts, repair_parts, schedule_parts
from solver.streaming import read_stream
from solver.writing import lines_of, write_lines

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from solver.changes import Changes
    from solver.errors import Conflict
    from solver.problem import Problem
    from solver.schedule import Explanation, Repair, Schedule


def problem_from(data: Any) -> Problem:
    """Make a ``Problem`` of parsed JSON; raise ``InvalidProblemError`` where that cannot be."""
    problem: Problem = _made(data, problem_format())
    return problem


def schedule_from(data: Any) -> Schedule:
    """Make a ``Schedule`` of parsed JSON. Only its shape is judged here; the checker judges the rest."""
    schedule: Schedule = _made(data, schedule_format())
    return schedule


def changes_from(data: Any, problem: Problem) -> Changes:
    """Make ``Changes`` of parsed JSON that fit the problem; raise ``InvalidProblemError`` where that cannot be."""
    return _fitting(_made(data, changes_format()), problem)


def repair_from(data: Any) -> Repair:
    """Make a ``Repair`` of parsed JSON; only its shape is judged."""
    repair: Repair = _made(data, repair_format())
    return repair


def explanation_from(data: Any) -> Explanation:
    """Make an ``Explanation`` of parsed JSON; only its shape is judged."""
    explanation: Explanation = _made(data, explanation_format())
    return explanation


def _fitting(changes: Changes, problem: Problem) -> Changes:
    check_changes(changes, problem)
    return changes


def _made(data: Any, read: Object) -> Any:
    try:
        return read(data)
    except Unfit as error:
        raise InvalidProblemError(error.place.lstrip(".") or "file", error.wrong, error.expected) from None
    except RecursionError:
        raise InvalidProblemError("file", "too many levels", "the levels of the format") from None


def read_problem(path: str | os.PathLike[str]) -> Problem:
    """Read ``.json``, ``.json.gz`` or ``.dzn``; a pin that breaks a rule by itself is refused too."""
    file = Path(path)
    problem: Problem = problem_from_dzn(file) if file.suffix == ".dzn" else _read(file, problem_format())
    if problem.pinned:
        from solver.pins import check_pins  # noqa: PLC0415 (it compiles, which nothing else here needs)

        check_pins(problem)
    return problem


def read_schedule(path: str | os.PathLike[str]) -> Schedule:
    schedule: Schedule = _read(Path(path), schedule_format())
    return schedule


def read_changes(path: str | os.PathLike[str], problem: Problem) -> Changes:
    """Read changes that fit the problem."""
    return _fitting(_read(Path(path), changes_format()), problem)


def read_repair(path: str | os.PathLike[str]) -> Repair:
    repair: Repair = _read(Path(path), repair_format())
    return repair


def read_explanation(path: str | os.PathLike[str]) -> Explanation:
    explanation: Explanation = _read(Path(path), explanation_format())
    return explanation


def _read(path: Path, read: Object) -> Any:
    return read_stream(texts_of(path), read)


def problem_to(problem: Problem) -> dict[str, Any]:
    """Give the JSON object of a problem; ``problem_from`` turns it back into an equal problem."""
    return plain(problem_parts(problem))


def schedule_to(schedule: Schedule) -> dict[str, Any]:
    """Give the JSON object of a schedule; ``schedule_from`` turns it back into an equal schedule."""
    return plain(schedule_parts(schedule))


def conflict_to(conflict: Conflict) -> dict[str, Any]:
    return plain({"format": "matchmaker-conflict-1", **parts_of(conflict)})


def changes_to(changes: Changes) -> dict[str, Any]:
    return plain(changes_parts(changes))


def repair_to(repair: Repair) -> dict[str, Any]:
    return plain(repair_parts(repair))


def explanation_to(explanation: Explanation) -> dict[str, Any]:
    return plain(explanation_parts(explanation))


def write_problem(problem: Problem, path: str | os.PathLike[str]) -> None:
    """Write ``.json``, or ``.json.gz``; what has its default is left out."""
    write(problem_parts(problem), Path(path))


def write_schedule(schedule: Schedule, path: str | os.PathLike[str]) -> None:
    write(schedule_parts(schedule), Path(path))


def write_changes(changes: Changes, path: str | os.PathLike[str]) -> None:
    write(changes_parts(changes), Path(path))


def write_repair(repair: Repair, path: str | os.PathLike[str]) -> None:
    write(repair_parts(repair), Path(path))


def write_explanation(explanation: Explanation, path: str | os.PathLike[str]) -> None:
    write(explanation_parts(explanation), Path(path))


def write(data: Mapping[str, Any], path: Path) -> None:
    """Write an object of a format; its lists may hold plain rows or the values that they stand for."""
    write_lines(lines_of(data), path)
