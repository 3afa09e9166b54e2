"""What a caller says about a search, and what the search says while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """``seconds`` of wall time and ``workers`` threads.

    With one worker, equal problems and seeds whose search ends before the limit get equal answers.
    """

    seconds: float = 60.0
    workers: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known after ``seconds``: the best value so far, and the bound, where there are any yet."""

    seconds: float
    phase: str
    value: int | None
    bound: float | None


class StopEvent(Protocol):
    def is_set(self) -> bool: ...


OnProgress = Callable[[Progress], None]
Stop = StopEvent | Callable[[], bool]
