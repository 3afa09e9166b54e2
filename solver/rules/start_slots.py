"""A request limited to slots starts in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def starts_where_asked(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    return starts & compiled.requests[option.request].asked


RULE = Rule("start_slots", "no_common_slot", admits=starts_where_asked)
