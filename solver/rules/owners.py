"""A location with owners holds only meetings that one of them attends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def an_owner_attends(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    owners = compiled.sites[option.site].locations[0].owners
    if owners is None or any(compiled.people[person].id in owners for person in option.attendees):
        return starts
    return 0


RULE = Rule("owners", "no_location", level=Level.SITE, admits=an_owner_attends)
