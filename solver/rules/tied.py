"""Who is tied to a location meets only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def at_their_own_location(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    for person in option.attendees:
        location = compiled.people[person].location
        if location is not None and compiled.site_of[location] != option.site:
            return 0
    return starts


RULE = Rule("tied", "no_location", level=Level.SITE, admits=at_their_own_location)
