"""What a rule is: up to three faces of one sentence of the rule book."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.compiled import Compiled
    from solver.held import Held
    from solver.masks import Mask
    from solver.options import Option
    from solver.state import State


class Level(Enum):
    """How much of an option must be known before a rule can judge it."""

    PEOPLE = 1
    SITE = 2
    INTERPRETER = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule.

    ``reason`` is the code shown where the rule keeps a request from being held. ``admits`` leaves the starts
    at which an option is legal by itself, ``leaves`` those at which it is legal beside the meetings of a
    state, and ``constrain`` says the same to CP-SAT. A face that a rule does not need is None.
    ``on_interpreters`` rules judge an interpreter too, once one is assigned.
    """

    name: str
    reason: str
    level: Level = Level.PEOPLE
    on_interpreters: bool = False
    admits: Callable[[Compiled, Option, Mask], Mask] | None = None
    leaves: Callable[[State, Option, Mask], Mask] | None = None
    constrain: Callable[[Held], None] | None = None

    def judges_at(self, level: Level, *, helped: bool) -> bool:
        """Tell whether an option is judged once that much of it is known; ``helped`` by an interpreter."""
        return self.level is level or (helped and self.on_interpreters)
