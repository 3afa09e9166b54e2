"""A request is held at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


def each_request_meets_at_most_once(held: Held) -> None:
    for variables in held.of_request:
        held.model.add_at_most_one(variables)


RULE = Rule("at_most_once", "held", constrain=each_request_meets_at_most_once)
