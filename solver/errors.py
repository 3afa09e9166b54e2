"""What the solver refuses and what it cannot do; every error is a ``SolverError``."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 300  # characters of each part of a sentence


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
        super().__init__(one_line(f"{_short(place)}: {_short(wrong)}; expected {_short(expected)}"))


def one_line(text: str) -> str:
    """Give the text as a terminal and a log can show it: no line ends, nothing that no eye can see."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


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
