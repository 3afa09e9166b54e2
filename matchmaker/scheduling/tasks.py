"""What a child process of the solver is asked: the files it gets, its command, and how its answer is read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from solver import Changes, InvalidProblemError, Schedule, read_repair, read_schedule, write_changes, write_schedule


@dataclass(frozen=True, slots=True)
class Outcome:
    """A schedule, with ``others`` where several were asked for, or the answers of a study, or what went wrong.

    Codes: ``conflict`` (no schedule exists), ``nothing_found`` (none in time), ``bad_problem``, ``memory``,
    ``time`` (killed after its seconds and the grace), ``crashed``; ``detail`` has its facts.
    """

    schedule: Schedule | None = None
    others: tuple[Schedule, ...] = ()
    answers: Sequence[Mapping[str, Any]] | None = None
    failure: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        return (self.schedule, *self.others) if self.schedule else ()


class Task(Protocol):
    @property
    def told(self) -> tuple[str, ...]:
        """Return the arguments that let it tell of its progress."""

    def command(self, folder: Path, question: Path) -> list[str]:
        """Put what else is needed into the folder and return the command over the problem in ``question``."""

    def read(self, answer: Path) -> Outcome:
        """Return what the child wrote."""


AS_LINES = ("--progress", "json")


class Solve:
    told = AS_LINES

    def command(self, folder: Path, question: Path) -> list[str]:  # noqa: ARG002 -- as every task
        return ["solve", str(question)]

    def read(self, answer: Path) -> Outcome:
        try:
            return Outcome(read_schedule(answer))
        except (OSError, InvalidProblemError) as error:
            return _unreadable(error)


@dataclass(frozen=True, slots=True)
class Repair:
    """Mend what stands after changes; the answer is two or three schedules."""

    standing: Schedule
    changes: Changes
    told: tuple[str, ...] = AS_LINES

    def command(self, folder: Path, question: Path) -> list[str]:
        schedule, changes = folder / "standing.json", folder / "changes.json"
        write_schedule(self.standing, schedule)
        write_changes(self.changes, changes)
        return ["repair", str(question), str(schedule), "--changes", str(changes)]

    def read(self, answer: Path) -> Outcome:
        try:
            first, *others = (one.schedule for one in read_repair(answer).alternatives)
        except (OSError, InvalidProblemError) as error:
            return _unreadable(error)
        return Outcome(first, others=tuple(others))


@dataclass(frozen=True, slots=True)
class RepairAround:
    """Mend a packed schedule where the problem says otherwise by its pins; the answer is what moves fewest."""

    schedule: bytes
    told: tuple[str, ...] = AS_LINES

    def command(self, folder: Path, question: Path) -> list[str]:
        given, changes = folder / "given.json.gz", folder / "changes.json"
        given.write_bytes(self.schedule)
        write_changes(Changes(), changes)
        return ["repair", str(question), str(given), "--changes", str(changes), "--alternatives", "1"]

    def read(self, answer: Path) -> Outcome:
        try:
            return Outcome(read_repair(answer).alternatives[0].schedule)
        except (OSError, InvalidProblemError, IndexError) as error:
            return _unreadable(error)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Ask what each change would bring: ``changed`` are the packed problems as they would be."""

    changed: Sequence[bytes]
    told: tuple[str, ...] = ()

    def command(self, folder: Path, question: Path) -> list[str]:
        files = [folder / f"changed-{number}.json.gz" for number in range(len(self.changed))]
        for file, content in zip(files, self.changed, strict=True):
            file.write_bytes(content)
        return ["what-if", str(question), *map(str, files)]

    def read(self, answer: Path) -> Outcome:
        return _answers(answer)


class Frontier:
    told: tuple[str, ...] = ()

    def command(self, folder: Path, question: Path) -> list[str]:  # noqa: ARG002 -- as every task
        return ["frontier", str(question)]

    def read(self, answer: Path) -> Outcome:
        return _answers(answer)


def _answers(answer: Path) -> Outcome:
    try:
        (rows,) = json.loads(answer.read_text("utf-8")).values()
        return Outcome(answers=[dict(row) for row in rows])
    except (OSError, ValueError, AttributeError, TypeError) as error:
        return _unreadable(error)


def _unreadable(error: Exception) -> Outcome:
    return Outcome(failure="crashed", detail={"line": str(error)})
