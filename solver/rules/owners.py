"""A location with owners holds only meetings that one of them attends."""

from __future__ import annotations

from typing import Any

from solver import facts
from solver.machine import machine
from solver.rules.base import Level, Rule


@machine
def an_owner_attends(f: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    site = facts.site(f)[option.site]
    if not site.owned:
        return True
    for k in range(option.first, option.first + option.attendees):
        for index in range(site.owner_from, site.owner_stop):
            if facts.owners(f)[index] == facts.people(f)[k]:
                return True
    return False


RULE = Rule("owners", "no_location", level=Level.SITE, admits=an_owner_attends)
