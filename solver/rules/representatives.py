"""Nobody represents two sides of one meeting."""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.machine import machine
from solver.rules.base import Rule


@machine
def one_side_each(f: Any, o: int, t: int) -> bool:
    first = facts.option(f)[o].first
    for one in range(first, first + facts.option(f)[o].attendees):
        for other in range(first, one):
            if facts.people(f)[one] == facts.people(f)[other]:
                return False
    return True


RULE = Rule("representatives", "no_representative", admits=one_side_each)
