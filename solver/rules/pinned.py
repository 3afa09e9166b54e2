"""A pinned meeting stands as its row says; what the row leaves open is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.options import Option


def as_pinned(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    pin = compiled.requests[option.request].pin
    if pin is None:
        return starts
    names = tuple(compiled.people[person].id for person in option.attendees)
    if pin.attendees is not None and pin.attendees != names:
        return 0
    if pin.location is not None and compiled.site_of[pin.location] != option.site:
        return 0
    helper = None if option.interpreter is None else compiled.people[option.interpreter].id
    if pin.interpreter is not None and pin.interpreter != helper:
        return 0
    return starts & 1 << compiled.time.index[pin.slot]


RULE = Rule("pinned", "held", level=Level.INTERPRETER, admits=as_pinned)
