"""The rows an agenda is made of, each kind by one query whatever its number."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload
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


def meetings(version_id: int, participation_id: int) -> Sequence[PublishedMeeting]:
    """Return the person's meetings of a version, with all that is told of them."""
    return db.session.scalars(_attended(participation_id).where(PublishedMeeting.version_id == version_id)).all()


def meeting(version_id: int, code: str) -> PublishedMeeting | None:
    """Return the meeting of a version that has this code, with all that is told of it."""
    query = select(PublishedMeeting).join(Request, Request.id == PublishedMeeting.request_id).options(*_whole())
    return db.session.scalar(query.where(PublishedMeeting.version_id == version_id, Request.code == code))


def given_meetings(version: Version, participation_id: int) -> Sequence[PublishedMeeting]:
    """Return the meetings that the person handed to a colleague, up to this version, oldest first."""
    given = select(HandOver.meeting_id).where(HandOver.gave_id == participation_id)
    query = select(PublishedMeeting).join(Version, Version.id == PublishedMeeting.version_id).options(*_whole())
    query = query.where(PublishedMeeting.id.in_(given), Version.number <= version.number)
    return db.session.scalars(query.order_by(Version.number)).all()


def earlier_meetings(version: Version, participation_id: int) -> list[tuple[PublishedMeeting, int]]:
    """Return the person's meetings of all versions before, with the number of each, oldest first."""
    query = (
        _attended(participation_id)
        .add_columns(Version.number)
        .join(Version, Version.id == PublishedMeeting.version_id)
        .where(Version.event_id == version.event_id, Version.number < version.number)
        .order_by(Version.number)
    )
    return [(row, number) for row, number in db.session.execute(query)]


def sequences(version_id: int, request_ids: Sequence[int]) -> dict[int, int]:
    """Return the calendar sequence that a version gives to each of these requests it knows."""
    query = select(PublishedMeeting.request_id, PublishedMeeting.sequence).where(
        PublishedMeeting.version_id == version_id, PublishedMeeting.request_id.in_(request_ids)
    )
    return {id_: sequence for id_, sequence in db.session.execute(query)}  # noqa: C416 -- rows are no pairs to mypy


def sessions(event_id: int, participation_id: int) -> list[tuple[EventSession, bool]]:
    """Return the sessions of everybody and those in which the person has a seat, and whether they speak there."""
    seat = (SessionSeat.session_id == EventSession.id) & (SessionSeat.participation_id == participation_id)
    query = (
        select(EventSession, SessionSeat.speaks)
        .outerjoin(SessionSeat, seat)
        .where(EventSession.event_id == event_id)
        .where(EventSession.for_everybody.is_(True) | SessionSeat.id.is_not(None))
    )
    return [(session, bool(speaks)) for session, speaks in db.session.execute(query)]


def unavailable_slots(participation_id: int) -> Sequence[Slot]:
    query = select(Slot).join(Unavailability, Unavailability.slot_id == Slot.id)
    return db.session.scalars(query.where(Unavailability.participation_id == participation_id)).all()


def walks(event_id: int) -> dict[frozenset[int | None], int]:
    """Return the minutes between each two zones of the event."""
    rows = db.session.scalars(select(Walk).where(Walk.event_id == event_id))
    return {frozenset({row.zone_a_id, row.zone_b_id}): row.minutes for row in rows}


def _attended(participation_id: int) -> Select[PublishedMeeting]:
    mine = select(Attendance.meeting_id).where(Attendance.participation_id == participation_id)
    return select(PublishedMeeting).where(PublishedMeeting.id.in_(mine)).options(*_whole())


def _whole() -> tuple[ORMOption, ...]:
    request = joinedload(PublishedMeeting.request)
    people = selectinload(PublishedMeeting.attendances).joinedload(Attendance.participation)
    return (
        request.joinedload(Request.first),
        request.joinedload(Request.second),
        joinedload(PublishedMeeting.location),
        people.joinedload(Participation.account),
    )
