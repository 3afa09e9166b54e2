"""A location never holds more meetings at once than it has tables, nor a table two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver import bits, book, facts, unary
from solver.clusters import clusters
from solver.facts import NONE
from solver.implied import follows_from
from solver.machine import machine
from solver.rules.base import Level, Rule

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from solver.held import Held


@machine
def has_the_table(f: Any, o: int, t: int) -> bool:
    return max(1, facts.option(f)[o].table) <= facts.site(f)[facts.option(f)[o].site].capacity


@machine
def a_table_is_free(f: Any, b: Any, o: int, t: int) -> bool:
    option = facts.option(f)[o]
    unnamed = facts.site(f)[option.site].unnamed
    for slot in range(t, t + option.length):
        if bits.has(book.site_full(b), option.site, slot):
            return False
        if option.named != NONE:
            if book.named_load(b)[option.named, slot]:
                return False
        elif option.length > 1 and book.unnamed_load(b)[option.site, slot] >= unnamed:
            return False
    return True


def tables_suffice(held: Held) -> None:
    parts = clusters(held) if held.unary and follows_from(held.compiled, "one_place") else {}
    for (site, slot), placed in held.of_site_slot.items():
        capacity = held.compiled.sites[site].capacity
        left = max(0, capacity - held.fixed.site_load(site, slot))
        if not _clusters_suffice(held, parts.get((site, slot)), left):
            held.at_most([row.variable for row in placed], left, 0)
        for table in {row.option.table for row in placed} - {None}:
            held.model.add_at_most_one(row.variable for row in placed if row.option.table == table)
        if named := held.compiled.sites[site].named:
            longer = [row.variable for row in placed if row.option.table is None and row.option.length > 1]
            held.at_most(longer, capacity - len(named), held.fixed.unnamed_load(site, slot))


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
    allows=a_table_is_free,
    constrain=tables_suffice,
)
