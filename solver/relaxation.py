"""The linear relaxation: meetings in fractions, spread over groups of slots.

A *bundle* is a request with one choice of attendees, at any site and with any interpreter; a *column* holds a
bundle in one group of slots. Groups are single slots where that is not too much, else runs of neighbours, days or
the whole event. What is kept: each request at most once, what a person can fill of a group, a run, a day and in
all, what the tables of a set of sites and a set of interpreters can hold in a group, bonuses and minimums.
Everything else that has a price is taken to cost nothing. So no schedule is worth more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.book import BONUS, CHANGES, SHORTFALL
from solver.columns import COUNTED, DAILY, IN_ALL, RESTS, WANDERS, Layout, Rows, bundles, columns, visits, write_entries
from solver.facts import NO_LIMIT, NONE, Array

if TYPE_CHECKING:
    from solver.book import Book
    from solver.compiled import Compiled
    from solver.facts import Facts

FINEST = 5_000_000  # columns at most: each takes about 60 bytes


@dataclass(frozen=True)
class Relaxation:
    """Maximise ``gain`` x within 0 ≤ x ≤ ``upper`` and rows ≤ ``most``; rows of mandatory requests are equations.

    The first columns are meetings: ``option`` is the first option of their bundle, ``start`` their first slot; those
    of a request stand from ``first[request]``. Then come the levels: what a person's further meetings earn.
    """

    option: Array
    start: Array
    first: Array
    gain: Array
    upper: Array
    entry: Array  # [column + 1]: where its entries begin
    row: Array
    amount: Array
    most: Array
    must: Array  # [request]
    constant: float
    group_of: Array
    fine: bool
    timeless: int  # rows of requests, before those that there are for each group
    grouped: int  # things of which there is a row for each group: people, sets of sites, sets of interpreters


def relax(compiled: Compiled, start: Book) -> Relaxation:
    """Return the finest relaxation that is not too large, beside the frozen meetings of ``start``."""
    return _Relaxing(compiled, start, coarse=False).relaxation()


def relax_without_time(compiled: Compiled, start: Book) -> Relaxation:
    """Return the smallest relaxation, in which all slots are one group: quickly solved."""
    return _Relaxing(compiled, start, coarse=True).relaxation()


class _Relaxing:
    def __init__(self, compiled: Compiled, start: Book, *, coarse: bool) -> None:
        self.compiled = compiled
        self.f: Facts = compiled.facts
        self.b = start
        self.slots = len(self.f.slot)
        self.bundle = bundles(self.f.refs, np.zeros(len(self.f.option) + 1, np.int32))
        self.firsts = np.flatnonzero(np.diff(self.bundle, prepend=-1)[: len(self.f.option)])
        self.union = np.zeros((len(self.firsts), self.f.starts.shape[1]), np.uint64)
        np.bitwise_or.at(self.union, self.bundle[: len(self.f.option)], self.f.starts)
        self.run_of = np.zeros(self.slots, np.int32)
        for number, run in enumerate(compiled.time.runs()):
            self.run_of[run.start : run.stop] = number
        self.group_of, self.fine = self._one_group() if coarse else self._groups()
        self.groups = int(self.group_of.max()) + 1
        self.runs = int(self.run_of.max()) + 1
        self.overnight = self.groups == 1 and len(self.f.day) > 1  # then a column tells nothing about its day
        self.has = self._kinds_of_rows()

    def _one_group(self) -> tuple[Array, bool]:
        return np.zeros(self.slots, np.int32), False

    def _groups(self) -> tuple[Array, bool]:
        single = np.arange(self.slots, dtype=np.int32)
        for groups in (single, self.run_of, self.f.slot["day"].astype(np.int32)):
            if columns(self.union, groups, np.zeros(0, np.int32), np.zeros(0, np.int32)) <= FINEST:
                return groups, groups is single
        return self._one_group()

    def relaxation(self) -> Relaxation:
        f, requests = self.f, len(self.f.request)
        count = columns(self.union, self.group_of, np.zeros(0, np.int32), np.zeros(0, np.int32))
        bundle, start = np.zeros(count, np.int32), np.zeros(count, np.int32)
        columns(self.union, self.group_of, bundle, start)
        sites, site_most = self._sets(self.f.option["site"], self._tables_by_slot())
        helpers, helper_most = self._sets(self.f.option["interpreter"], self._helpers_by_slot())
        rows = self._rows(len(site_most) // self.groups, len(helper_most) // self.groups)
        entries = np.zeros(0, np.int32)
        for _ in range(2):  # to count, then to write
            layout = Layout(
                self.firsts[bundle].astype(np.int32), start, bundle, self.bundle, sites, helpers,
                self.group_of, self.run_of, self.has, np.array(rows, np.int64),
                np.array([self.groups, self.runs, 0], np.int64),
                np.zeros(count), np.zeros(count + 1, np.int64), entries, np.zeros(len(entries), np.int8),
            )  # fmt: skip
            write_entries(f.refs, layout.refs, self.fine)
            entries = np.zeros(int(layout.counts[2]), np.int32)
        gain, upper, level_rows = self._levels(rows)
        request_of = f.option["request"][layout.option]
        return Relaxation(
            option=layout.option,
            start=start,
            first=np.searchsorted(request_of, np.arange(requests + 1)).astype(np.int64),
            gain=np.concatenate((layout.gain, gain)),
            upper=np.concatenate((np.ones(count), upper)),
            entry=np.concatenate((layout.entry, layout.entry[-1] + np.arange(1, len(gain) + 1))),
            row=np.concatenate((layout.row, level_rows)).astype(np.int32),
            amount=np.concatenate((layout.amount, np.where(level_rows < rows.changes, 1, -1).astype(np.int8))),
            most=self._most(rows, site_most, helper_most),
            must=((f.request["must"] != 0) & (f.request["frozen"] == 0)).astype(np.uint8),
            constant=float(self.b.score[0]),
            group_of=self.group_of,
            fine=self.fine,
            timeless=requests,
            grouped=(rows.daily - rows.room) // self.groups,
        )

    def _rows(self, site_sets: int, helper_sets: int) -> Rows:
        people, days = len(self.f.person), len(self.f.day)
        sizes = (
            len(self.f.request), people * self.groups, site_sets * self.groups, helper_sets * self.groups,
            people * days, people, people, people * self.runs, people * days,
        )  # fmt: skip
        return Rows(*np.cumsum(sizes).tolist())

    def _kinds_of_rows(self) -> Array:
        person, worth = self.f.person, self.f.worth
        daily = IN_ALL if self.overnight else DAILY
        kinds = np.where(person["max_per_day"] != NO_LIMIT, daily, 0)
        kinds |= np.where(person["max_meetings"] != NO_LIMIT, IN_ALL, 0)
        earns = (worth[BONUS] != 0) & (person["bonus_count"] > self.b.count)
        earns |= (worth[SHORTFALL] != 0) & (person["target"] > self.b.count)
        kinds |= np.where(earns & (person["helps"] == 0), COUNTED, 0)
        rests = person["max_consecutive"] < np.bincount(self.run_of).max() if self.fine else person["parallel"] < 0
        kinds |= np.where(rests, RESTS, 0)
        kinds |= np.where(self._wanderers(), WANDERS, 0)
        return kinds.astype(np.uint8)

    def _wanderers(self) -> Array:
        """Tell whose meetings would all be at different sites: each but a day's first is a change."""
        none = np.zeros(len(self.f.person), bool)
        if not self.f.worth[CHANGES] or self.overnight:
            return none
        rows = visits(self.f.refs)
        people, sites = np.unique(rows[:, 0]), np.unique(rows, axis=0)
        times = np.bincount(rows[:, 0], minlength=len(none))
        different = np.bincount(sites[:, 0], minlength=len(none))
        none[people] = (times == different)[people]
        return none & (self.b.count == 0) & (self.f.person["helps"] == 0)

    def _room_by_slot(self) -> Array:
        free = np.unpackbits(self.f.free.view(np.uint8), axis=1, bitorder="little")[:, : self.slots]
        return np.maximum(0, free.astype(np.int64) * self.f.person["parallel"][:, None] - self.b.load)

    def _tables_by_slot(self) -> Array:
        shut = np.unpackbits(self.f.closed.view(np.uint8), axis=1, bitorder="little")[:, : self.slots]
        tables = self.f.site["capacity"][:, None] * (1 - shut.astype(np.int64))
        return np.maximum(0, tables - self.b.site_load)

    def _helpers_by_slot(self) -> Array:
        return self._room_by_slot()

    def _sets(self, of_option: Array, by_slot: Array) -> tuple[Array, Array]:
        """Number the sets of things that options of a bundle use, and give what each can take by group.

        The last set is everything, and a bundle that could use everything has no set of its own.
        """
        numbers: dict[tuple[int, ...], int] = {}
        options = len(self.f.option)
        stops = [*self.firsts[1:], options][: len(self.firsts)]
        own = np.full(len(self.firsts), NONE, np.int32)
        everything = tuple(np.unique(of_option).tolist())
        for index, (first, stop) in enumerate(zip(self.firsts, stops, strict=True)):
            things = (int(of_option[first]),) if stop == first + 1 else tuple(np.unique(of_option[first:stop]).tolist())
            if NONE not in things and things != everything:
                own[index] = numbers.setdefault(things, len(numbers))
        sets = [*numbers, tuple(thing for thing in everything if thing != NONE)]
        most = [self._grouped(by_slot[list(things)].sum(axis=0)) for things in sets]
        return own, np.concatenate(most)

    def _grouped(self, by_slot: Array) -> Array:
        return np.bincount(self.group_of, weights=by_slot, minlength=self.groups)

    def _most(self, rows: Rows, site_most: Array, helper_most: Array) -> Array:
        f, days = self.f, len(self.f.day)
        room = self._room_by_slot()
        parts = [np.ones(len(f.request)), np.concatenate([self._grouped(row) for row in room])]
        parts += [site_most, helper_most]
        daily = np.maximum(0, f.person["max_per_day"][:, None].astype(np.int64) - self.b.day_count)
        in_all = np.maximum(0, f.person["max_meetings"] - self.b.count)
        parts.append(daily.ravel())
        parts.append(np.minimum(in_all, daily.sum(axis=1)) if self.overnight else in_all)
        parts.append(np.zeros(len(f.person)))
        parts.append(self._rests(room))
        parts.append(np.ones(len(f.person) * days))
        most = np.concatenate(parts).astype(np.float64)
        if not self.fine:
            self._rest_in_groups(most[rows.room : rows.tables].reshape(len(f.person), self.groups), room)
        return most

    def _rests(self, room: Array) -> Array:
        """Give how much each person can fill of each run, with a break after each longest run."""
        most = np.stack([room[:, self.run_of == run].sum(axis=1) for run in range(self.runs)], axis=1)
        for person in np.flatnonzero(self.f.person["max_consecutive"] != NO_LIMIT):
            for run in range(self.runs):
                most[person, run] = self._filled(room[person, self.run_of == run], int(person))
        return most.ravel()

    def _filled(self, room: Array, person: int) -> int:
        longest, length, filled = int(self.f.person["max_consecutive"][person]), 0, 0
        for places in room:
            length = length + 1 if places else 0
            filled += int(places) if length % (longest + 1) else 0
        return filled

    def _rest_in_groups(self, most: Array, room: Array) -> None:
        runs = self._rests(room).reshape(len(most), self.runs)
        group_of_run = [int(self.group_of[self.run_of == run][0]) for run in range(self.runs)]
        for group in range(self.groups):
            mine = [run for run in range(self.runs) if group_of_run[run] == group]
            most[:, group] = np.minimum(most[:, group], runs[:, mine].sum(axis=1))

    def _levels(self, rows: Rows) -> tuple[Array, Array, Array]:
        """Give gain, bound and row of each level: a further meeting of a person, or more changes in a day."""
        gains: list[int] = []
        uppers: list[float] = []
        at: list[int] = []
        worth, sums = self.f.worth, self.f.bonus_sums
        for person in np.flatnonzero(self.has & COUNTED):
            row, count = self.f.person[person], int(self.b.count[person])
            for meeting in range(count, max(int(row["bonus_count"]), int(row["target"]))):
                gain = -int(worth[SHORTFALL]) if meeting < row["target"] else 0
                if meeting < row["bonus_count"]:
                    gain += worth[BONUS] * (sums[row["bonus_from"] + meeting + 1] - sums[row["bonus_from"] + meeting])
                gains.append(int(gain))
                at.append(rows.met + int(person))
        uppers += [1.0] * len(gains)
        for person in np.flatnonzero(self.has & WANDERS):
            for day in range(len(self.f.day)):
                gains.append(int(worth[CHANGES]))
                at.append(rows.changes + int(person) * len(self.f.day) + day)
                uppers.append(float(self.slots))
        return np.array(gains, np.float64), np.array(uppers), np.array(at, np.int64)
