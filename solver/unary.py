"""Numbers written in unary: level n of a counter is the literal that at least n + 1 of some literals are 1.

A sum that is a row of Booleans lets a clause speak of "at least four", so conflicts are learnt about counts and
not about single meetings. After Bailleux and Boufkhad, "Efficient CNF Encoding of Boolean Cardinality
Constraints" (2003): a tree whose nodes add two unary numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ortools.sat.python import cp_model

    Literal = cp_model.IntVar
    Levels = list[Literal]

LARGEST = 60_000  # clauses of one counter: beyond that it costs more than it tells


def count(model: cp_model.CpModel, literals: Sequence[Literal], most: int) -> Levels:
    """Give the levels of the number of ``literals`` that are 1, up to ``most`` of them; each is exact both ways."""
    if len(literals) < 2:
        return list(literals)[:most]
    half = len(literals) // 2
    return _sum(model, count(model, literals[:half], most), count(model, literals[half:], most), most)


def count_in_turn(model: cp_model.CpModel, literals: Sequence[Literal], most: int) -> list[Levels]:
    """Give after each literal the levels of how many were 1 until then; no more than ``most`` may be.

    After Sinz, "Towards an Optimal CNF Encoding of Boolean Cardinality Constraints" (2005), held both ways.
    """
    so_far: list[Levels] = []
    before: Levels = []
    for literal in literals:
        levels = [model.new_bool_var("") for _ in range(min(most, len(before) + 1))]
        for number, level in enumerate(levels):
            still, less = before[number : number + 1], before[number - 1 : number] if number else []
            model.add_bool_or([*still, literal, level.negated()])
            model.add_bool_or([literal.negated(), *(one.negated() for one in less), level])
            for one in still:
                model.add_implication(one, level)
            for one in less:
                model.add_implication(level, one)
        if len(before) == most:
            model.add_bool_or([literal.negated(), *(full.negated() for full in before[-1:])])
        so_far.append(levels)
        before = levels
    return so_far


def clauses_of_count(literals: int, most: int) -> int:
    """Estimate from above how many clauses ``count`` makes."""
    if literals < 2:
        return 0
    half = literals // 2
    here = 2 * (min(half, most) + 1) * (min(literals - half, most) + 1)
    return here + clauses_of_count(half, most) + clauses_of_count(literals - half, most)


def at_least(model: cp_model.CpModel, levels: Levels, number: int) -> None:
    if number > len(levels):
        model.add_bool_or([])
    elif number > 0:
        model.add_bool_or(levels[number - 1])


def at_most(model: cp_model.CpModel, levels: Levels, number: int) -> None:
    """Forbid more than ``number``, whose level must have been counted unless it cannot be reached."""
    if number < len(levels):
        model.add_bool_and(levels[number].negated())


def _sum(model: cp_model.CpModel, one: Levels, two: Levels, most: int) -> Levels:
    """Add two numbers of which each is known up to ``most``: beyond that, so is their sum."""
    total = [model.new_bool_var("") for _ in range(min(most, len(one) + len(two)))]
    not_one, not_two, not_total = ([level.negated() for level in levels] for levels in (one, two, total))
    for first in range(len(one) + 1):
        for second in range(min(len(two), len(total) - first) + 1):
            reached = first + second
            if reached:
                below = not_one[first - 1 : first] if first else []
                model.add_bool_or([*below, *(not_two[second - 1 : second] if second else ()), total[reached - 1]])
            if reached < len(total):
                model.add_bool_or([*one[first : first + 1], *two[second : second + 1], not_total[reached]])
    return total
