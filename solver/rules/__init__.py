"""The hard rules, one file each; ``RULES`` is their table of contents.

To add a rule: a file with a ``RULE``, a line here, its twin in ``solver.check``, a day in
``tests/solver/tempting.py`` on which forgetting it would pay, and a line in ``test_forgotten_rules.py``.
"""

from __future__ import annotations

from solver.rules import (
    at_most_once,
    available,
    capacity,
    closed,
    languages,
    limits,
    longest_run,
    max_breaks,
    must,
    neighbours,
    one_place,
    order,
    owners,
    pinned,
    representatives,
    start_slots,
    suitable,
    tied,
    walking,
)
from solver.rules.base import Level, Rule

__all__ = ["RULES", "Level", "Rule"]

RULES: tuple[Rule, ...] = (
    at_most_once.RULE,
    must.RULE,
    representatives.RULE,
    pinned.RULE,
    start_slots.RULE,
    neighbours.RULE,
    available.RULE,
    limits.RULE,
    one_place.RULE,
    longest_run.RULE,
    order.RULE,
    tied.RULE,
    owners.RULE,
    suitable.RULE,
    closed.RULE,
    capacity.RULE,
    walking.RULE,
    languages.RULE,
    max_breaks.RULE,
)
