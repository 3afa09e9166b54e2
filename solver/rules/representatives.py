"""Nobody represents two sides of one meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def one_side_each(_: Compiled, option: Option, starts: Mask) -> Mask:
    return starts if len(set(option.attendees)) == len(option.attendees) else 0


RULE = Rule("representatives", "no_representative", admits=one_side_each)
