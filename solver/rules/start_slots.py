"""A request limited to slots starts in one of them."""

from __future__ import annotations

from typing import Any

from solver import bits, facts
from solver.machine import machine
from solver.rules.base import Rule


@machine
def starts_where_asked(f: Any, o: int, t: int) -> bool:
    return bits.has(facts.asked(f), facts.request(f)[facts.option(f)[o].request].asked, t)


@machine
def keep_asked(f: Any, o: int, row: int) -> None:
    asked = facts.request(f)[facts.option(f)[o].request].asked
    for word in range(facts.starts(f).shape[1]):
        facts.starts(f)[row, word] &= facts.asked(f)[asked, word]


RULE = Rule("start_slots", "no_common_slot", admits=starts_where_asked, narrow=keep_asked)
