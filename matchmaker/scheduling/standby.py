"""Who could meet on the day and move nobody: holes of what is published, as the solver judges them.

What stands is held where it was told, and only those who have arrived may come to a new meeting.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from matchmaker.domain import scoring
from matchmaker.domain.states import MeetingState, RequestState, WishLevel
from matchmaker.errors import DoubleBooking, NotPossibleThere
from matchmaker.extensions import db
from matchmaker.queries import meeting_rows
from matchmaker.queries.meeting_rows import Told
from matchmaker.scheduling import problem as problems
from matchmaker.scheduling import rows as event_rows
from matchmaker.scheduling.presets import presets
from matchmaker.scheduling.question import Place, Question
from matchmaker.scheduling.repairing import with_interpreter, with_seats_kept
from matchmaker.scheduling.rows import Live, Rows
from solver import Cell, Grid, Meeting, Problem, Request

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


class _Taken(NamedTuple):
    """A table from one moment of wall time to another."""

    location_id: int
    table: int
    start: dt.datetime
    end: dt.datetime


class Board:
    """What stands, and the requests that are ``wanted`` beside it, in the order of their weight."""

    def __init__(self, question: Question, wanted: Sequence[Wanted], grid: Grid, taken: Sequence[_Taken]) -> None:
        self.question, self.wanted, self._grid, self._taken = question, wanted, grid, taken

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
        if code not in self._grid.problem.requests or not self._may_be_free(code, slots):
            return []
        names = {self.question.slots[id_] for id_ in slots if id_ in self.question.slots}
        found: list[tuple[Hole, int]] = []
        for cell in self._grid.placements(code):
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
        if code not in self._grid.problem.requests:
            raise DoubleBooking
        where = self.question.slots.get(slot_id), self.question.locations.get(location_id)
        cell = next((one for one in self._grid.placements(code) if (one.slot, one.location) == where), None)
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
        grid = self._grid.moved(code, self.question.meeting(hole.request_id, hole.place))
        taken = _Taken(hole.place.location_id, hole.place.table, hole.start, hole.end)
        return Board(self.question, self.wanted, grid, (*self._taken, taken))

    def _hole(self, request_id: int, cell: Cell, table: int) -> Hole:
        code = self.question.requests[request_id]
        where = Meeting(code, cell.slot, cell.location, table, cell.attendees, cell.interpreter)
        slots = self.question.taken(self.question.slot_ids[cell.slot], request_id)
        starts = tuple(_moments(self._grid.problem, self.question.slots[id_])[0] for id_ in slots)
        return Hole(
            request_id, self.question.place(where), starts, self._span(request_id, cell)[1], self._ways.minutes(cell)
        )

    def _span(self, request_id: int, cell: Cell) -> tuple[dt.datetime, dt.datetime]:
        slots = self.question.taken(self.question.slot_ids[cell.slot], request_id)
        first, last = (_moments(self._grid.problem, self.question.slots[id_]) for id_ in (slots[0], slots[-1]))
        return first[0], last[1]

    def _free_tables(self, request_id: int, cell: Cell) -> list[int]:
        """Return the tables that no meeting has, those counted of which the solver knows nothing."""
        start, end = self._span(request_id, cell)
        location_id = self.question.location_ids[cell.location]
        here = [one for one in self._taken if one.location_id == location_id]
        busy = {one.table for one in here if one.start < end and start < one.end}
        capacity = self._grid.problem.locations[cell.location].capacity
        return [number for number in range(1, capacity + 1) if number not in busy]

    @cached_property
    def _ways(self) -> _Ways:
        return _Ways(self._grid.problem, self._grid.meetings)

    def _may_be_free(self, code: str, slots: Collection[int]) -> bool:
        """Tell whether each side has somebody without anything else in one of the slots: most have not."""
        sides = self._grid.problem.requests[code].sides
        names = [self.question.slots[id_] for id_ in slots if id_ in self.question.slots]
        return any(all(any(slot not in self._busy[person] for person in side) for side in sides) for slot in names)

    @cached_property
    def _busy(self) -> Mapping[str, set[str]]:
        people = self._grid.problem.participants
        found = {
            code: set(person.unavailable_slots).union(*(one.slots for one in person.engagements))
            for code, person in people.items()
        }
        for meeting in self._grid.meetings:
            for code in meeting.attendees or ():
                if people[code].parallel == 1:
                    found[code].add(meeting.slot)
        return found


class _Ways:
    """Where each person comes from: the zone of what they had last on that day."""

    def __init__(self, problem: Problem, meetings: Iterable[Meeting]) -> None:
        self._problem = problem
        self._stops: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        for meeting in meetings:
            slot, zone = problem.slots[meeting.slot], problem.locations[str(meeting.location)].zone
            for person in meeting.attendees or ():
                self._stops[person].append((slot.day, slot.start, zone or ""))

    def minutes(self, cell: Cell) -> int:
        """Return the longer of the two ways, 0 where none is known."""
        slot, zone = self._problem.slots[cell.slot], self._problem.locations[cell.location].zone or ""
        found = [0]
        for person in cell.attendees or ():
            before = [stop for stop in self._stops[person] if stop[0] == slot.day and stop[1] < slot.start]
            if before:
                found.append(self._problem.walking.get(frozenset({max(before)[2], zone}), 0))
        return max(found)


def board(event_id: int, arrived: Collection[int], guest: Guest | None = None) -> Board | None:
    """Return what stands of an event, with ``arrived`` (participations) as those who may come to a new meeting.

    None if there is nothing that could be held. For a ``guest`` what they could wish for is wanted as well, and of
    their organisation they alone may come.
    """
    rows = event_rows.read(db.session(), event_id)
    if guest is not None:
        rows = _with_wishes(rows, guest)
        colleagues = {row.id for row in rows.people if row.organisation_id == guest.organisation_id}
        arrived = {*arrived} - colleagues | {guest.person_id}
    told = meeting_rows.told_last(event_id)
    code, preset = next(iter(presets().items()))
    problem = problems.build(rows, preset, (), told.values())
    if problem is None:
        return None
    question = Question(rows, problem, code)
    standing = {id_: row for id_, row in told.items() if row.state in SEATED}
    held = _held(question, rows, standing)
    known = [row for id_, row in standing.items() if id_ in held]
    others = [row for id_, row in standing.items() if id_ not in held]
    left = _still_wanted(question, rows, told.values(), arrived)
    people = with_seats_kept(problem, rows, known, others)
    asked = {code: problem.requests[code] for code in (meeting.request for meeting in held.values())} | left
    if not asked:
        return None
    narrowed = replace(problem, participants=people, requests=asked, pinned=(), previous=())
    by_weight = sorted(rows.requests, key=lambda row: (-row.weight, row.id))
    wanted = [
        Wanted(row.id, row.first_id, row.second_id, row.state is RequestState.ACCEPTED)
        for row in by_weight
        if row.code in left
    ]
    taken = [_Taken(row.location_id, row.table_number, *_wall(row)) for row in standing.values()]
    return Board(question, wanted, Grid(narrowed, list(held.values())), taken)


def _with_wishes(rows: Rows, guest: Guest) -> Rows:
    """Add a wish of the guest's organisation for each of the others of whom it said nothing, with its request.

    The requests have numbers below nought, which no row has.
    """
    own, wishes, requests = guest.organisation_id, dict(rows.wishes), list(rows.requests)
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


def _still_wanted(question: Question, rows: Rows, told: Iterable[Told], arrived: Collection[int]) -> dict[str, Request]:
    """Return the requests that were not told, or were cancelled, with those of each side who are there."""
    told_already = {row.request_id for row in told if row.state is not MeetingState.CANCELLED}
    there = {question.people[row.id] for row in rows.people if row.id in arrived}
    found: dict[str, Request] = {}
    for id_, code in question.requests.items():
        asked = question.problem.requests[code]
        sides = tuple(tuple(person for person in side if person in there) for side in asked.sides)
        if id_ not in told_already and all(sides):
            found[code] = replace(asked, sides=sides)
    return found


def _moments(problem: Problem, code: str) -> tuple[dt.datetime, dt.datetime]:
    """Return when a slot begins and ends."""
    slot = problem.slots[code]
    midnight = dt.datetime.fromisoformat(slot.day)
    return midnight + dt.timedelta(minutes=slot.start), midnight + dt.timedelta(minutes=slot.end)


def _wall(row: Told) -> tuple[dt.datetime, dt.datetime]:
    return dt.datetime.combine(row.day, row.start), dt.datetime.combine(row.day, row.end)
