"""A longer meeting takes slots that are neighbours."""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.machine import machine
from solver.rules.base import Rule


@machine
def takes_neighbours(f: Any, o: int, t: int) -> bool:
    for slot in range(t, t + facts.option(f)[o].length - 1):
        if not facts.slot(f)[slot].link:
            return False
    return True


RULE = Rule("neighbours", "no_common_slot", admits=takes_neighbours)
