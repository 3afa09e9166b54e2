"""A meeting stands in a location that its request lists, if it lists any, and that has all features asked for."""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.machine import machine
from solver.rules.base import Level, Rule


@machine
def as_asked(f: Any, o: int, t: int) -> bool:
    return facts.suits(f)[facts.request(f)[facts.option(f)[o].request].suits, facts.option(f)[o].site] != 0


RULE = Rule("suitable", "no_location", level=Level.SITE, admits=as_asked)
