"""The rows agendas are made of, each kind by one query for however many people: what is whose, by participation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from matchmaker.errors import NotFound
from matchmaker.extensions import db
from matchmaker.models import (
    Attendance,
    Event,
    EventSession,
    HandOver,
    Participation,
    PublishedMeeting,
    Request,
    SessionSeat,
    Slot,
    Unavailability,
    Version,
    Walk,
)

Row = TypeVar("Row")

Now, SeatNow = aliased(PublishedMeeting), aliased(Attendance)


def event(event_id: int) -> Event:
    """Return the event with its days and breaks.

    Raises
    ------
    NotFound
        If it is gone.
    """
    ways = (selectinload(Event.days), selectinload(Event.breaks))
    found = db.session.get(Event, event_id, options=ways)
    if found is None:
        raise NotFound("event", event_id)
    return found


def last_version(event_id: int) -> Version | None:
    newest = select(Version).where(Version.event_id == event_id).order_by(Version.number.desc()).limit(1)
    return db.session.scalar(newest)


def version_before(version: Version) -> Version | None:
    """Return the version that people knew until this one came."""
    earlier = select(Version).where(Version.event_id == version.event_id, Version.number < version.number)
    return db.session.scalar(earlier.order_by(Version.number.desc()).limit(1))


def meetings(version_id: int, people: Collection[int]) -> Mapping[int, Sequence[PublishedMeeting]]:
    """Return each person's meetings of a version, with all that is told of them."""
    mine = select(Attendance.meeting_id).where(Attendance.participation_id.in_(people))
    query = select(PublishedMeeting).where(PublishedMeeting.id.in_(mine)).options(*_whole())
    rows = db.session.scalars(query.where(PublishedMeeting.version_id == version_id))
    return _by_person((seat.participation_id, row) for row in rows for seat in row.attendances)


def meeting(version_id: int, code: str) -> PublishedMeeting | None:
    """Return the meeting of a version that has this code, with all that is told of it."""
    query = select(PublishedMeeting).join(Request, Request.id == PublishedMeeting.request_id).options(*_whole())
    return db.session.scalar(query.where(PublishedMeeting.version_id == version_id, Request.code == code))


def given_meetings(version: Version, people: Collection[int]) -> Mapping[int, Sequence[PublishedMeeting]]:
    """Return the meetings that each person handed to a colleague, up to this version, oldest first."""
    query = (
        select(HandOver.gave_id, PublishedMeeting)
        .join(PublishedMeeting, PublishedMeeting.id == HandOver.meeting_id)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(HandOver.gave_id.in_(people), Version.number <= version.number)
        .order_by(Version.number)
        .options(*_whole())
    )
    return _by_person((giver, row) for giver, row in db.session.execute(query) if giver is not None)


def lost_meetings(version: Version, people: Collection[int]) -> Mapping[int, Sequence[tuple[PublishedMeeting, int]]]:
    """Return what each person had in versions before and has not in this one, with their numbers, oldest first."""
    if version.number == 1:
        return {}
    kept = exists().where(
        Now.version_id == version.id,
        Now.request_id == PublishedMeeting.request_id,
        SeatNow.meeting_id == Now.id,
        SeatNow.participation_id == Attendance.participation_id,
    )
    query = (
        select(Attendance.participation_id, PublishedMeeting, Version.number)
        .select_from(Attendance)  # left to find it, SQLAlchemy may fail for good where first requests come together
        .join(PublishedMeeting, PublishedMeeting.id == Attendance.meeting_id)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(Version.event_id == version.event_id, Version.number < version.number)
        .where(Attendance.participation_id.in_(people), ~kept)
        .order_by(Version.number)
        .options(*_whole())
    )
    return _by_person((person, (row, number)) for person, row, number in db.session.execute(query))


def sequences(version: Version, request_ids: Collection[int]) -> dict[int, int]:
    """Return the highest calendar sequence that each of these requests had by this version, whoever attended."""
    if not request_ids:
        return {}
    query = (
        select(PublishedMeeting.request_id, func.max(PublishedMeeting.sequence))
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(Version.event_id == version.event_id, Version.number <= version.number)
        .where(PublishedMeeting.request_id.in_(request_ids))
        .group_by(PublishedMeeting.request_id)
    )
    return {id_: sequence for id_, sequence in db.session.execute(query)}  # noqa: C416 -- rows are no pairs to mypy


def sessions(event_id: int, people: Collection[int]) -> Mapping[int, Sequence[tuple[EventSession, bool]]]:
    """Return the sessions of everybody and those in which each person has a seat, and whether they speak there."""
    seat = (SessionSeat.session_id == EventSession.id) & SessionSeat.participation_id.in_(people)
    query = (
        select(EventSession, SessionSeat.participation_id, SessionSeat.speaks)
        .outerjoin(SessionSeat, seat)
        .where(EventSession.event_id == event_id)
        .where(EventSession.for_everybody.is_(True) | SessionSeat.id.is_not(None))
    )
    speaks: dict[EventSession, dict[int, bool]] = defaultdict(dict)
    for session, person, is_speaker in db.session.execute(query):
        speaks[session] |= {} if person is None else {person: is_speaker}
    return _by_person(
        (person, (session, seats.get(person, False)))
        for session, seats in speaks.items()
        for person in (people if session.for_everybody else seats)
    )


def unavailable_slots(people: Collection[int]) -> Mapping[int, Sequence[Slot]]:
    query = select(Unavailability.participation_id, Slot).join(Slot, Slot.id == Unavailability.slot_id)
    marked = db.session.execute(query.where(Unavailability.participation_id.in_(people)))
    return _by_person((person, slot) for person, slot in marked)


def walks(event_id: int) -> dict[frozenset[int | None], int]:
    """Return the minutes between each two zones of the event."""
    rows = db.session.scalars(select(Walk).where(Walk.event_id == event_id))
    return {frozenset({row.zone_a_id, row.zone_b_id}): row.minutes for row in rows}


def _by_person(pairs: Iterable[tuple[int, Row]]) -> Mapping[int, Sequence[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for person, row in pairs:
        found[person].append(row)
    return found


@cache
def _whole() -> tuple[ORMOption, ...]:
    request = joinedload(PublishedMeeting.request)
    people = selectinload(PublishedMeeting.attendances).joinedload(Attendance.participation)
    return (
        request.joinedload(Request.first),
        request.joinedload(Request.second),
        joinedload(PublishedMeeting.location),
        people.joinedload(Participation.account),
    )
