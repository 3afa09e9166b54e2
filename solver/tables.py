"""Numbering the tables, after the meetings have their places: only then does a table have a name."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from solver.facts import NONE
from solver.masks import first_of
from solver.problem import Meeting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from solver.compiled import Compiled
    from solver.masks import Mask
    from solver.problem import Location
    from solver.sites import Site

Table = tuple[str, int]


class _Held(NamedTuple):
    """A meeting that wants a table."""

    request: int
    site: int
    table: int | None
    interpreter: int | None
    attendees: tuple[int, ...]
    start: int
    length: int
    kept: bool  # where and with whom it was before

    @property
    def turn(self) -> tuple[bool, bool, bool, int]:
        """Let tables that have a name go first, then longer meetings by start, then those that stay."""
        short = self.length == 1
        return self.table is None, short, short and not self.kept, self.start


def rows_of(compiled: Compiled, placements: Collection[tuple[int, int]]) -> tuple[Meeting, ...]:
    """Give the complete rows of a schedule, the frozen ones as they are, in time order."""
    numbering = _Numbering(compiled, len(placements))
    held = sorted(_held(compiled, placements), key=attrgetter("turn"))
    rows = [*compiled.problem.frozen, *map(numbering.row, held)]
    return tuple(sorted(rows, key=lambda row: (compiled.time.index[row.slot], row.location or "", row.table or 0)))


def _held(compiled: Compiled, placements: Collection[tuple[int, int]]) -> Iterator[_Held]:
    """Read the options column by column: one by one would take longer than all the rest."""
    if not placements:
        return
    numbers, starts = zip(*placements, strict=True)
    f, option = compiled.facts, compiled.facts.option[list(numbers)]
    kept = (option["stays"] != 0) & (f.request["kept_slot"][option["request"]] == starts)
    names = ("request", "site", "table", "interpreter", "first", "attendees", "length")
    columns = [option[name].tolist() for name in names]
    everybody = f.people.tolist()
    for request, site, table, interpreter, first, count, length, start, stays in zip(
        *columns, starts, kept.tolist(), strict=True
    ):
        yield _Held(
            request,
            site,
            None if table == NONE else table,
            None if interpreter == NONE else interpreter,
            tuple(everybody[first : first + count]),
            start,
            length,
            stays,
        )


class _Numbering:
    """Gives each meeting in turn a table that stays free for all its slots.

    Longer meetings are intervals, so one is always left where the rules counted right, by start; then what takes one
    slot takes what is left of it, first what stays where it was. The free tables of a site in a slot are one whole
    number, so that finding one takes as long with hundreds of tables as with one.
    """

    def __init__(self, compiled: Compiled, placed: int) -> None:
        self.compiled = compiled
        problem = compiled.problem
        enough = placed + len(problem.frozen)
        named = {row.table for row in (*problem.frozen, *problem.pinned, *problem.previous) if row.table is not None}
        self.tables = [_Tables(site, enough, sorted(named)) for site in compiled.sites]
        self.free = [[tables.all] * len(compiled.time.ids) for tables in self.tables]
        self.last: dict[tuple[int, int], str] = {}
        self.ids = [person.id for person in compiled.people]
        for row, (option, start) in zip(problem.frozen, compiled.fixed, strict=True):
            held = (option.request, option.site, row.table, option.interpreter, option.attendees, start, option.length)
            self._take((str(row.location), row.table or 0), _Held(*held, kept=True))

    def row(self, held: _Held) -> Meeting:
        table = self._table(held)
        self._take(table, held)
        return Meeting(
            self.compiled.request_ids[held.request],
            self.compiled.time.ids[held.start],
            *table,
            tuple(self.ids[person] for person in held.attendees),
            None if held.interpreter is None else self.ids[held.interpreter],
        )

    def _table(self, held: _Held) -> Table:
        """Give the best free table: the one it must have, else the one it had before, else near, else the lowest.

        The last one is given where none is free: a rule was forgotten, and the checker says so, which it could
        not if nothing were given.
        """
        tables = self.tables[held.site]
        if held.table is not None:
            return tables.names[0][0], held.table
        fit = tables.all & ~tables.named if held.length > 1 else tables.all
        free = fit
        for slot in range(held.start, held.start + held.length):
            free &= self.free[held.site][slot]
        if not free:
            return tables.names[fit.bit_length() - 1] if fit else (tables.names[0][0], 0)
        before = self.compiled.previous.get(held.request)
        if before and free & tables.bit((str(before.location), before.table or 0)):
            return str(before.location), before.table or 0
        near = free & self._near(held, tables)
        return tables.names[first_of(near or free)]

    def _near(self, held: _Held, tables: _Tables) -> Mask:
        """Give the tables of the locations where the attendees met last on this day."""
        day = self.compiled.time.day_of[held.start]
        near = 0
        for person in held.attendees:
            near |= tables.of_location.get(self.last.get((person, day), ""), 0)
        return near

    def _take(self, table: Table, held: _Held) -> None:
        bit, free = self.tables[held.site].bit(table), self.free[held.site]
        for slot in range(held.start, held.start + held.length):
            free[slot] &= ~bit
        day = self.compiled.time.day_of[held.start]
        for person in held.attendees:
            self.last[person, day] = table[0]


class _Tables:
    """The tables of one site, location by location; bit ``n`` of a mask stands for the table with the name ``n``.

    Of a location without limit, which files say by a large number, there are ``enough``, and those that rows name.
    """

    def __init__(self, site: Site, enough: int, named: list[int]) -> None:
        self.names = [(place.id, number) for place in site.locations for number in _numbers(place, enough, named)]
        self.number = {name: number for number, name in enumerate(self.names)}
        self.all: Mask = (1 << len(self.names)) - 1
        self.of_location: dict[str, Mask] = {}
        for name in self.names:
            self.of_location[name[0]] = self.of_location.get(name[0], 0) | self.bit(name)
        self.named = sum(self.bit((site.locations[0].id, table)) for table in site.named)

    def bit(self, name: Table) -> Mask:
        """Give the bit of a table; 0 where there is no such table."""
        return 1 << self.number[name] if name in self.number else 0


def _numbers(location: Location, enough: int, named: list[int]) -> list[int]:
    counted = min(location.capacity, enough)
    return [*range(1, counted + 1), *(number for number in named if counted < number <= location.capacity)]
