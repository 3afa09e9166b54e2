"""A longer meeting takes slots that are neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import starts_within
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def takes_neighbours(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    return starts & starts_within(compiled.time.link, option.length - 1) if option.length > 1 else starts


RULE = Rule("neighbours", "no_common_slot", admits=takes_neighbours)
