"""Under the objective ``breaks``, nobody has more breaks between meetings than ``max_breaks``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver import unary
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


def nobody_has_too_many_breaks(held: Held) -> None:
    problem = held.compiled.problem
    if problem.objective == "breaks" and problem.max_breaks is not None:
        for person in range(held.compiled.participant_count):
            unary.at_most(held.model, held.breaks(person), problem.max_breaks)


RULE = Rule("max_breaks", "held", constrain=nobody_has_too_many_breaks)
