"""A draft beside what was told last: what publishing it would change, and who would be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from matchmaker.domain import days_out as day_by_day
from matchmaker.domain import zones
from matchmaker.domain.days_out import Plan
from matchmaker.domain.disclosure import Reason
from matchmaker.domain.feedback import HAPPENED
from matchmaker.domain.states import (
    MEETING,
    MeetingState,
    RequestState,
    VersionKind,
    WishLevel,
    moved,
)
from matchmaker.domain.versions import Difference, Placed, difference
from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Draft,
    DraftMeeting,
    DraftUnscheduled,
    Event,
    Interpreter,
    Location,
    Participation,
    PersonBooking,
    PublishedMeeting,
    PublishedUnscheduled,
    Run,
    Slot,
    Version,
    Wish,
)
from matchmaker.queries import days_out, since
from matchmaker.queries.since import Seats

LIVE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})


class ByDay(NamedTuple):
    """On which day each request is drafted, and on which it was told and stands; what is over is in neither."""

    drafted: Mapping[int, date]
    told: Mapping[int, date]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a draft would become: its meetings that still may be held, and why the others are not."""

    draft: Draft
    meetings: Mapping[int, DraftMeeting]
    """By request. What stays as it was told is not here: meetings that took place, those that were made on the day
    since the draft was, and to a repair all that had begun."""
    ends: Mapping[int, time]
    seats: Mapping[int, Seats]
    """Who attends: as drafted, or as colleagues have handed a meeting on since."""
    left_out: Mapping[int, Reason]
    told: Mapping[int, PublishedMeeting]
    """What was told last of each request, cancellations included."""
    difference: Difference
    plan: Plan
    by_day: ByDay
    torn: frozenset[int]
    """Told on a day that is published again, and drafted on one that is not: this cannot go out."""
    repair: Mapping[str, Any] | None = None
    """What went wrong, where the draft is a repair of what was told."""


class Seat(NamedTuple):
    """Somebody on one side of a meeting."""

    participation_id: int
    side: int


class Told(NamedTuple):
    """Where a meeting stood when it was told last."""

    request_id: int
    day: date
    start: time
    state: MeetingState
    location_id: int
    table_number: int
    attendances: Sequence[Seat]


def latest_number(event_id: int) -> int | None:
    """Return the number of the version that is out, None before the first."""
    return db.session.scalar(select(func.max(Version.number)).where(Version.event_id == event_id))


def draft(event_id: int, number: int) -> Draft:
    """Return a draft by its number.

    Raises
    ------
    NotFound
        If the event has none.
    """
    found = db.session.scalar(select(Draft).where(Draft.event_id == event_id, Draft.number == number))
    if found is None:
        raise NotFound("draft", number)
    return found


def candidate(event_id: int, draft_number: int, kind: VersionKind, days: Collection[date] | None = None) -> Candidate:
    """Return what publishing these days of a draft would do, None all, those that are out where it is a repair.

    It reads only, in a number of queries that does not grow.
    """
    chosen = draft(event_id, draft_number)
    told = told_last(event_id)
    repair = happened(chosen)
    plan = days_out.plan(event_id, days, repair=repair is not None)
    over = {id_ for id_, row in told.items() if row.state in HAPPENED or (repair and begun(row, repair))}
    drafted = [row for row in _meetings(chosen) if row.request_id not in over]
    by_day = ByDay(
        {row.request_id: row.slot.day for row in drafted},
        {id_: row.day for id_, row in told.items() if row.state is not MeetingState.CANCELLED and id_ not in over},
    )
    parted = day_by_day.parted(*by_day, plan.chosen)
    drafted = [row for row in drafted if row.request_id in parted.taken]
    over |= parted.staying
    every_end = _ends(event_id, drafted)
    over |= since.made(chosen, drafted, every_end, told)
    seats = since.seats(chosen, drafted, every_end, told, repair=repair is not None)
    left_out = _left_out(event_id, drafted, seats, since.cancelled(chosen, told))
    meetings = {row.request_id: row for row in drafted if row.request_id not in left_out}
    ends = {id_: every_end[id_] for id_ in meetings}
    old = {id_: _as_told(row) for id_, row in told.items()}
    zone = db.session.get_one(Event, event_id).zone
    new = [_as_drafted(row, ends[id_], seats[id_], kind, told.get(id_)) for id_, row in meetings.items()]
    reckoned = [replace(row, begins=zones.instant(datetime.combine(row.day, row.start), zone)) for row in new]
    found = difference(old.values(), [*reckoned, *(old[id_] for id_ in over)])
    return Candidate(chosen, meetings, ends, seats, left_out, told, found, plan, by_day, parted.torn - over, repair)


def told_last(event_id: int) -> dict[int, PublishedMeeting]:
    """Return what was told last of each request that was ever published, by request id."""
    newest, people = _newest(event_id), _people(event_id)
    seats: dict[int, list[Attendance]] = defaultdict(list)
    seated = select(Attendance).where(Attendance.meeting_id.in_(newest))
    for seat in db.session.scalars(seated.order_by(Attendance.side, Attendance.id)):
        set_committed_value(seat, "participation", people[seat.participation_id])
        seats[seat.meeting_id].append(seat)
    rows = db.session.scalars(select(PublishedMeeting).where(PublishedMeeting.id.in_(newest))).all()
    for row in rows:
        set_committed_value(row, "attendances", seats[row.id])
    return {row.request_id: row for row in rows}


def told_places(event_id: int) -> list[Told]:
    """Return where each of these stood, for whom the rest of the rows would take too long to read."""
    newest = _newest(event_id)
    seats: dict[int, list[Seat]] = defaultdict(list)
    columns = Attendance.meeting_id, Attendance.participation_id, Attendance.side
    seated = select(*columns).where(Attendance.meeting_id.in_(newest)).order_by(Attendance.side, Attendance.id)
    for meeting_id, participation_id, side in db.session.execute(seated):
        seats[meeting_id].append(Seat(participation_id, side))
    stood = select(PublishedMeeting.id, *(getattr(PublishedMeeting, name) for name in Told._fields[:-1]))
    rows = db.session.execute(stood.where(PublishedMeeting.id.in_(newest)).order_by(PublishedMeeting.id))
    return [Told(*(*row[1:], seats[row.id])) for row in rows]


def places_of(rows: Collection[PublishedMeeting]) -> list[Told]:
    """Return the same of rows that were read whole."""
    seats = {row.id: [Seat(one.participation_id, one.side) for one in row.attendances] for row in rows}
    return [Told(*(*(getattr(row, name) for name in Told._fields[:-1]), seats[row.id])) for row in rows]


def _newest(event_id: int) -> Select[Any]:
    """Choose the row of each request that was told last."""
    newest = (
        select(PublishedMeeting.request_id, func.max(Version.number).label("number"))
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(PublishedMeeting.event_id == event_id)
        .group_by(PublishedMeeting.request_id)
        .subquery()
    )
    return (
        select(PublishedMeeting.id)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .join(newest, and_(newest.c.request_id == PublishedMeeting.request_id, newest.c.number == Version.number))
        .where(PublishedMeeting.event_id == event_id)
    )


def happened(chosen: Draft) -> dict[str, Any] | None:
    """Return what went wrong, if the draft is a repair."""
    return db.session.scalar(select(Run.happened).where(Run.id == chosen.run_id))


def begun(row: PublishedMeeting, repair: Mapping[str, Any]) -> bool:
    """Tell whether a meeting stood and had begun when a repair was asked for."""
    asked = datetime.fromisoformat(repair["asked"])
    return row.state is not MeetingState.CANCELLED and datetime.combine(row.day, row.start) <= asked


def mark(told: Iterable[PublishedMeeting]) -> str:
    """Return a mark of what stands: another one as soon as anything is moved, handed over, added or cancelled."""
    rows = sorted((row.request_id, row.sequence) for row in told if row.state is not MeetingState.CANCELLED)
    return sha256(repr(rows).encode()).hexdigest()


def reasons(event_id: int) -> dict[int, str]:
    """Return request -> reason of all that the last version does not hold."""
    last = select(func.max(Version.number)).where(Version.event_id == event_id).scalar_subquery()
    rows = (
        select(PublishedUnscheduled)
        .join(Version, Version.id == PublishedUnscheduled.version_id)
        .where(Version.event_id == event_id, Version.number == last)
    )
    return {row.request_id: row.reason for row in db.session.scalars(rows)}


def unscheduled(found: Candidate) -> dict[int, str]:
    """Return request -> reason of all that the version will not hold; asked before there is one."""
    rows = db.session.scalars(select(DraftUnscheduled).where(DraftUnscheduled.draft_id == found.draft.id))
    held = found.meetings.keys() | {row.request_id for row in found.difference.kept}
    new = {row.request_id: row.reason for row in rows if row.request_id not in held}
    new |= {id_: str(reason) for id_, reason in found.left_out.items()}
    if found.plan.chosen is not None:  # of what is drafted for other days, what was told before is still all there is
        untold = found.by_day.drafted.keys() - held
        before = reasons(found.draft.event_id)
        new = {id_: reason for id_, reason in before.items() if id_ in untold} | new
    return new


def _meetings(chosen: Draft) -> Sequence[DraftMeeting]:
    """Return the meetings of a draft with all that belongs to them: each slot, place and person is read once."""
    people, event_id = _people(chosen.event_id), chosen.event_id
    slots, locations, interpreters = (
        {row.id: row for row in db.session.scalars(select(kind).where(kind.event_id == event_id))}
        for kind in (Slot, Location, Interpreter)
    )
    seats: dict[int, list[PersonBooking]] = defaultdict(list)
    booked = select(PersonBooking).where(PersonBooking.draft_id == chosen.id)
    for seat in db.session.scalars(booked.order_by(PersonBooking.side, PersonBooking.id)):
        set_committed_value(seat, "participation", people[seat.participation_id])
        seats[seat.meeting_id].append(seat)
    held = select(DraftMeeting).where(DraftMeeting.draft_id == chosen.id).order_by(DraftMeeting.id)
    rows = db.session.scalars(held.options(joinedload(DraftMeeting.request))).all()
    for row in rows:
        set_committed_value(row, "people", seats[row.id])
        set_committed_value(row, "slot", slots[row.slot_id])
        set_committed_value(row, "location", locations[row.location_id])
        set_committed_value(row, "interpreter", interpreters.get(row.interpreter_id or 0))
    return rows


def _left_out(
    event_id: int, meetings: Iterable[DraftMeeting], seats: Mapping[int, Seats], cancelled: Collection[int]
) -> dict[int, Reason]:
    """Return why a meeting of the draft may not be held any more: somebody left, or wants it no more."""
    vetoed = _vetoed(event_id)
    found: dict[int, Reason] = {}
    for meeting in meetings:
        pair = meeting.request.first_id, meeting.request.second_id
        if any(seat.participation.withdrawn for seat in seats[meeting.request_id]):
            found[meeting.request_id] = Reason.NO_REPRESENTATIVE
        elif meeting.request.state not in LIVE or meeting.request_id in cancelled or {pair, pair[::-1]} & vetoed:
            found[meeting.request_id] = Reason.NOT_OFFERED
    return found


def _vetoed(event_id: int) -> set[tuple[int, int]]:
    where = (Wish.event_id == event_id, Wish.level == WishLevel.VETO)
    return {(a, b) for a, b in db.session.execute(select(Wish.organisation_id, Wish.wanted_id).where(*where))}


def _ends(event_id: int, meetings: Iterable[DraftMeeting]) -> dict[int, time]:
    """Return when each meeting ends: a longer one takes the slots that follow its first."""
    slots = db.session.scalars(select(Slot).where(Slot.event_id == event_id).order_by(Slot.day, Slot.start)).all()
    place = {slot.id: number for number, slot in enumerate(slots)}
    return {row.request_id: slots[place[row.slot_id] + row.length - 1].end for row in meetings}


def _as_told(row: PublishedMeeting) -> Placed:
    return Placed(
        request_id=row.request_id,
        day=row.day,
        start=row.start,
        end=row.end,
        location=_sign(row.location_id, row.location_names),
        table=row.table_number,
        attendees=frozenset(attendance.participation_id for attendance in row.attendances),
        interpreter=_interpreter(row.interpreter_names),
        sequence=row.sequence,
        state=row.state,
        begins=row.begins_at,
    )


def _as_drafted(row: DraftMeeting, end: time, seats: Seats, kind: VersionKind, told: PublishedMeeting | None) -> Placed:
    return Placed(
        request_id=row.request_id,
        day=row.slot.day,
        start=row.slot.start,
        end=end,
        location=_sign(row.location_id, row.location.names),
        table=row.table_number,
        attendees=frozenset(seat.participation.id for seat in seats),
        interpreter=_interpreter(row.interpreter.names if row.interpreter else {}),
        state=_state(kind, told),
    )


def _state(kind: VersionKind, told: PublishedMeeting | None) -> MeetingState:
    """What is confirmed stays so, even where the version is provisional."""
    state = MeetingState.CONFIRMED if kind is VersionKind.FINAL else MeetingState.PROVISIONAL
    if told is None:
        return state
    if told.state is MeetingState.CONFIRMED:
        return told.state
    return moved(MEETING, told.state, state)


def _sign(location_id: int, names: Mapping[str, str]) -> str:
    return f"{location_id} {sorted(names.items())}"


def _interpreter(names: Mapping[str, str]) -> str | None:
    return str(sorted(names.items())) if names else None


def _people(event_id: int) -> dict[int, Participation]:
    account = joinedload(Participation.account)
    rows = db.session.scalars(select(Participation).where(Participation.event_id == event_id).options(account))
    return {row.id: row for row in rows}
