"""A request limited to slots starts in one of them."""

from __future__ import annotations

from typing import Any

from solver import bits, facts
from solver.machine import machine
from solver.rules.base import Rule


@machine
def starts_where_asked(f: Any, o: int, t: int) -> bool:
    return bits.has(facts.asked(f), facts.request(f)[facts.option(f)[o].request].asked, t)


RULE = Rule("start_slots", "no_common_slot", admits=starts_where_asked)
