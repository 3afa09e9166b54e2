"""The rows of an event become the solver's problem; its ids are codes that tell nothing of people.

What must not be offered to the solver is left out here, and ``kept_back`` says why: a veto never gets further
than this file.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.domain import scoring
from matchmaker.domain.disclosure import Reason
from matchmaker.domain.states import MeetingState, Silence, WishLevel
from matchmaker.models import DraftMeeting, Location
from matchmaker.models import Slot as SlotRow
from matchmaker.queries.meeting_rows import Told
from matchmaker.scheduling.people import codes_of_people, participants
from matchmaker.scheduling.presets import Preset
from matchmaker.scheduling.rows import Live, Rows
from solver import TERMS, Interpreter, Meeting, Problem, Schedule, Slot, problem_from, problem_to, schedule_to
from solver import Location as Place
from solver import Request as Asked


def build(
    rows: Rows,
    preset: Preset,
    pinned: Sequence[DraftMeeting] = (),
    told: Iterable[Told] = (),
    *,
    bonus_percent: int = 100,
) -> Problem | None:
    """Return the problem, or None if there is nothing that could be scheduled.

    ``pinned`` are the locked meetings of a draft; those whose request is no longer offered are let go. ``told`` is
    what was published last: what stays where people know it is rewarded, as the preset says, and what stands for people
    whose meetings only people move stays there. ``bonus_percent`` is what the bonuses of first meetings count, against
    those of the rules.
    """
    people = participants(rows)
    requests = _requests(rows)
    told_before = tuple(_previous(rows, told, requests))
    pins = tuple(_pins(rows, pinned, requests))
    if not (requests and rows.slots and rows.locations and people):
        return None
    return Problem(
        slots={slot.code: _slot(slot) for slot in rows.slots},
        locations={location.code: _location(location, rows) for location in rows.locations},
        participants=people,
        requests=requests,
        interpreters=_interpreters(rows),
        walking=_walking(rows),
        pinned=(*pins, *_moved_by_hand(rows, told_before, {pin.request for pin in pins})),
        previous=told_before,
        bonuses=tuple(round(bonus * bonus_percent / 100) for bonus in scoring.BONUSES),
        weights=preset.weights,
    )


def to_repair(problem: Problem, meetings: Sequence[Meeting]) -> tuple[bytes, bytes]:
    """Return the files of a problem and of the schedule to repair: what stays where it stands is rewarded."""
    as_it_is = Schedule("feasible", "balanced", 0, 0.0, 0.0, 0.0, dict.fromkeys(TERMS, 0), tuple(meetings))
    schedule = gzip.compress(json.dumps(schedule_to(as_it_is), ensure_ascii=False).encode(), mtime=0)
    return packed(replace(problem, previous=as_it_is.meetings)), schedule


def packed(problem: Problem) -> bytes:
    """Return the problem as a gzipped file; equal problems give equal bytes."""
    return gzip.compress(json.dumps(problem_to(problem), ensure_ascii=False).encode(), mtime=0)


def unpacked(data: bytes) -> Problem:
    """Return a stored problem, to solve it again or to check an answer."""
    return problem_from(json.loads(gzip.decompress(data)))


def kept_back(rows: Rows) -> dict[str, Reason]:
    """Return why live requests are not offered, by code.

    Silence that refuses speaks before a veto, so that the reason is the same with and without one wherever
    the request would not have been offered anyway.
    """
    windows, silence = _Windows(rows), {id_: rows.silence_of(id_) for id_ in rows.organisations}
    found = {request.code: _why_not(request, rows, silence, windows) for request in rows.requests}
    return {code: reason for code, reason in found.items() if reason is not None}


def locked_meetings(session: Session, draft_id: int, also: int | None = None) -> Sequence[DraftMeeting]:
    """Return the locked meetings of a draft with their people, in two queries; ``also`` that of this request."""
    where = (DraftMeeting.draft_id == draft_id, DraftMeeting.locked.is_(True) | (DraftMeeting.request_id == also))
    people = selectinload(DraftMeeting.people)
    return list(session.scalars(select(DraftMeeting).where(*where).order_by(DraftMeeting.id).options(people)))


def _why_not(request: Live, rows: Rows, silence: Mapping[int, Silence], windows: _Windows) -> Reason | None:
    first, second = request.first_id, request.second_id
    wishes = rows.wishes.get((first, second)), rows.wishes.get((second, first))
    without_veto = [None if wish and wish.level is WishLevel.VETO else wish for wish in wishes]
    reaches = partial(scoring.reaches_the_solver, silence_of_a=silence[first], silence_of_b=silence[second])
    if not reaches(*without_veto):
        return Reason.UNANSWERED
    if windows.starts(request) == frozenset():
        return Reason.NO_COMMON_SLOT
    return None if reaches(*wishes) else Reason.NOT_OFFERED


def _requests(rows: Rows) -> dict[str, Asked]:
    codes = codes_of_people(rows.people)
    sides: dict[int, list[str]] = defaultdict(list)
    for person in rows.people:
        sides[person.organisation_id].append(codes[person.id])
    windows, left_out = _Windows(rows), kept_back(rows)
    length = {row.id: row.meeting_slots for row in rows.organisations.values()}
    return {
        request.code: Asked(
            id=request.code,
            sides=(tuple(sides[request.first_id]), tuple(sides[request.second_id])),
            weight=request.weight,
            slots=windows.starts(request),
            length=max(length[request.first_id], length[request.second_id]),
        )
        for request in rows.requests
        if request.code not in left_out
    }


class _Windows:
    """The slots that hosts keep for a theme; a slot without a row is open to all."""

    def __init__(self, rows: Rows) -> None:
        self._slots = {slot.id: slot.code for slot in rows.slots}
        self._kept: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._topics: dict[int, set[str]] = defaultdict(set)
        for window in rows.windows:
            self._kept[window.organisation_id][window.slot_id].add(window.topic)
        for topic in rows.topics:
            self._topics[topic.organisation_id].add(topic.topic)

    def starts(self, request: Live) -> frozenset[str] | None:
        """Return the slots in which the meeting may start, None for all."""
        if not self._kept:
            return None
        closed = self._closed(request.first_id, request.second_id) | self._closed(request.second_id, request.first_id)
        return frozenset(code for id_, code in self._slots.items() if id_ not in closed) if closed else None

    def _closed(self, host: int, guest: int) -> set[int]:
        kept = self._kept.get(host, {})
        return {slot_id for slot_id, topics in kept.items() if not topics & self._topics[guest]}


def _slot(row: SlotRow) -> Slot:
    start, end = (moment.hour * 60 + moment.minute for moment in (row.start, row.end))
    return Slot(row.code, row.day.isoformat(), start, end, row.break_before)


def _location(row: Location, rows: Rows) -> Place:
    slots = {slot.id: slot.code for slot in rows.slots}
    owners = _owners(row, rows)
    closed = frozenset(slots[closure.slot_id] for closure in row.closures)
    return Place(
        id=row.code,
        zone=None if row.zone_id is None else rows.zones[row.zone_id].code,
        capacity=row.capacity,
        # A stand whose owners sent nobody cannot be used: "open to nobody" is said by closing it.
        closed_slots=frozenset(slots.values()) if owners == frozenset() else closed,
        owners=owners or None,
        features=frozenset(row.features),
    )


def _owners(row: Location, rows: Rows) -> frozenset[str] | None:
    if not row.owners:
        return None
    owning = {owner.organisation_id for owner in row.owners}
    codes = codes_of_people(rows.people)
    return frozenset(codes[person.id] for person in rows.people if person.organisation_id in owning)


def _interpreters(rows: Rows) -> dict[str, Interpreter]:
    slots = {slot.id: slot.code for slot in rows.slots}
    return {
        row.code: Interpreter(
            id=row.code,
            languages=frozenset(row.languages),
            unavailable_slots=frozenset(slots[absence.slot_id] for absence in row.absences),
            max_per_day=row.max_per_day,
            max_consecutive=row.max_consecutive,
        )
        for row in rows.interpreters
    }


def _walking(rows: Rows) -> Mapping[frozenset[str], int]:
    return {
        frozenset({rows.zones[walk.zone_a_id].code, rows.zones[walk.zone_b_id].code}): walk.minutes
        for walk in rows.walks
    }


def _pins(rows: Rows, meetings: Iterable[DraftMeeting], offered: Mapping[str, Asked]) -> Iterable[Meeting]:
    requests = {request.id: request.code for request in rows.requests}
    slots = {slot.id: slot.code for slot in rows.slots}
    locations = {location.id: location.code for location in rows.locations}
    interpreters = {interpreter.id: interpreter.code for interpreter in rows.interpreters}
    codes = codes_of_people(rows.people)
    for meeting in meetings:
        code = requests.get(meeting.request_id, "")
        if code not in offered:
            continue
        yield Meeting(
            request=code,
            slot=slots[meeting.slot_id],
            location=locations[meeting.location_id],
            table=meeting.table_number,
            attendees=_attendees(meeting, codes),
            interpreter=interpreters.get(meeting.interpreter_id or 0),
        )


def _previous(rows: Rows, told: Iterable[Told], offered: Mapping[str, Asked]) -> Iterable[Meeting]:
    requests = {request.id: request.code for request in rows.requests}
    slots = {(slot.day, slot.start): slot.code for slot in rows.slots}
    locations = {location.id: location.code for location in rows.locations}
    codes = codes_of_people(rows.people)
    for meeting in told:
        code, slot = requests.get(meeting.request_id, ""), slots.get((meeting.day, meeting.start))
        # Of several who came for one side, the solver hears of the first.
        first = {one.side: one.participation_id for one in reversed(meeting.attendances)}
        people = tuple(codes.get(first[side], "") for side in sorted(first))
        if code not in offered or slot is None or meeting.state is MeetingState.CANCELLED or "" in people:
            continue
        yield Meeting(code, slot, locations[meeting.location_id], meeting.table_number, people)


def _moved_by_hand(rows: Rows, told: Iterable[Meeting], pinned: Collection[str]) -> Iterable[Meeting]:
    """Return what was published for people whose meetings no run may move, unless a draft holds it in its own way."""
    codes = codes_of_people(rows.people)
    kept = {codes[person.id] for person in rows.people if person.moved_by_hand}
    return (one for one in told if kept & {*(one.attendees or ())} and one.request not in pinned)


def _attendees(meeting: DraftMeeting, codes: Mapping[int, str]) -> tuple[str, ...] | None:
    """Return who sat there; None, so that a colleague may come, where somebody has left since."""
    by_side = {booking.side: booking.participation_id for booking in meeting.people}
    there = tuple(codes[by_side[side]] for side in sorted(by_side) if by_side[side] in codes)
    return there if len(there) == len(by_side) else None
