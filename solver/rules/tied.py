"""Who is tied to a location meets only there."""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.facts import NONE
from solver.machine import machine
from solver.rules.base import Level, Rule


@machine
def at_their_own_location(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    for k in range(option.first, option.first + option.attendees):
        own = facts.person(f)[facts.people(f)[k]].site
        if own != NONE and own != option.site:
            return False
    return True


RULE = Rule("tied", "no_location", level=Level.SITE, admits=at_their_own_location)
