"""Who could meet on the day and move nobody: holes of what is published, as the solver judges them.

What stands is held where it was told, and only those who have arrived may come to a new meeting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import RLock
from typing import NamedTuple

from matchmaker.domain import scoring
from matchmaker.domain.states import MeetingState, RequestState, WishLevel
from matchmaker.errors import DoubleBooking, NotPossibleThere
from matchmaker.extensions import db
from matchmaker.queries import meeting_rows, shelf
from matchmaker.queries.meeting_rows import Told
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.presets import presets
from matchmaker.scheduling.question import Place, Question
from matchmaker.scheduling.repairing import with_interpreter, with_seats_kept
from matchmaker.scheduling.rows import Live, Rows
from matchmaker.scheduling.standing import Judge, Standing, Taken, moments
from solver import Cell, Grid, Meeting

SEATED = frozenset({MeetingState.PROVISIONAL, MeetingState.CONFIRMED, MeetingState.HELD})
"""Meetings that keep their people and their table; where somebody did not come, both are free again."""
TAKEN = frozenset({"no_common_slot", "no_table"})
"""Reasons that mean: it was free when it was offered, and somebody has it by now."""


class Wanted(NamedTuple):
    """A request that is not held, with somebody of either side who is there; ``both``: both sides said yes."""

    request_id: int
    first_id: int
    second_id: int
    both: bool

    def other(self, organisation_id: int) -> int:
        """Return the other side."""
        return self.second_id if self.first_id == organisation_id else self.first_id


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a request could be held, in wall time; ``starts`` are the beginnings of all its slots.

    ``walk`` are the minutes of whoever comes from farther, 0 where no way is known.
    """

    request_id: int
    place: Place
    starts: tuple[dt.datetime, ...]
    end: dt.datetime
    walk: int = 0

    @property
    def start(self) -> dt.datetime:
        return self.starts[0]


class Guest(NamedTuple):
    """Somebody who is there, for an organisation that could wish to meet these ``others``."""

    person_id: int
    organisation_id: int
    others: tuple[int, ...]


class Board:
    """What stands, and the requests that are ``wanted`` beside it, in the order of their weight."""

    def __init__(self, question: Question, wanted: Sequence[Wanted], judge: Judge, standing: Standing) -> None:
        self.question, self.wanted, self._judge, self._standing = question, wanted, judge, standing

    def offers(self, wanted: Iterable[Wanted], slots: Collection[int], most: int) -> list[Hole]:
        """Return the first hole of each request that has one, each as if it were the only one, at different tables."""
        found: list[Hole] = []
        for one in wanted:
            if len(found) == most:
                break
            promised = {(hole.place.location_id, hole.place.table, hole.start) for hole in found}
            found.extend(self.holes(one.request_id, slots, promised)[:1])
        return found

    def filled(self, wanted: Iterable[Wanted], slots: Collection[int], most: int) -> list[Hole]:
        """Return holes that can all be taken together, for the heaviest requests first."""
        found: list[Hole] = []
        board = self
        for one in wanted:
            if len(found) == most:
                break
            for hole in board.holes(one.request_id, slots)[:1]:
                found.append(hole)
                board = board.with_held(hole)
        return found

    def holes(
        self, request_id: int, slots: Collection[int], promised: Collection[tuple[int, int, dt.datetime]] = ()
    ) -> list[Hole]:
        """Return where a request could be held in these slots: the earliest first, then after the shortest walk.

        ``promised`` are tables that others were shown; they are named only where no other is free.
        """
        code = self.question.requests.get(request_id, "")
        if not self._may_be_free(code, slots):
            return []
        names = {self.question.slots[id_] for id_ in slots if id_ in self.question.slots}
        found: list[tuple[Hole, int]] = []
        for cell in self._judge.cells(code):
            if cell.reason is None and cell.slot in names:
                tables = self._free_tables(request_id, cell)
                start = self._span(request_id, cell)[0]
                location_id = self.question.location_ids[cell.location]
                fresh = [table for table in tables if (location_id, table, start) not in promised]
                found.extend((self._hole(request_id, cell, table), cell.gain) for table in (fresh or tables)[:1])
        found.sort(key=lambda one: (one[0].start, one[0].walk, -one[1], one[0].place.location_id))
        return [hole for hole, _gain in found]

    def between(self, one: int, other: int) -> int | None:
        """Return the request of two organisations that is wanted, if it is."""
        pair = {one, other}
        return next((row.request_id for row in self.wanted if {row.first_id, row.second_id} == pair), None)

    def exactly(self, request_id: int, slot_id: int, location_id: int, table: int) -> Hole:
        """Return the hole of a request at this very place.

        Raises
        ------
        DoubleBooking
            If the table is taken, or somebody has something else by now.
        NotPossibleThere
            If a rule of the schedule forbids it, with the rule's code.
        """
        code = self.question.requests.get(request_id, "")
        if not all(self._judge.sides(code)):
            raise DoubleBooking
        where = self.question.slots.get(slot_id), self.question.locations.get(location_id)
        cell = next((one for one in self._judge.cells(code) if (one.slot, one.location) == where), None)
        if cell is None or cell.reason in TAKEN:
            raise DoubleBooking
        if cell.reason is not None:
            raise NotPossibleThere(cell.reason)
        if table not in self._free_tables(request_id, cell):
            raise DoubleBooking
        return self._hole(request_id, cell, table)

    def with_held(self, hole: Hole) -> Board:
        """Return the board on which a request is held there as well."""
        code = self.question.requests[hole.request_id]
        judge = self._judge.with_held(code, self.question.meeting(hole.request_id, hole.place))
        taken = Taken(hole.place.location_id, hole.place.table, hole.start, hole.end)
        standing = Standing(self.question, judge.grid, (*self._standing.taken, taken))
        return Board(self.question, self.wanted, judge, standing)

    def _hole(self, request_id: int, cell: Cell, table: int) -> Hole:
        code = self.question.requests[request_id]
        where = Meeting(code, cell.slot, cell.location, table, cell.attendees, cell.interpreter)
        slots = self.question.taken(self.question.slot_ids[cell.slot], request_id)
        starts = tuple(moments(self._judge.grid.problem, self.question.slots[id_])[0] for id_ in slots)
        end, walk = self._span(request_id, cell)[1], self._standing.ways.minutes(cell)
        return Hole(request_id, self.question.place(where), starts, end, walk)

    def _span(self, request_id: int, cell: Cell) -> tuple[dt.datetime, dt.datetime]:
        slots = self.question.taken(self.question.slot_ids[cell.slot], request_id)
        first, last = (moments(self._judge.grid.problem, self.question.slots[id_]) for id_ in (slots[0], slots[-1]))
        return first[0], last[1]

    def _free_tables(self, request_id: int, cell: Cell) -> list[int]:
        return self._standing.free_tables(cell.location, *self._span(request_id, cell))

    def _may_be_free(self, code: str, slots: Collection[int]) -> bool:
        """Tell whether there is a table, and on each side somebody without anything else, in one of the slots."""
        busy = self._standing.busy
        sides = self._judge.sides(code)
        names = {self.question.slots[id_] for id_ in slots if id_ in self.question.slots}
        return any(
            self._standing.has_table(slot) and all(any(slot not in busy[person] for person in side) for side in sides)
            for slot in names
        )


class _Base(NamedTuple):
    """What a board is made of, whoever is there: all that stands, and every request that could be held beside it."""

    question: Question
    open: Sequence[Wanted]
    grid: Grid
    lock: RLock
    standing: Standing


def board(event_id: int, arrived: Collection[int], guest: Guest | None = None) -> Board | None:
    """Return what stands of an event, with ``arrived`` (participations) as those who may come to a new meeting.

    None if there is nothing that could be held. For a ``guest`` what they could wish for is wanted, and of their
    organisation they alone may come.
    """
    base = shelf.of_question("standby", event_id, lambda: _base(event_id)) if guest is None else _base(event_id, guest)
    if base is None:
        return None
    question = base.question
    if guest is not None:
        colleagues = {id_ for (_code, party), id_ in question.people_ids.items() if party == guest.organisation_id}
        arrived = {*arrived} - colleagues | {guest.person_id}
    there = {question.people[id_] for id_ in arrived if id_ in question.people}
    parties = {party for code, party in question.people_ids if code in there}
    wanted = [one for one in base.open if one.first_id in parties and one.second_id in parties]
    return Board(question, wanted, Judge(base.grid, base.lock, there), base.standing)


def _base(event_id: int, guest: Guest | None = None) -> _Base | None:
    """Read the event; for a ``guest`` no other requests than what stands and those of their organisation."""
    rows, told = event_rows.read(db.session(), event_id), meeting_rows.told_last(event_id)
    if guest is not None:
        rows = _with_wishes(rows, guest, told)
    code, preset = next(iter(presets().items()))
    problem = problems.build(rows, preset, (), told.values())
    if problem is None:
        return None
    question = Question(rows, problem, code)
    standing = {id_: row for id_, row in told.items() if row.state in SEATED}
    held = _held(question, rows, standing)
    known = [row for id_, row in standing.items() if id_ in held]
    others = [row for id_, row in standing.items() if id_ not in held]
    untold = _untold(question, told)
    asked = {code: problem.requests[code] for code in (*(meeting.request for meeting in held.values()), *untold)}
    if not asked:
        return None
    people = with_seats_kept(problem, rows, known, others)
    grid = Grid(replace(problem, participants=people, requests=asked, pinned=(), previous=()), list(held.values()))
    by_weight = sorted(rows.requests, key=lambda row: (-row.weight, row.id))
    left = [
        Wanted(row.id, row.first_id, row.second_id, row.state is RequestState.ACCEPTED)
        for row in by_weight
        if row.code in untold
    ]
    taken = [Taken(row.location_id, row.table_number, *_wall(row)) for row in standing.values()]
    return _Base(question, left, grid, RLock(), Standing(question, grid, taken))


def _with_wishes(rows: Rows, guest: Guest, told: Collection[int]) -> Rows:
    """Add a wish of the guest's organisation for each of the others of whom it said nothing, with its request.

    The requests have numbers below nought, which no row has. Of the others those are left that were ``told`` once.
    """
    own, wishes = guest.organisation_id, dict(rows.wishes)
    requests = [row for row in rows.requests if row.id in told or own in {row.first_id, row.second_id}]
    there = {(row.first_id, row.second_id) for row in requests}
    for other in guest.others:
        wishes.setdefault((own, other), scoring.Wish(WishLevel.LIKE))
        first, second = sorted((own, other))
        score = scoring.score(wishes[own, other], wishes.get((other, own)))
        if (first, second) not in there and score is not None:
            made = rows.event.created_at, RequestState.ASKED
            requests.append(Live(-other, f"new-{other}", first, second, score.weight, score.klass or "", *made))
    return replace(rows, wishes=wishes, requests=requests)


def _held(question: Question, rows: Rows, standing: Mapping[int, Told]) -> dict[int, Meeting]:
    """Return what stands in the solver's words, by request; what it does not know any more is left out."""
    found = ((question.request_ids[meeting.request], meeting) for meeting in question.problem.previous)
    return {id_: with_interpreter(row, standing[id_], rows) for id_, row in found if id_ in standing}


def _untold(question: Question, told: Mapping[int, Told]) -> set[str]:
    """Return the requests that were not told, or were cancelled."""
    told_already = {id_ for id_, row in told.items() if row.state is not MeetingState.CANCELLED}
    return {code for id_, code in question.requests.items() if id_ not in told_already}


def _wall(row: Told) -> tuple[dt.datetime, dt.datetime]:
    return dt.datetime.combine(row.day, row.start), dt.datetime.combine(row.day, row.end)
