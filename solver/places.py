"""Where the draft could stand on an empty day, and which table is free for it beside a schedule."""

from __future__ import annotations

from typing import Any

from solver import bits, book, facts
from solver.machine import machine
from solver.rules import admits_people, closed, owners, suitable, tied


@machine
def may_start(f: Any, t: int) -> bool:
    """Tell whether the attendees could meet from a start on an empty day; the quick question first."""
    draft = facts.option(f)[0]
    for k in range(draft.people):
        if not bits.has(facts.free(f), facts.people(f)[k], t):
            return False
    return admits_people(f, 0, t)


@machine
def may_stand(f: Any, t: int) -> bool:
    """Tell whether the draft could stand at its site on an empty day."""
    if not tied.at_their_own_location(f, 0, t) or not owners.an_owner_attends(f, 0, t):
        return False
    return suitable.as_asked(f, 0, t) and closed.is_open(f, 0, t)


@machine
def bring_helper(f: Any, helper: int) -> None:
    draft = facts.option(f)[0]
    draft.interpreter = helper
    draft.people = draft.attendees + 1
    facts.people(f)[draft.attendees] = helper


@machine
def free_table(f: Any, b: Any, table: Any, seen: Any, t: int) -> int:
    """Give the lowest table of the draft's site that nobody has in any of its slots; 0 if there is none.

    ``table`` gives the table of each request that is held; in ``seen`` there is room for all numbers.
    """
    draft = facts.option(f)[0]
    row = facts.site(f)[draft.site]
    seen[:] = 0
    for slot in range(t, t + draft.length):
        first = row.who_from + slot * row.seats
        for place in range(first, first + book.site_load(b)[draft.site, slot]):
            seen[min(table[book.site_who(b)[place]], len(seen) - 1)] = 1
    for number in range(1, row.capacity + 1):
        if not seen[number]:
            return number
    return 0
