"""A pinned meeting stands as its row says; what the row leaves open is free."""

from __future__ import annotations

from typing import Any

from solver import bits, facts
from solver.facts import NONE
from solver.machine import machine
from solver.rules.base import Level, Rule


@machine
def as_pinned(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    number = facts.request(f)[option.request].pin
    if number == NONE:
        return True
    pin = facts.pin(f)[number]
    if t != pin.slot:
        return False
    if _differs(pin.site, option.site) or _differs(pin.table, option.table):
        return False
    if _differs(pin.interpreter, option.interpreter):
        return False
    if pin.people_from != NONE:
        for k in range(option.attendees):
            if facts.people(f)[option.first + k] != facts.side_people(f)[pin.people_from + k]:
                return False
    return True


@machine
def _differs(asked: int, given: int) -> bool:
    return asked != NONE and asked != given


@machine
def keep_pinned(f: Any, o: int, row: int) -> None:
    number = facts.request(f)[facts.option(f)[o].request].pin
    if number == NONE:
        return
    t = facts.pin(f)[number].slot
    stays = bits.has(facts.starts(f), row, t) and as_pinned(f, o, t)
    facts.starts(f)[row, :] = 0
    if stays:
        bits.add(facts.starts(f), row, t)


RULE = Rule("pinned", "held", level=Level.INTERPRETER, admits=as_pinned, narrow=keep_pinned)
