"""Nobody meets when unavailable or engaged elsewhere."""

from __future__ import annotations

from typing import Any

from solver import bits, facts
from solver.machine import machine
from solver.rules.base import Rule


@machine
def everybody_is_available(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.people):
        for slot in range(t, t + option.length):
            if not bits.has(facts.free(f), facts.people(f)[k], slot):
                return False
    return True


@machine
def keep_available(f: Any, o: int, row: int) -> None:
    option = facts.option(f)[o]
    for word in range(facts.starts(f).shape[1]):
        for k in range(option.first, option.first + option.people):
            facts.starts(f)[row, word] &= bits.whole(facts.free(f), facts.people(f)[k], word, option.length)


RULE = Rule("available", "no_common_slot", on_interpreters=True, admits=everybody_is_available, narrow=keep_available)
