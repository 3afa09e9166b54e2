"""What a rule is: up to three faces of one sentence of the rule book."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.held import Held


class Level(IntEnum):
    """How much of an option must be known before a rule can judge it."""

    PEOPLE = 0
    SITE = 1
    INTERPRETER = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule.

    ``reason`` is the code shown where the rule keeps a request from being held. ``admits(facts, option, start)``
    tells whether an option is legal by itself from a start, ``allows(facts, book, option, start)`` whether it is
    beside the meetings of a book; both are machine code. ``narrow(facts, option, row)`` is ``admits`` for many
    starts at once: it leaves of ``facts.starts[row]`` those that are admitted; None where the start does not matter.
    ``constrain`` says the same to CP-SAT. A face that a rule does not need is None. ``on_interpreters`` rules judge
    an interpreter too, once one is assigned.
    """

    name: str
    reason: str
    level: Level = Level.PEOPLE
    on_interpreters: bool = False
    admits: Callable[..., Any] | None = None
    narrow: Callable[..., Any] | None = None
    allows: Callable[..., Any] | None = None
    constrain: Callable[[Held], None] | None = None
