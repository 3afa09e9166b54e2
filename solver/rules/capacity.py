"""A location never holds more meetings at once than it has tables, nor a table two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver import bits, book, facts
from solver.facts import NONE
from solver.machine import machine
from solver.rules.base import Level, Rule

if TYPE_CHECKING:
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
        elif book.unnamed_load(b)[option.site, slot] >= unnamed:
            return False
    return True


def tables_suffice(held: Held) -> None:
    for (site, slot), placed in held.of_site_slot.items():
        capacity = held.compiled.sites[site].capacity
        held.at_most([variable for variable, _ in placed], capacity, held.fixed.site_load(site, slot))
        for table in {table for _, table in placed if table is not None}:
            held.model.add_at_most_one(variable for variable, own in placed if own == table)
        if named := held.compiled.sites[site].named:
            held.at_most([variable for variable, own in placed if own is None], capacity - len(named), 0)


RULE = Rule(
    "capacity",
    "no_table",
    level=Level.SITE,
    admits=has_the_table,
    allows=a_table_is_free,
    constrain=tables_suffice,
)
