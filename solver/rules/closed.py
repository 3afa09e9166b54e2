"""Nobody meets in a location while it is closed."""

from __future__ import annotations

from typing import Any

from solver import bits, facts
from solver.machine import machine
from solver.rules.base import Level, Rule


@machine
def is_open(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for slot in range(t, t + option.length):
        if bits.has(facts.closed(f), option.site, slot):
            return False
    return True


@machine
def keep_open(f: Any, o: int, row: int) -> None:
    option = facts.option(f)[o]
    for word in range(facts.starts(f).shape[1]):
        facts.starts(f)[row, word] &= ~bits.touched(facts.closed(f), option.site, word, option.length)


RULE = Rule("closed", "no_location", level=Level.SITE, admits=is_open, narrow=keep_open)
