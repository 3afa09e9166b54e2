"""A draft under the hand of an organiser: what the solver says of its meetings, kept in memory while it is true.

A board is true of one edition of the question (``models.edition``) and one revision of a draft; see ``queries.shelf``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from flask import Flask, current_app
from sqlalchemy import select

from matchmaker.errors import DoubleBooking, NotFound, NothingToSchedule, NotPossibleThere
from matchmaker.extensions import db
from matchmaker.models import Draft, DraftMeeting, PersonBooking
from matchmaker.queries.shelf import Shelf, question_edition
from matchmaker.scheduling.draft import figures
from matchmaker.scheduling.question import Place, Question, ask, bound_of, preset_of
from matchmaker.serving import BESIDE
from solver import Grid, Meeting, Schedule, Unscheduled

BOARDS = "matchmaker.boards"
NO_PLACE = "displaced"
MOST_BOARDS = 3
"""A board of a thousand people and 15,000 requests takes about 100 MB."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What the solver says of a request in a slot and a location: legal where ``reason`` is None."""

    slot_id: int
    location_id: int
    reason: str | None
    gain: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Who cannot come, and why: ``away`` (marked not free), ``session`` or ``meeting``."""

    organisation_id: int
    cause: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change by hand makes of a draft: the figures of its row, and why each request is not held."""

    board: Board
    figures: Mapping[str, Any]
    reasons: Mapping[int, Unscheduled]


class Board:
    """One revision of a draft beside one edition of the question. ``places`` has all its meetings by request.

    The solver's grid has those of them that the question still has.
    """

    def __init__(self, question: Question, places: Mapping[int, Place], grid: Grid) -> None:
        self.question, self.places, self._grid = question, places, grid

    def spots(self, request_id: int) -> Mapping[tuple[int, int], Spot]:
        """Return what the solver says of every slot and location, beside all other meetings.

        Where a request is not offered to the solver, there is no place for it: that a veto is why must not show.
        """
        keys = self.question
        if request_id not in keys.requests:
            every = ((slot_id, location_id) for slot_id in keys.slots for location_id in keys.locations)
            return {key: Spot(*key, NO_PLACE, 0) for key in every}
        return {
            (slot_id, location_id): Spot(slot_id, location_id, cell.reason, cell.gain)
            for cell in self._cells(request_id)
            for slot_id, location_id in ((keys.slot_ids[cell.slot], keys.location_ids[cell.location]),)
        }

    def place(self, request_id: int, slot_id: int, location_id: int, table: int | None = None) -> Place:
        """Return how a request would stand there; at the lowest free table where none is named.

        Raises
        ------
        NotPossibleThere
            If a rule forbids it, with the rule's code.
        DoubleBooking
            If the table is taken.
        """
        found = next((cell for cell in self._cells(request_id) if self._is_at(cell, slot_id, location_id)), None)
        if found is None:
            raise NotFound("place", (slot_id, location_id))
        if found.reason is not None:
            raise NotPossibleThere(found.reason)
        free = self.free_tables(request_id, slot_id, location_id)
        if not free or (table is not None and table not in free):
            raise DoubleBooking
        number = free[0] if table is None else table
        where = Meeting(self._code(request_id), found.slot, found.location, number, found.attendees, found.interpreter)
        return self.question.place(where)

    def again(self, request_id: int, place: Place) -> Place:
        """Return the same place if it is still possible, with an interpreter who is free now.

        Raises
        ------
        NotPossibleThere, DoubleBooking
            As of ``place``; also if those who sat there may not any more.
        """
        wanted = self.question.meeting(request_id, place)
        if wanted is None:
            raise NotPossibleThere("no_representative")
        cell = next(
            cell
            for cell in self._cells(request_id, wanted.attendees)
            if (cell.slot, cell.location) == (wanted.slot, wanted.location)
        )
        if cell.reason is not None or cell.attendees != wanted.attendees:
            raise NotPossibleThere(cell.reason or "no_common_slot")
        if place.table not in self.free_tables(request_id, place.slot_id, place.location_id):
            raise DoubleBooking
        return self.question.place(replace(wanted, interpreter=cell.interpreter))

    def best(self, request_id: int, slot_id: int | None = None) -> Place:
        """Return the legal place that is worth most, the earliest of equals; in one slot only if it is named.

        Raises
        ------
        NotPossibleThere
            If there is none, with the code of the rule that the solver gives as the reason.
        """
        found = self.best_if_any(request_id, slot_id)
        if found is None:
            spots = [spot for spot in self.spots(request_id).values() if slot_id == spot.slot_id]
            reasons = [spot.reason for spot in spots if spot.reason is not None]
            raise NotPossibleThere(reasons[0] if reasons else self.reason(request_id))
        return found

    def best_if_any(self, request_id: int, slot_id: int | None = None) -> Place | None:
        """Return the same place, or None if there is none."""
        legal = [
            spot
            for spot in self.spots(request_id).values()
            if slot_id in {None, spot.slot_id} and spot.reason is None
            if self.free_tables(request_id, spot.slot_id, spot.location_id)
        ]
        if not legal:
            return None
        spot = max(legal, key=lambda one: one.gain)
        return self.place(request_id, spot.slot_id, spot.location_id)

    def reason(self, request_id: int) -> str:
        """Return the code of the reason why a request cannot be added."""
        code = self._code(request_id)
        grid = self._grid.moved(code, None)
        return next(row.reason for row in grid.reasons() if row.request == code)

    def free_tables(self, request_id: int, slot_id: int, location_id: int) -> list[int]:
        """Return the tables of a location that are free for the whole of a meeting."""
        slots = self.question.taken(slot_id, request_id)
        busy = {table for slot in slots for table, other in self._seated[location_id, slot] if other != request_id}
        capacity = self.question.problem.locations[self.question.locations[location_id]].capacity
        return [number for number in range(1, capacity + 1) if number not in busy]

    @cached_property
    def _seated(self) -> Mapping[tuple[int, int], list[tuple[int, int]]]:
        """Tables with their requests, by location and slot."""
        found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for request_id, place in self.places.items():
            for slot_id in self._slots_of(request_id, place):
                found[place.location_id, slot_id].append((place.table, request_id))
        return found

    def obstacle(self, request_id: int, slot_id: int) -> Obstacle | None:
        """Return the side that cannot come then, whoever may sit for it, and what keeps them; None if both could."""
        code = self.question.requests.get(request_id)
        if code is None:
            return None
        asked = self.question.problem.requests[code]
        for side, organisation_id in zip(asked.sides, self.question.sides[code], strict=True):
            kept = [self._kept_by(person, request_id, slot_id) for person in side]
            if kept and all(kept):
                return Obstacle(organisation_id, str(kept[0]))
        return None

    def _kept_by(self, person: str, request_id: int, slot_id: int) -> str | None:
        who = self.question.problem.participants[person]
        slots = {self.question.slots[id_] for id_ in self.question.taken(slot_id, request_id)}
        if slots & who.unavailable_slots:
            return "away"
        if any(slots & engagement.slots for engagement in who.engagements):
            return "session"
        others = sum(len(self._meeting_in[person, slot] - {request_id}) >= who.parallel for slot in slots)
        return "meeting" if others else None

    @cached_property
    def _meeting_in(self) -> Mapping[tuple[str, str], set[int]]:
        """Requests by person and slot."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for request_id, place in self.places.items():
            for person in place.people:
                for slot_id in self._slots_of(request_id, place):
                    found[self.question.people.get(person, ""), self.question.slots[slot_id]].add(request_id)
        return found

    def changed(self, draft: Draft, request_id: int, place: Place | None) -> Changed:
        """Return what becomes of its draft if a request is held there, where it must be possible, or not at all."""
        board = self.held(request_id, place)
        grid = board._grid  # noqa: SLF001 (our own)
        reasons = {self.question.request_ids[row.request]: row for row in grid.reasons()}
        return Changed(board, self._figures(draft, grid), reasons)

    def held(self, request_id: int, place: Place | None) -> Board:
        """Return the board with a request held there, where it must be possible, or not at all; this one stays."""
        meeting = None if place is None else self.question.meeting(request_id, place)
        places = {id_: other for id_, other in self.places.items() if id_ != request_id}
        if place is not None:
            places[request_id] = place
        return Board(self.question, places, self._grid.moved(self._code(request_id), meeting))

    def explained(self, request_id: int, locked: Collection[int]) -> Unscheduled:
        """Return what the solver says of a request that is not held; the ``locked`` ones stay where they are."""
        kept = [self.question.requests[id_] for id_ in locked if id_ in self.question.requests]
        return self._grid.explained(self._code(request_id), kept)

    def _figures(self, draft: Draft, grid: Grid) -> Mapping[str, Any]:
        bound = bound_of(self.question, draft, grid.most)
        status: Literal["optimal", "feasible"] = "optimal" if bound - grid.value < 1 else "feasible"
        gap = round((bound - grid.value) / max(1.0, abs(bound)), 4)
        schedule = Schedule(status, "balanced", grid.value, bound, gap, 0.0, grid.terms, grid.meetings)
        return figures(self.question.problem, schedule, self.question.classes, self.question.asking)

    def _cells(self, request_id: int, first: tuple[str, ...] | None = None) -> Sequence[Any]:
        return self._grid.placements(self._code(request_id), first)

    def _code(self, request_id: int) -> str:
        code = self.question.requests.get(request_id)
        if code is None:
            raise NotPossibleThere(NO_PLACE)
        return code

    def _is_at(self, cell: Any, slot_id: int, location_id: int) -> bool:
        keys = self.question
        return (keys.slot_ids[cell.slot], keys.location_ids[cell.location]) == (slot_id, location_id)

    def _slots_of(self, request_id: int, place: Place) -> set[int]:
        """Return the slots that a meeting of the draft takes; one slot where the question does not have it any more."""
        known = request_id in self.question.requests
        return set(self.question.taken(place.slot_id, request_id)) if known else {place.slot_id}


@contextmanager
def asking(draft: Draft) -> Iterator[Board]:
    """Let the solver be asked about a draft as it stands; one thread asks, others wait.

    Not inside a unit of work, since the first answer takes long.

    Raises
    ------
    NothingToSchedule
        If there is nothing left that could be scheduled.
    """
    shelf = _shelf()
    with shelf.lock:
        asked = question_edition(draft.event_id)  # before anything else is read
        yield shelf.get(draft.id, (asked, draft.revision), lambda: _board(draft, _question(shelf, draft, asked)))


def prepare(draft: Draft) -> None:
    """Have the board of a draft made beside the pages, so that whoever asks next need not wait for it."""
    beside = current_app.extensions.get(BESIDE)
    if beside is not None and not _shelf().has(draft.id, (question_edition(draft.event_id), draft.revision)):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- outlives the request
        beside.submit(_prepare, app, draft.id)


def _prepare(app: Flask, draft_id: int) -> None:
    with app.app_context():
        draft = db.session.get(Draft, draft_id)
        if draft is None:
            return
        with suppress(NothingToSchedule), asking(draft) as board:
            board.spots(next(iter(board.places), 0))  # and with it the machine code that judges


def keep(draft_id: int, edition: int, revision: int, board: Board) -> None:
    """Keep the board of a draft that was just changed, so that nothing need be compiled again."""
    _shelf().put(draft_id, (edition, revision), board)


def _shelf() -> Shelf[tuple[int, int], Board]:
    shelf: Shelf[tuple[int, int], Board] = current_app.extensions.setdefault(BOARDS, Shelf(MOST_BOARDS))
    return shelf


def _question(shelf: Shelf[tuple[int, int], Board], draft: Draft, asked: int) -> Question:
    """Return what the boards of other drafts ask already, or ask anew."""
    code = preset_of(draft)
    for (known, _revision), board in shelf:
        question = board.question
        if (known, question.preset, question.event_id) == (asked, code, draft.event_id):
            return question
    return ask(draft.event_id, code)


def places_of(draft_id: int) -> dict[int, Place]:
    """Return where the requests stand that a draft holds, in two queries."""
    booked = select(PersonBooking.meeting_id, PersonBooking.side, PersonBooking.participation_id).distinct()
    people: dict[int, dict[int, int]] = defaultdict(dict)
    for meeting_id, side, participation_id in db.session.execute(booked.where(PersonBooking.draft_id == draft_id)):
        people[meeting_id][side] = participation_id
    names = ("id", "request_id", "slot_id", "location_id", "table_number", "interpreter_id")
    columns = (getattr(DraftMeeting, name) for name in names)
    rows = db.session.execute(select(*columns).where(DraftMeeting.draft_id == draft_id).order_by(DraftMeeting.id))
    return {
        row.request_id: Place(
            row.slot_id,
            row.location_id,
            row.table_number,
            tuple(person for _, person in sorted(people[row.id].items())),
            row.interpreter_id,
        )
        for row in rows
    }


def _board(draft: Draft, question: Question) -> Board:
    places = places_of(draft.id)
    meetings = [question.meeting(request_id, place) for request_id, place in places.items()]
    return Board(question, places, Grid(question.problem, [one for one in meetings if one is not None]))
