"""A longer meeting takes slots that are neighbours."""

from __future__ import annotations

from typing import Any

from solver import bits, facts
from solver.machine import machine
from solver.rules.base import Rule


@machine
def takes_neighbours(f: Any, o: int, t: int) -> bool:
    for slot in range(t, t + facts.option(f)[o].length - 1):
        if not facts.slot(f)[slot].link:
            return False
    return True


@machine
def keep_neighbours(f: Any, o: int, row: int) -> None:
    if facts.option(f)[o].length == 1:
        return
    for t in range(len(facts.slot(f)) - facts.option(f)[o].length + 1):
        if bits.has(facts.starts(f), row, t) and not takes_neighbours(f, o, t):
            bits.drop(facts.starts(f), row, t)


RULE = Rule("neighbours", "no_common_slot", admits=takes_neighbours, narrow=keep_neighbours)
