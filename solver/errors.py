"""What the solver refuses and what it cannot do; every error is a ``SolverError``."""

from __future__ import annotations

from dataclasses import dataclass


class SolverError(Exception):
    """Anything that keeps the solver from answering."""


class InvalidProblemError(SolverError, ValueError):
    """The question is wrong, or its file is.

    ``place`` says where (a path inside the file, or a kind and an id), ``wrong`` what stands there and
    ``expected`` what should stand there instead. All three fit on one line.
    """

    def __init__(self, place: str, wrong: str, expected: str) -> None:
        self.place = place
        self.wrong = wrong
        self.expected = expected
        super().__init__(" ".join(f"{place}: {wrong}; expected {expected}".split()))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Requests that stay impossible alone, with their pins, and the participants they name."""

    requests: tuple[str, ...]
    participants: tuple[str, ...]


class NoScheduleError(SolverError):
    """The search ended without any schedule.

    ``status`` is ``INFEASIBLE`` (none exists; ``conflict`` names requests that contradict each other)
    or ``UNKNOWN`` (none was found in ``seconds``: allow more).
    """

    def __init__(self, status: str, seconds: float, conflict: Conflict | None = None) -> None:
        self.status = status
        self.seconds = seconds
        self.conflict = conflict
        super().__init__(f"{_SENTENCES[status]} after {seconds:.1f} s")


_SENTENCES = {
    "INFEASIBLE": "no schedule exists: pinned or mandatory requests contradict each other; decided",
    "UNKNOWN": "no schedule found",
}
