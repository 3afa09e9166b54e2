"""Mandatory and pinned requests are held; under the objective ``breaks`` all are mandatory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.rules.base import Rule

if TYPE_CHECKING:
    from solver.held import Held


def mandatory_requests_are_held(held: Held) -> None:
    for wanted, variables in zip(held.compiled.requests, held.of_request, strict=True):
        if wanted.must and not wanted.frozen:
            held.model.add_at_least_one(variables)


RULE = Rule("must", "held", constrain=mandatory_requests_are_held)
