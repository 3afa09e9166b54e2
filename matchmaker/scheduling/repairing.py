"""A published version and what went wrong become the question of a repair; its answers become drafts.

Only what was published is asked for: a repair lets nobody find a new meeting in their agenda on the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matchmaker.domain.happening import OF_PEOPLE, Happened, Happening
from matchmaker.domain.states import MeetingState
from matchmaker.models import Slot
from matchmaker.queries.meeting_rows import Told
from matchmaker.scheduling.people import codes_of_people
from matchmaker.scheduling.presets import Preset
from matchmaker.scheduling.problem import build
from matchmaker.scheduling.rows import Rows
from solver import TERMS, Absence, Changes, Closure, Meeting, Participant, Problem, Request, Schedule, changed_problem


@dataclass(frozen=True, slots=True)
class Question:
    """``problem`` is what is left to solve, with all that has begun frozen; ``now`` the first slot that has not."""

    problem: Problem
    now: str


def question(
    rows: Rows,
    told: Mapping[int, Told],
    happened: Happened,
    preset: Preset,
    *,
    wall: dt.datetime,
    withheld: Collection[dt.date] = (),
) -> Question | None:
    """Return what to ask the solver, or None if nothing that is still to come is touched.

    ``told`` is what was published last of each request; ``wall`` is the event's clock. To a day ``withheld`` nothing
    is moved.
    """
    later = still_to_come(rows.slots, wall)
    touched = frozenset(slot.code for slot in later if happened.touches(slot.day, slot.start, slot.end))
    problem = build(rows, preset, told=told.values())
    if problem is None or not touched:
        return None
    held = _held(rows, told)
    asked = {code: one for code, one in problem.requests.items() if code in held}
    if not asked:
        return None
    changes = _changes(rows, happened, touched, now=later[0].code)
    people, pinned = with_seats_kept(problem, rows, held.values()), _pins_left(problem, changes, later)
    asked = _kept_off(asked, {slot.code: slot.day not in withheld for slot in rows.slots})
    problem = replace(problem, requests=asked, participants=people, pinned=pinned)
    meetings = tuple(with_interpreter(row, held[row.request], rows) for row in problem.previous)
    return Question(changed_problem(replace(problem, previous=()), meetings, changes), later[0].code)


def _kept_off(asked: Mapping[str, Request], may: Mapping[str, bool]) -> dict[str, Request]:
    """Return the requests without the slots in which nothing may be held."""
    if all(may.values()):
        return dict(asked)
    open_ = frozenset(code for code, is_open in may.items() if is_open)
    return {code: replace(one, slots=open_ if one.slots is None else open_ & one.slots) for code, one in asked.items()}


def standing(problem: Problem, now: str) -> tuple[Schedule, Changes]:
    """Return what a stored question was asked about: the schedule that stood, and that only time has passed since."""
    rows = (*problem.frozen, *problem.previous)
    return Schedule("feasible", problem.objective, 0, 0.0, 0.0, 0.0, dict.fromkeys(TERMS, 0), rows), Changes(now=now)


def still_to_come(slots: Sequence[Slot], wall: dt.datetime) -> list[Slot]:
    """Return the slots that have not begun, in the order of the days."""
    return [slot for slot in slots if dt.datetime.combine(slot.day, slot.start) > wall]


def _held(rows: Rows, told: Mapping[int, Told]) -> dict[str, Told]:
    codes = {request.id: request.code for request in rows.requests}
    return {codes[id_]: row for id_, row in told.items() if id_ in codes and row.state is not MeetingState.CANCELLED}


def with_seats_kept(
    problem: Problem, rows: Rows, held: Collection[Told], others: Collection[Told] = ()
) -> dict[str, Participant]:
    """Keep free for their meeting those whom the solver does not hear of.

    Of ``held`` it knows one for each side, and not who came beside a colleague; of ``others`` it knows nobody.
    """
    codes, people = codes_of_people(rows.people), dict(problem.participants)
    first = {
        meeting.request_id: {one.side: one.participation_id for one in reversed(meeting.attendances)}
        for meeting in held
    }
    for meeting in (*held, *others):
        slots = {slot.code for slot in rows.slots if overlap(slot, meeting)}
        for one in meeting.attendances:
            code = codes.get(one.participation_id)
            if code is not None and one.participation_id != first.get(meeting.request_id, {}).get(one.side):
                person = people[code]
                people[code] = replace(person, unavailable_slots=person.unavailable_slots | slots)
    return people


def _pins_left(problem: Problem, changes: Changes, later: Iterable[Slot]) -> tuple[Meeting, ...]:
    """Return what no run may move, without what went wrong itself: that is moved by whoever chooses the repair."""
    away, shut = {one.participant for one in changes.unavailable}, {one.location for one in changes.closed}
    to_come = {slot.code for slot in later}
    return tuple(
        pin
        for pin in problem.pinned
        if pin.slot in to_come and pin.location not in shut and not away & {*(pin.attendees or ())}
    )


def overlap(slot: Slot, meeting: Told) -> bool:
    """Tell whether a meeting goes on in some part of a slot."""
    return slot.day == meeting.day and slot.start < meeting.end and meeting.start < slot.end


def with_interpreter(row: Meeting, told: Told, rows: Rows) -> Meeting:
    """What was published keeps an interpreter's names only: the first who bears them is taken."""
    found = (one.code for one in rows.interpreters if told.interpreter_names and one.names == told.interpreter_names)
    return replace(row, interpreter=next(found, None))


def _changes(rows: Rows, happened: Happened, touched: frozenset[str], *, now: str) -> Changes:
    if happened.kind is Happening.CLOSED:
        return Changes(now=now, closed=(Closure(happened.of, touched),))
    away = tuple(Absence(code, touched) for code in sorted(_who(rows, happened)))
    return Changes(now=now, unavailable=away)


def _who(rows: Rows, happened: Happened) -> Collection[str]:
    """Return the solver's ids of those who cannot come: the person, all of a delegation, or who sits in the session."""
    codes = codes_of_people(rows.people)
    if happened.delegation is not None:
        party = {one.id for one in rows.organisations.values() if one.delegation_id == happened.delegation}
        return {codes[one.id] for one in rows.people if one.organisation_id in party}
    if happened.kind in OF_PEOPLE:
        return {codes[one.id] for one in rows.people if one.code == happened.of}
    session = next(one for one in rows.sessions if str(one.id) == happened.of)
    if session.for_everybody:
        return set(codes.values())
    seated = {seat.participation_id for seat in rows.seats if seat.session_id == session.id}
    return {code for id_, code in codes.items() if id_ in seated}
