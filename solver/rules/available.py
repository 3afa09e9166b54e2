"""Nobody meets when unavailable or engaged elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.masks import starts_within
from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def everybody_is_available(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    for person in option.people:
        starts &= starts_within(compiled.people[person].free, option.length)
    return starts


RULE = Rule("available", "no_common_slot", on_interpreters=True, admits=everybody_is_available)
