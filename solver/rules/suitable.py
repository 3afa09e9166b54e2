"""A meeting stands in a location that its request lists, if it lists any, and that has all features asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def as_asked(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    wanted = compiled.requests[option.request]
    location = compiled.sites[option.site].locations[0]
    listed = wanted.locations is None or location.id in wanted.locations
    return starts if listed and wanted.features <= location.features else 0


RULE = Rule("suitable", "no_location", level=Level.SITE, admits=as_asked)
