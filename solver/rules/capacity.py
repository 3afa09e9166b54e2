"""A location never holds more meetings at once than it has tables, nor a table two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver import unary
from solver.clusters import clusters
from solver.implied import follows_from
from solver.masks import starts_within
from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from solver.compiled import Compiled
    from solver.held import Held
    from solver.masks import Mask
    from solver.options import Option
    from solver.state import State


def has_the_table(compiled: Compiled, option: Option, starts: Mask) -> Mask:
    return starts if (option.table or 1) <= compiled.sites[option.site].capacity else 0


def a_table_is_free(state: State, option: Option, starts: Mask) -> Mask:
    full = state.site_full[option.site]
    if option.table is not None:
        full |= state.table_busy.get((option.site, option.table), 0)
    elif state.compiled.sites[option.site].named:
        full |= state.unnamed_full(option.site)
    return starts & starts_within(~full, option.length) if full else starts


def tables_suffice(held: Held) -> None:
    parts = clusters(held) if held.unary and follows_from(held.compiled, "one_place") else {}
    for (site, slot), placed in held.of_site_slot.items():
        capacity = held.compiled.sites[site].capacity
        left = max(0, capacity - held.fixed.site_load(site, slot))
        if not _clusters_suffice(held, parts.get((site, slot)), left):
            held.at_most([variable for variable, _ in placed], left, 0)
        for table in {table for _, table in placed if table is not None}:
            held.model.add_at_most_one(variable for variable, own in placed if own == table)
        if named := held.compiled.sites[site].named:
            held.at_most([variable for variable, own in placed if own is None], capacity - len(named), 0)


def _clusters_suffice(held: Held, parts: list[list[IntVar]] | None, tables: int) -> bool:
    """Let meetings of at most so many clusters be held at once, unless there are too many to count in unary."""
    if parts is None or unary.clauses_of_count(len(parts), tables + 1) > unary.LARGEST:
        return False
    if len(parts) > tables:
        levels = unary.count(held.model, [_any(held, part) for part in parts], tables + 1)
        unary.at_most(held.model, levels, tables)
    return True


def _any(held: Held, exclusive: list[IntVar]) -> IntVar:
    """Give the literal that one of some variables is 1, of which no two can be."""
    if len(exclusive) == 1:
        return exclusive[0]
    literal = held.model.new_bool_var("")
    held.model.add_exactly_one(*exclusive, literal.negated())
    return literal


RULE = Rule(
    "capacity",
    "no_table",
    level=Level.SITE,
    admits=has_the_table,
    leaves=a_table_is_free,
    constrain=tables_suffice,
)
