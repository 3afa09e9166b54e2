"""Nobody meets in a location while it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import starts_within
from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def is_open(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    return starts & starts_within(~compiled.sites[option.site].closed, option.length)


RULE = Rule("closed", "no_location", level=Level.SITE, admits=is_open)
